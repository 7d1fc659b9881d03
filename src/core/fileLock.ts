import { readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How often a lock that somebody else holds is looked at, in milliseconds. */
const POLL = 100;

/** After how many milliseconds a lock without its holder's number was left behind. */
const UNFINISHED = 5_000;

/**
 * Runs `use` while no other process of this machine holds the same lock file. A lock whose holder
 * died is taken over.
 *
 * Rejects with the signal's reason when aborted while waiting, and as writing the file does.
 */
export async function withFileLock<T>(
    file: string,
    signal: AbortSignal | undefined,
    use: () => Promise<T>,
): Promise<T> {
    while (!take(file)) {
        signal?.throwIfAborted();
        await delay(POLL, undefined, signal && { signal });
    }
    try {
        return await use();
    } finally {
        rmSync(file, { force: true });
    }
}

function take(file: string): boolean {
    try {
        writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
        return true;
    } catch (error) {
        if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
    if (!isHeld(file)) rmSync(file, { force: true });
    return false;
}

function isHeld(file: string): boolean {
    let holder: number;
    try {
        const text = readFileSync(file, "utf8");
        // Either it is being written at this moment, or its writer came no further.
        if (text === "") return Date.now() - statSync(file).mtimeMs < UNFINISHED;
        holder = Number(text);
    } catch {
        return true; // Released in between, and perhaps taken by another one again.
    }
    if (!Number.isInteger(holder) || holder <= 0) return false;
    try {
        process.kill(holder, 0);
        return true;
    } catch (error) {
        return error instanceof Error && "code" in error && error.code === "EPERM";
    }
}
