import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { capture, type Capture, type CaptureRequest } from "../../src/core/capture";
import { baseEnvironment, nixEnvironment } from "../../src/core/environment/baseEnvironment";
import { apply, type Change } from "../../src/core/environment/change";
import { environmentOf, recordOf, type Environment } from "../../src/core/environment/environment";
import { CaptureError, type Failure } from "../../src/core/failure/failure";
import { SILENT } from "../../src/core/log";
import type { Nix } from "../../src/core/nix/nix";
import { run } from "../../src/core/process";

const execute = promisify(execFile);

/** What `test/bed/flake.mjs` makes a flake of; it has the explanations. */
export interface Flake extends Shell {
    readonly shells?: Readonly<Record<string, Shell>>;
    readonly inputs?: Readonly<Record<string, string>>;
    readonly extra?: string;
    readonly system?: string;
    readonly text?: string;
}

export interface Shell {
    readonly hook?: string;
    readonly attributes?: Readonly<Record<string, string>>;
    readonly expression?: string;
}

interface Bed {
    newestNix(): Promise<{ version: string; bin: string }>;
    writeFlake(folder: string, flake?: Flake): Promise<string>;
    nixSystem(): string;
    instantiate(name: string, folder: string, options?: { git?: boolean }): Promise<string>;
    commit(folder: string, message?: string): Promise<void>;
    git(folder: string, ...args: string[]): Promise<string>;
    rustToolchain(): Promise<{ version: string; dir: string }>;
    onPath(name: string): Promise<string | undefined>;
}

/**
 * The test bed's modules. They find their fixtures from where they lie, so they can't be bundled
 * into the tests, which run in the checkout's folder.
 */
async function load(): Promise<Bed> {
    const names = ["nix", "flake", "project", "rust", "command"];
    const modules = await Promise.all(
        names.map(async (name): Promise<Partial<Bed>> => {
            const file = resolve("test/bed", `${name}.mjs`);
            return (await import(pathToFileURL(file).href)) as Partial<Bed>;
        }),
    );
    return Object.assign({}, ...modules) as Bed;
}

let loaded: Promise<Bed> | undefined;

export function bed(): Promise<Bed> {
    loaded ??= load();
    return loaded;
}

/** The folder of the nix that is tested; NIX_RUST_NIX names it. */
export async function nixFolder(): Promise<string> {
    return process.env["NIX_RUST_NIX"] ?? (await (await bed()).newestNix()).bin;
}

/** The environment that dev shells are entered from. */
export const editorEnvironment = environmentOf(process.env);
export const base: Environment = baseEnvironment(editorEnvironment);

export async function testedNix(overrides: Partial<Nix> = {}): Promise<Nix> {
    return {
        executable: join(await nixFolder(), "nix"),
        env: nixEnvironment(base),
        extraArguments: [],
        output: "quiet",
        run,
        log: SILENT,
        ...overrides,
    };
}

/** Whether the tested nix is older than `major.minor`. */
export async function isOlderThan(major: number, minor: number): Promise<boolean> {
    const { stdout } = await execute(join(await nixFolder(), "nix"), ["--version"]);
    const [, ours = "0", theirs = "0"] = /(\d+)\.(\d+)/.exec(stdout) ?? [];
    return Number(ours) < major || (Number(ours) === major && Number(theirs) < minor);
}

/** A folder for the tests of one suite, removed after them. */
export function suiteFolder(): (name: string) => string {
    let folder = "";
    before(() => {
        folder = realpathSync(mkdtempSync(join(tmpdir(), "nix-test-")));
    });
    after(() => rmSync(folder, { recursive: true, force: true }));
    return (name) => join(folder, name);
}

/** A flake in a git repository that holds all of it. */
export async function repository(folder: string, flake: Flake = {}): Promise<string> {
    const { writeFlake, commit } = await bed();
    await writeFlake(folder, flake);
    await commit(folder);
    return folder;
}

/** What is kept and made for a flake's dev shell beside it, where tests can look at it. */
export function storageOf(folder: string): string {
    return `${folder}.storage`;
}

export function temporaryOf(folder: string): string {
    return `${folder}.temporary`;
}

/** A request that differs from what an editor would ask only in `overrides`. */
export async function requestFor(
    flakeFolder: string,
    overrides: Partial<CaptureRequest> = {},
): Promise<CaptureRequest> {
    const temporary = temporaryOf(flakeFolder);
    mkdirSync(temporary, { recursive: true });
    return {
        nix: await testedNix(),
        flakeFolder,
        shell: undefined,
        base,
        storage: storageOf(flakeFolder),
        temporary,
        exceptions: { keepOut: [], letIn: [] },
        knownRoot: undefined,
        hookTimeout: 60_000,
        signal: undefined,
        ...overrides,
    };
}

/** Captures, and complains where nothing was left to be captured. */
export async function captureOf(
    flakeFolder: string,
    overrides: Partial<CaptureRequest> = {},
): Promise<Capture> {
    const captured = await capture(await requestFor(flakeFolder, overrides));
    if (captured === undefined) throw new Error("nothing was captured");
    return captured;
}

/** How a capture fails; complains where it doesn't. */
export async function failureIn(
    flakeFolder: string,
    overrides: Partial<CaptureRequest> = {},
): Promise<Failure> {
    return failureOf(capture(await requestFor(flakeFolder, overrides)));
}

export async function failureOf(outcome: Promise<unknown>): Promise<Failure> {
    try {
        await outcome;
    } catch (error) {
        if (error instanceof CaptureError) return error.failure;
        throw error;
    }
    throw new Error("it did not fail");
}

/** The environment of a program that is started in the dev shell from an editor. */
export function inside(captured: { delta: Capture["delta"] }, from = base): Environment {
    return apply(captured.delta.changes, from);
}

/** What is done to one variable. */
export function changeOf(captured: { delta: Capture["delta"] }, name: string): Change | undefined {
    return captured.delta.changes.find((change) => change.name === name);
}

/** What a program prints in an environment. It is looked up there, too. */
export async function output(
    env: Environment,
    cwd: string,
    command: string,
    ...args: string[]
): Promise<string> {
    const { stdout } = await execute("/usr/bin/env", [command, ...args], {
        cwd,
        env: recordOf(env),
    });
    return stdout.trim();
}

/** Runs nix as a user would, for what the core doesn't do. */
export async function callTestedNix(
    program: "nix" | "nix-store",
    args: readonly string[],
    options: { cwd?: string; env?: Record<string, string> } = {},
): Promise<string> {
    const features =
        program === "nix" ? ["--extra-experimental-features", "nix-command flakes"] : [];
    const { stdout } = await execute(join(await nixFolder(), program), [...features, ...args], {
        ...options,
        env: { ...recordOf(base), ...options.env },
    });
    return stdout;
}

/** Waits until something outside the tests has happened. */
export async function until(happened: () => boolean | Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 60_000;
    while (!(await happened())) {
        if (Date.now() > deadline) throw new Error(`it did not happen: ${String(happened)}`);
        await pause(20);
    }
}

/** The processes that have `mark` in their arguments or environment, but for this one. */
export async function processesWith(mark: string): Promise<string[]> {
    if (process.platform === "linux") {
        return readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
            .filter((pid) => isMarked(pid, mark));
    }
    const { stdout } = await execute("ps", ["-AEww", "-o", "pid=,command="]);
    return stdout
        .split("\n")
        .filter((line) => line.includes(mark))
        .map((line) => line.trim().split(" ")[0] ?? "")
        .filter((pid) => Number(pid) !== process.pid);
}

function isMarked(pid: string, mark: string): boolean {
    try {
        return ["cmdline", "environ"].some((file) =>
            readFileSync(`/proc/${pid}/${file}`, "utf8").includes(mark),
        );
    } catch {
        return false; // It ended in between.
    }
}
