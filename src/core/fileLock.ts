import { mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How often a lock that somebody else holds is looked at, in milliseconds. */
const POLL = 100;

/** After how many milliseconds a lock without its holder's number was left behind. */
const UNFINISHED = 5_000;

/** How often the holder says that it is alive, and after how long without it counts as dead. */
const BEAT = 30_000;
const DEAD = 5 * 60_000;

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
    // A process that got the number of a dead holder does not do this.
    const heart = setInterval(() => touch(file), BEAT).unref();
    try {
        return await use();
    } finally {
        clearInterval(heart);
        rmSync(file, { force: true });
    }
}

function take(file: string): boolean {
    try {
        writeFileSync(file, String(process.pid), { flag: "wx", mode: 0o600 });
        return true;
    } catch (error) {
        if (!hasCode(error, "EEXIST")) throw error;
    }
    if (!isHeld(file)) removeDead(file);
    return false;
}

/** Of several that see a dead lock one removes it, and none the lock that comes after it. */
function removeDead(file: string): void {
    const claim = `${file}.claim`;
    try {
        mkdirSync(claim);
    } catch {
        const since = statSync(claim, { throwIfNoEntry: false })?.mtimeMs ?? Date.now();
        if (Date.now() - since > UNFINISHED) rmSync(claim, { recursive: true, force: true });
        return;
    }
    try {
        if (!isHeld(file)) rmSync(file, { force: true });
    } finally {
        rmSync(claim, { recursive: true, force: true });
    }
}

function isHeld(file: string): boolean {
    let holder: number;
    try {
        const text = readFileSync(file, "utf8");
        const age = Date.now() - statSync(file).mtimeMs;
        // Either it is being written at this moment, or its writer came no further.
        if (text === "") return age < UNFINISHED;
        if (age > DEAD) return false;
        holder = Number(text);
    } catch {
        return true; // Released in between, and perhaps taken by another one again.
    }
    if (!Number.isInteger(holder) || holder <= 0) return false;
    try {
        process.kill(holder, 0);
        return true;
    } catch (error) {
        return hasCode(error, "EPERM");
    }
}

function touch(file: string): void {
    try {
        const now = new Date();
        utimesSync(file, now, now);
    } catch {
        // Somebody took the lock for dead: what is done under it can be done twice.
    }
}

function hasCode(error: unknown, code: string): boolean {
    return error instanceof Error && "code" in error && error.code === code;
}
