import {
    chmodSync,
    readFileSync,
    realpathSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { CaptureError, failureOf } from "../failure/failure";
import { KEPT } from "../nix/flakeReference";
import { callNix, nixVersion, type Nix } from "../nix/nix";
import type { Progress } from "../nix/progress";
import type { NixVersion } from "../nix/version";
import { isKeptFolder } from "../project/keptFlake";

/** What can be done to a flake.lock; each writes it, and nothing else does. */
export type LockChange =
    /** Adds what is missing, drops what is no longer declared; keeps the rest. */
    | { readonly kind: "lock" }
    /** Locks as if there were no lock, for one that can't be read. */
    | { readonly kind: "lock-anew" }
    | { readonly kind: "update-all" }
    /** Names of inputs, `a/b` for an input of an input. */
    | { readonly kind: "update"; readonly inputs: readonly string[] }
    /** Locks an input at what a flake reference with a revision names. */
    | { readonly kind: "pin"; readonly input: string; readonly reference: string };

export interface LockCall {
    readonly nix: Nix;
    readonly flakeFolder: string;
    readonly signal: AbortSignal | undefined;
    readonly onProgress?: ((progress: Progress) => void) | undefined;
}

/** flake.lock before and after; undefined where there was none. */
export interface LockChanged {
    readonly before: Buffer | undefined;
    readonly after: Buffer | undefined;
}

/**
 * Changes flake.lock through nix, in the spelling that this nix has. When it fails, or is
 * cancelled, the lock is what it was, byte for byte.
 *
 * @throws {CaptureError} what nix reported.
 */
export async function changeLock(call: LockCall, change: LockChange): Promise<LockChanged> {
    const { nix, flakeFolder: cwd, signal, onProgress } = call;
    const file = join(cwd, "flake.lock");
    const before = readLock(file);
    try {
        const version = await nixVersion(nix, signal);
        if (change.kind === "lock-anew") rmSync(file, { force: true });
        const args = lockArguments(change, version, isKeptFolder(cwd) ? KEPT : undefined);
        await callNix(nix, { args, cwd, signal, onProgress });
    } catch (error) {
        restoreLock(file, before);
        throw error;
    }
    return { before, after: readLock(file) };
}

/** Puts a lock back as it was, or takes it away where there was none. */
export function restoreLock(file: string, bytes: Buffer | undefined): void {
    const now = readLock(file);
    if (bytes === undefined) {
        rmSync(file, { force: true });
    } else if (now === undefined || !now.equals(bytes)) {
        // A link stays one, and a file as readable as it was.
        const target = now === undefined ? file : realpathSync(file);
        const unfinished = `${target}.${process.pid}`;
        writeFileSync(unfinished, bytes);
        if (now !== undefined) chmodSync(unfinished, statSync(target).mode);
        renameSync(unfinished, target);
    }
}

/**
 * Exported for its table of spellings; see the reference on nix, section 4.2.
 *
 * @param flake the flake's reference; undefined for the one that nix finds where it runs
 */
export function lockArguments(
    change: LockChange,
    version: NixVersion,
    flake: string | undefined,
): string[] {
    const named = flake === undefined ? [] : [flake];
    const option = flake === undefined ? [] : ["--flake", flake];
    switch (change.kind) {
        case "lock":
        case "lock-anew":
            return ["flake", "lock", ...named];
        case "update-all":
            return ["flake", "update", ...(takesInputs(version) ? option : named)];
        case "update":
            // An input can have a name that looks like an option, and must not become one.
            return takesInputs(version)
                ? ["flake", "update", ...option, "--", ...change.inputs]
                : [
                      ...["flake", "lock", ...named],
                      ...change.inputs.flatMap((name) => ["--update-input", name]),
                  ];
        case "pin":
            return ["flake", "lock", ...named, "--override-input", change.input, change.reference];
    }
}

/** `nix flake update NAME` took the name for a flake before 2.19. */
function takesInputs({ implementation, major, minor }: NixVersion): boolean {
    return implementation !== "nix" || major > 2 || minor >= 19;
}

/**
 * The bytes of a lock; undefined where there is none.
 *
 * @throws {CaptureError} where it can't be read.
 */
export function readLock(file: string): Buffer | undefined {
    try {
        // To read a pipe or a device could take for ever.
        if (!statSync(file).isFile()) throw new Error(`${file} is no file`);
        return readFileSync(file);
    } catch (error) {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw new CaptureError(failureOf("file-permission", file, String(error)), { cause: error });
    }
}
