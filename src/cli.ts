import { homedir, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import { capture } from "./core/capture";
import { baseEnvironment, nixEnvironment } from "./core/environment/baseEnvironment";
import { environmentOf } from "./core/environment/environment";
import { reasonText } from "./core/environment/omission";
import { explain } from "./core/failure/explain";
import { CaptureError, failureOf } from "./core/failure/failure";
import { sentenceFor } from "./core/failure/sentence";
import { SILENT } from "./core/log";
import { listDevShells } from "./core/nix/devShells";
import { findDrift } from "./core/lock/drift";
import { findGit, findNix, pathFolders } from "./core/nix/executable";
import type { Nix } from "./core/nix/nix";
import { run } from "./core/process";
import { describeProject } from "./core/project/describe";
import { detectProject, flakeFolder } from "./core/project/project";
import { shellStorage } from "./core/snapshot";

/**
 * The core without an editor: prints JSON on standard output, errors on standard error with exit
 * status 1. Verbs and shapes are decision 17 of the design.
 */

const USAGE = `usage: npm run -s core -- VERB …
  project DIR                  what the folder is
  capture DIR [--shell NAME]   what its dev shell changes in the environment
  drift DIR                    how its flake.lock stands to the repository
  needs DIR                    what its crates need of the system
  flake DIR [--template NAME] [--with a,b]
                               the text of a flake.nix for it
  explain --exit N < STDERR    what an error of nix, git, cargo or rustup means`;

const environment = baseEnvironment(environmentOf(process.env));
const home = environment.get("HOME") ?? homedir();
const storage = join(environment.get("XDG_CACHE_HOME") ?? join(home, ".cache"), "nix-rust");

const VERBS: Readonly<Record<string, (args: string[]) => Promise<unknown>>> = {
    async project(args) {
        const { positionals } = parseArgs({ args, allowPositionals: true });
        const project = detectProject(folderOf(positionals));
        return describeProject(project, async (folder) => {
            try {
                return await listDevShells(nix(), folder, undefined);
            } catch (error) {
                if (error instanceof CaptureError) return null;
                throw error;
            }
        });
    },

    async capture(args) {
        const options = { shell: { type: "string" } } as const;
        const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
        const folder = folderOf(positionals);
        const flake = flakeFolder(detectProject(folder));
        if (flake === undefined) throw new CaptureError(failureOf("no-flake", folder));
        const captured = await capture({
            nix: nix(),
            flakeFolder: flake,
            shell: values.shell,
            base: environment,
            storage: shellStorage(storage, { flakeFolder: flake, shell: values.shell, nix: "" }),
            temporary: tmpdir(),
            exceptions: { keepOut: [], letIn: [] },
            knownRoot: undefined,
            hookTimeout: 60_000,
            signal: undefined,
        });
        return {
            changes: captured?.delta.changes,
            omitted: captured?.delta.omitted.map(({ name, reason }) => ({
                name,
                reason: reasonText(reason),
            })),
            milliseconds: captured?.milliseconds,
        };
    },

    async drift(args) {
        const { positionals } = parseArgs({ args, allowPositionals: true });
        const folder = folderOf(positionals);
        const executable = findGit(pathFolders(environment, []));
        const drift = await findDrift(detectProject(folder), { executable, env: environment, run });
        if (drift === undefined) throw new CaptureError(failureOf("no-flake", folder));
        return {
            state: drift.state,
            also: [...drift.also, ...drift.notes.map(({ kind }) => kind)],
            inputs: drift.inputs.map(({ name, revision, lastModified, follows }) => ({
                name,
                revision: revision ?? null,
                lastModified: lastModified ?? null,
                follows: follows?.join("/") ?? null,
            })),
        };
    },

    async needs(args) {
        const { positionals } = parseArgs({ args, allowPositionals: true });
        const { readNativeNeeds } = await import("./core/rust/native/read");
        const { describeNeeds } = await import("./core/rust/native/describe");
        const folder = folderOf(positionals);
        const needs = await readNativeNeeds(detectProject(folder));
        if (needs === undefined) throw new Error(`${folder} has no Cargo.toml that can be read.`);
        return describeNeeds(needs);
    },

    async flake(args) {
        const options = { template: { type: "string" }, with: { type: "string" } } as const;
        const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
        const folder = folderOf(positionals);
        const { proposedFlake } = await import("./core/flake/write/proposal");
        const { text: flake, notes } = await proposedFlake({
            project: detectProject(folder),
            folder,
            now: new Date(),
            template: values.template,
            options: values.with?.split(",").filter((name) => name !== "") ?? [],
        });
        for (const note of notes) process.stderr.write(`${note}\n`);
        return flake;
    },

    async explain(args) {
        const options = { exit: { type: "string" }, format: { type: "string" } } as const;
        const { values } = parseArgs({ args, options });
        const exitCode = Number(values.exit ?? "1");
        return explain({ exitCode, stderr: await text(process.stdin) });
    },
};

function folderOf([folder]: readonly string[]): string {
    if (folder === undefined) throw new Error(USAGE);
    return resolve(folder);
}

function nix(): Nix {
    const executable = findNix({ configured: "", env: environment, home, untrusted: [] });
    if (executable === undefined) throw new CaptureError(failureOf("nix-missing"));
    return {
        executable,
        env: nixEnvironment(environment),
        extraArguments: [],
        output: "quiet",
        run,
        log: SILENT,
    };
}

async function main(): Promise<void> {
    const [verb = "", ...args] = process.argv.slice(2);
    const action = Object.hasOwn(VERBS, verb) ? VERBS[verb] : undefined;
    if (action === undefined) throw new Error(USAGE);
    const result = await action(args);
    process.stdout.write(
        typeof result === "string" ? result : `${JSON.stringify(result, null, 2)}\n`,
    );
}

main().catch((error: unknown) => {
    const message =
        error instanceof CaptureError
            ? `${sentenceFor(error.failure).message}\n${error.failure.detail}`
            : error instanceof Error
              ? error.message
              : String(error);
    process.stderr.write(`${message.trim()}\n`);
    process.exitCode = 1;
});
