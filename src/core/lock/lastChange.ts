import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

/**
 * The last change of a flake.lock that was made by us: kept outside the repository, so that it can
 * be undone after the window was closed, or the editor was killed in the middle of it.
 */
export interface LastChange {
    /** The lock before it; undefined where there was none. */
    readonly before: Buffer | undefined;
    /** A digest of the lock that it left; undefined while it is not done. */
    readonly after: string | undefined;
    /** The process that makes it. */
    readonly pid: number;
}

/** Changes with every change of the shape below. */
const FORMAT = 1;

interface Stored {
    readonly format: number;
    readonly before: string | null;
    readonly after: string | null;
    readonly pid: number;
}

/** Where the last change of one flake's lock is kept, in the extension's own storage. */
export function lastChangeFile(storage: string, flakeFolder: string): string {
    const name = createHash("sha256").update(flakeFolder).digest("hex").slice(0, 20);
    return join(storage, "locks", `${name}.json`);
}

/** Reads what is kept; undefined where nothing is, or nothing that can be read. */
export function readLastChange(file: string): LastChange | undefined {
    try {
        const stored = JSON.parse(readFileSync(file, "utf8")) as Stored;
        if (stored.format !== FORMAT) return undefined;
        const { before, after, pid } = stored;
        return {
            before: before === null ? undefined : Buffer.from(before, "base64"),
            after: after ?? undefined,
            pid,
        };
    } catch {
        return undefined;
    }
}

/**
 * The last change as it can be undone. One whose editor was killed is over, and left what is there;
 * one that another window is still at is none yet.
 */
export function endedChange(file: string, now: Buffer | undefined): LastChange | undefined {
    const last = readLastChange(file);
    if (last === undefined || last.after !== undefined) return last;
    if (isAlive(last.pid)) return undefined;
    const ended = { ...last, after: lockDigest(now) };
    writeLastChange(file, ended);
    return ended;
}

/** Keeps a change, or forgets what is kept. A reader sees the old or the new one. */
export function writeLastChange(file: string, change: LastChange | undefined): void {
    if (change === undefined) {
        rmSync(file, { force: true });
        return;
    }
    const stored: Stored = {
        format: FORMAT,
        before: change.before?.toString("base64") ?? null,
        after: change.after ?? null,
        pid: change.pid,
    };
    mkdirSync(dirname(file), { recursive: true });
    const unfinished = `${file}.${process.pid}`;
    writeFileSync(unfinished, JSON.stringify(stored), { mode: 0o600 });
    renameSync(unfinished, file);
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return error instanceof Error && "code" in error && error.code === "EPERM";
    }
}

/** Tells one lock from another; a missing one has a digest, too. */
export function lockDigest(bytes: Buffer | undefined): string {
    return createHash("sha256")
        .update(bytes ?? "none")
        .digest("hex");
}
