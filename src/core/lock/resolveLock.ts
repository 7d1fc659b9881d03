import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { changeLock, readLock, restoreLock, type LockCall } from "./change";
import { lockDigest } from "./lastChange";

/** A flake.lock that nix can't read, put in order. */
export interface ResolvedLock {
    /** Puts back what was there, byte for byte; false where the lock was changed since. */
    undo(): boolean;
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
    const before = readLock(file);
    let after: string;
    try {
        if (text === undefined) restoreLock(file, undefined);
        else writeFileSync(file, text);
        after = lockDigest((await changeLock(call, { kind: "lock" })).after);
    } catch (error) {
        restoreLock(file, before);
        throw error;
    }
    return {
        undo: () => {
            const isOurs = lockDigest(readLock(file)) === after;
            if (isOurs) restoreLock(file, before);
            return isOurs;
        },
    };
}
