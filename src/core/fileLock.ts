import {
    closeSync,
    mkdirSync,
    openSync,
    readFileSync,
    rmSync,
    statSync,
    utimesSync,
    writeSync,
} from "node:fs";
import { setTimeout as delay } from "node:timers/promises";

/** How often a lock that somebody else holds is looked at, in milliseconds. */
const POLL = 100;

/** For how many milliseconds a lock without its holder's number may stay like that. */
const UNFINISHED = 5_000;

/** How often the holder says that it is alive, and after how long without it counts as dead. */
const BEAT = 30_000;
const DEAD = 3 * BEAT;

/**
 * Milliseconds that only ever go forward, from any beginning. How old a lock is can't be told by
 * the time of day, which jumps: nobody would wait for a date in the future to pass.
 */
export type Clock = () => number;

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
    clock: Clock = () => performance.now(),
): Promise<T> {
    const lock = new Watched(file, clock);
    const claim = new Watched(`${file}.claim`, clock);
    while (!take(file)) {
        if (!isHeld(lock)) removeDead(lock, claim);
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

/** A file of somebody else, and for how long nothing was done to it while it was looked at. */
class Watched {
    readonly #clock: Clock;
    #seen = "";
    #since: number;

    constructor(
        readonly file: string,
        clock: Clock,
    ) {
        this.#clock = clock;
        this.#since = clock();
    }

    /** Milliseconds. */
    unchangedFor(): number {
        const stat = statSync(this.file, { throwIfNoEntry: false });
        const now = stat === undefined ? "" : `${stat.ino} ${stat.mtimeMs} ${stat.size}`;
        if (now !== this.#seen) {
            this.#seen = now;
            this.#since = this.#clock();
        }
        return this.#clock() - this.#since;
    }
}

/** @returns whether the lock is ours now. */
function take(file: string): boolean {
    let descriptor: number;
    try {
        descriptor = openSync(file, "wx", 0o600);
    } catch (error) {
        if (hasCode(error, "EEXIST")) return false;
        throw error;
    }
    try {
        writeSync(descriptor, String(process.pid));
        return true;
    } catch (error) {
        // On a full disk: others need not wait for it.
        rmSync(file, { force: true });
        throw error;
    } finally {
        closeSync(descriptor);
    }
}

/** Of several that see a dead lock one removes it, and none the lock that comes after it. */
function removeDead(lock: Watched, claim: Watched): void {
    try {
        mkdirSync(claim.file);
    } catch {
        if (claim.unchangedFor() > UNFINISHED) {
            rmSync(claim.file, { recursive: true, force: true });
        }
        return;
    }
    try {
        if (!isHeld(lock)) rmSync(lock.file, { force: true });
    } finally {
        rmSync(claim.file, { recursive: true, force: true });
    }
}

function isHeld(lock: Watched): boolean {
    const unchanged = lock.unchangedFor();
    let text: string;
    try {
        text = readFileSync(lock.file, "utf8");
    } catch {
        return true; // Released in between, and perhaps taken by another one again.
    }
    // Either it is being written at this moment, or its writer came no further.
    if (text === "") return unchanged < UNFINISHED;
    if (unchanged > DEAD) return false;
    const holder = Number(text);
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
