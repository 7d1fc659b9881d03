import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeLock, restoreLock, type LockCall } from "./change";

/** A flake.lock that nix can't read, put in order. */
export interface ResolvedLock {
    /** Puts back what was there, byte for byte. */
    undo(): void;
}

/**
 * Puts a text in the place of a flake.lock that can't be read, and has nix complete it for what
 * flake.nix says now. Without a text, nix creates it anew. When that fails, the lock is what it
 * was.
 *
 * @throws {CaptureError} what nix reported.
 */
export async function resolveLock(call: LockCall, text: string | undefined): Promise<ResolvedLock> {
    const file = join(call.flakeFolder, "flake.lock");
    const before = readFileSync(file);
    const undo = (): void => restoreLock(file, before);
    try {
        if (text === undefined) restoreLock(file, undefined);
        else writeFileSync(file, text);
        await changeLock(call, { kind: "lock" });
    } catch (error) {
        undo();
        throw error;
    }
    return { undo };
}
