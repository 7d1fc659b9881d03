import { mkdirSync, readdirSync, readlinkSync, realpathSync, rmSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { Change } from "./environment/change";
import { apply } from "./environment/change";
import { deltaOf, type Delta, type Exceptions } from "./environment/delta";
import { enter } from "./environment/enter";
import type { Environment } from "./environment/environment";
import { maskValues } from "./environment/mask";
import type { Omission } from "./environment/omission";
import { CaptureError } from "./failure/failure";
import { callNix, nixVersion, type Nix } from "./nix/nix";
import { callNixWithoutWaiting } from "./nix/substituters";
import { shellInstallable, withFlakeReference } from "./nix/flakeReference";
import type { Progress } from "./nix/progress";
import type { NixVersion } from "./nix/version";
import { withCargoBin } from "./rust/cargoBin";
import { rustupToolchain } from "./rust/rustupLink";
import { findToolchain, type Toolchain } from "./rust/toolchain";
import { withTemporaryFolder } from "./temporaryFolder";

export interface CaptureRequest {
    readonly nix: Nix;
    /** The folder of flake.nix. */
    readonly flakeFolder: string;
    /** The folder that the shellHook runs in; undefined for that of flake.nix. */
    readonly hookFolder?: string;
    /** The dev shell's name; undefined for the default one. */
    readonly shell: string | undefined;
    /** The environment that the dev shell is entered from. */
    readonly base: Environment;
    /** The folder that is this shell's own: the garbage-collector root and the links live there. */
    readonly storage: string;
    /** An existing folder for temporary files; its path should be short (sockets live in it). */
    readonly temporary: string;
    readonly exceptions: Exceptions;
    /** The root of an earlier capture: when it turns out to be the same, that capture still holds. */
    readonly knownRoot: string | undefined;
    /** How long the shellHook may take, in milliseconds. */
    readonly hookTimeout: number;
    readonly signal: AbortSignal | undefined;
    readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** A dev shell as it was entered: plain data. */
export interface Capture {
    readonly delta: Delta;
    readonly toolchain: Toolchain | undefined;
    /** The store path that keeps everything in the environment alive. */
    readonly root: string;
    readonly nixVersion: NixVersion;
    readonly milliseconds: Readonly<Record<"evaluate" | "enter" | "toolchain" | "total", number>>;
}

/**
 * Evaluates, builds, roots and enters a dev shell. Writes neither flake.lock nor git's index.
 *
 * One nix call evaluates and builds, and leaves the shell in a profile (a garbage-collector root)
 * and its script on standard output; the script is then run by the bash that it names. So nix's
 * failures and the shellHook's are told apart, and `nix develop`'s search for bashInteractive,
 * which waits for the network, never happens.
 *
 * @returns undefined when the shell is still the one with {@link CaptureRequest.knownRoot}.
 * @throws {CaptureError} what failed; the storage then still roots the last good environment.
 */
export async function capture(request: CaptureRequest): Promise<Capture | undefined> {
    const { nix, flakeFolder, storage, signal, onProgress } = request;
    const start = performance.now();
    mkdirSync(storage, { recursive: true, mode: 0o700 });
    const profile = join(storage, "env");
    onProgress?.({ kind: "evaluating" });
    const [version, printed] = await bothOrNone(
        signal,
        (both) => nixVersion(nix, both),
        (both) => {
            const asked = { ...request, signal: both };
            return withFlakeReference(asked, (reference) =>
                evaluate(asked, profile, shellInstallable(reference, request.shell)),
            );
        },
    );
    const root = realpathSync(profile);
    if (root === request.knownRoot) return undefined;
    const script = await safeScript(nix, printed, { flakeFolder, profile, signal });
    const evaluated = performance.now();

    onProgress?.({ kind: "entering" });
    return withTemporaryFolder(request.temporary, async (temporary) => {
        const marker = join(temporary, "path");
        const path = request.base.get("PATH");
        const base = new Map([
            ...request.base,
            ["PATH", path === undefined ? marker : `${marker}${delimiter}${path}`],
            ["TMPDIR", temporary],
        ]);
        const { dump, output } = await enter({
            script,
            cwd: request.hookFolder ?? flakeFolder,
            env: base,
            temporary,
            timeout: request.hookTimeout,
            signal,
            run: nix.run,
        });
        const entered = performance.now();
        const { exceptions } = request;
        const delta = deltaOf({ base, shell: dump, marker, temporary, exceptions });
        for (const line of maskValues(output, dump.variables)) nix.log.info(`shellHook: ${line}`);

        const toolchain = await findToolchain({
            env: apply(delta.changes, request.base),
            folders: addedFolders(delta.changes),
            cwd: flakeFolder,
            run: nix.run,
            signal,
        });
        const end = performance.now();
        return {
            delta: toolchain === undefined ? delta : answerRustup(delta, toolchain, request),
            toolchain,
            root,
            nixVersion: version,
            milliseconds: {
                evaluate: evaluated - start,
                enter: entered - evaluated,
                toolchain: end - entered,
                total: end - start,
            },
        };
    });
}

/** Does two things at once. Where one fails, the other is stopped, and is over when this rejects. */
async function bothOrNone<A, B>(
    signal: AbortSignal | undefined,
    first: (signal: AbortSignal) => Promise<A>,
    second: (signal: AbortSignal) => Promise<B>,
): Promise<[A, B]> {
    const failed = new AbortController();
    const both = AbortSignal.any([failed.signal, ...(signal === undefined ? [] : [signal])]);
    const work = [first(both), second(both)] as const;
    try {
        return await Promise.all(work);
    } catch (error) {
        failed.abort();
        await Promise.allSettled(work);
        throw error;
    }
}

async function evaluate(
    { nix, flakeFolder: cwd, signal, onProgress }: CaptureRequest,
    profile: string,
    installable: string,
): Promise<string> {
    const options = ["--no-write-lock-file", "--profile", profile, ...nix.extraArguments];
    const args = ["print-dev-env", ...options, installable];
    try {
        return await callNixWithoutWaiting(nix, { args, cwd, signal, onProgress });
    } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        const { traced } = await import("./problem/traceFailure");
        throw await traced(error, nix, { args, cwd, signal });
    }
}

/** Drops the roots of earlier environments. Call it once the new one is in use. */
export function dropOldGenerations(storage: string): void {
    const current = readlinkSync(join(storage, "env"));
    for (const name of readdirSync(storage)) {
        if (/^env-\d+-link$/.test(name) && name !== current) rmSync(join(storage, name));
    }
}

/**
 * nix pastes the working directory into the script without quoting it, which an apostrophe in the
 * folder's name breaks (or abuses). Then the script is made again, of the profile, from elsewhere.
 */
async function safeScript(
    nix: Nix,
    printed: string,
    at: { flakeFolder: string; profile: string; signal: AbortSignal | undefined },
): Promise<string> {
    if (!at.flakeFolder.includes("'")) return printed;
    const args = ["print-dev-env", at.profile];
    return callNix(nix, { args, cwd: "/", signal: at.signal });
}

function addedFolders(changes: readonly Change[]): string[] {
    return changes.flatMap((change) =>
        change.name === "PATH" && change.op !== "unset" ? change.value.split(delimiter) : [],
    );
}

/** Replaces what the shell says about rustup by what makes it and cargo run the shell's own tools. */
function answerRustup(delta: Delta, toolchain: Toolchain, request: CaptureRequest): Delta {
    const name = "RUSTUP_TOOLCHAIN";
    const value = rustupToolchain(toolchain, request.storage);
    const theirs = delta.changes.find((change) => change.name === name);
    const overruled = theirs?.op === "set" && theirs.value !== value;
    if (overruled) {
        request.nix.log.warn(
            `The dev shell sets ${name}, which would make rustup run a toolchain of its own; ` +
                "it is replaced by the dev shell's toolchain.",
        );
    }
    const omitted: Omission[] = overruled ? [{ name, reason: "rustup" }] : [];
    const changes = [
        ...delta.changes.filter((change) => change.name !== name),
        { op: "set", name, value },
    ].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)) as Change[];
    return {
        changes: withCargoBin(changes, request.base),
        omitted: [...delta.omitted, ...omitted],
    };
}
