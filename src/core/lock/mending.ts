import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { CaptureError, failureOf } from "../failure/failure";
import { withFileLock } from "../fileLock";
import type { Nix } from "../nix/nix";
import type { Progress } from "../nix/progress";
import { flakeFolder, type Project } from "../project/project";
import { changeLock, readLock, restoreLock, type LockChange } from "./change";
import { commitFile, stagedBesides, stageFile, type CommitOutcome } from "./commit";
import { commitMessage } from "./commitMessage";
import { lockDifference, type InputDifference } from "./difference";
import type { TwoLocks } from "./differenceReport";
import { committedText, type Git } from "./git";
import {
    endedChange,
    lastChangeFile,
    lockDigest,
    readLastChange,
    writeLastChange,
} from "./lastChange";
import type { LockedInput } from "./lockedInputs";
import { lockText, parseLock, type LockFile } from "./lockFile";
import { askUpstream, type InputUpstream } from "./upstream";

/** What the lock of a folder needs of the rest. */
export interface LockPorts {
    project(): Project;
    git(): Git;
    /** @throws {CaptureError} where there is no nix. */
    nix(): Nix;
    /** How old an input may be, in milliseconds; undefined for any age. */
    oldAfter(): number | undefined;
    /** The extension's own folder, outside every repository. */
    readonly storage: string;
    readonly onDidChange: () => void;
}

/** A change of flake.lock that was made. */
export interface LockChangeOutcome {
    readonly locks: TwoLocks;
    readonly differences: readonly InputDifference[];
}

/** Why there is nothing to undo: no change of ours, or somebody changed the lock after it. */
export type NothingToUndo = "no-change" | "changed-since";

const LOCK = "flake.lock";

/** What can be done to one folder's flake.lock. Only what the user asks for is done. */
export class LockMending {
    readonly #ports: LockPorts;

    constructor(ports: LockPorts) {
        this.#ports = ports;
    }

    /** flake.lock as HEAD has it, and as it is on disk. */
    async sinceCommit(): Promise<TwoLocks> {
        const folder = flakeFolder(this.#ports.project());
        if (folder === undefined) return { before: undefined, after: undefined };
        const before = await committedText(this.#ports.git(), folder, LOCK);
        return { before, after: lockText(folder) };
    }

    /**
     * Changes flake.lock through nix, after every other window that is at it.
     *
     * @throws {CaptureError} what nix reported; the lock is then what it was.
     */
    async change(
        change: LockChange,
        signal: AbortSignal,
        onProgress: (progress: Progress) => void,
    ): Promise<LockChangeOutcome> {
        const { folder, file, record } = this.#places();
        const call = { nix: this.#ports.nix(), flakeFolder: folder, signal, onProgress };
        return this.#alone(signal, async () => {
            const earlier = readLastChange(record);
            const { pid } = process;
            keep(record, { before: readLock(file), after: undefined, pid });
            try {
                const { before, after } = await changeLock(call, change);
                const [old, now] = [lockDigest(before), lockDigest(after)];
                keep(record, old === now ? earlier : { before, after: now, pid });
                return outcomeOf(before, after);
            } catch (error) {
                keep(record, earlier);
                throw error;
            }
        });
    }

    /** Whether the lock is still what our last change made of it. */
    get canUndo(): boolean {
        if (flakeFolder(this.#ports.project()) === undefined) return false;
        const { file, record } = this.#places();
        try {
            const now = readLock(file);
            return endedChange(record, now)?.after === lockDigest(now);
        } catch {
            return false; // A lock that can't be read is not what we left.
        }
    }

    /**
     * Puts the lock back, byte for byte, as it was before our last change of it; once.
     *
     * @throws {CaptureError} where it can't be read or written.
     */
    async undo(signal: AbortSignal): Promise<LockChangeOutcome | NothingToUndo> {
        const { file, record } = this.#places();
        return this.#alone(signal, async () => {
            const now = readLock(file);
            const last = endedChange(record, now);
            if (last === undefined) return "no-change";
            if (last.after !== lockDigest(now)) return "changed-since";
            restoreLock(file, last.before);
            keep(record, undefined);
            return outcomeOf(now, last.before);
        });
    }

    /** What a commit of the lock would say. */
    async commitMessage(): Promise<string> {
        const { before, after } = await this.sinceCommit();
        return commitMessage(differencesOf(before, after));
    }

    /** Whether other files are staged, which a commit of the whole index would take along. */
    async hasStagedOthers(): Promise<boolean> {
        const { folder } = this.#places();
        return (await stagedBesides(this.#ports.git(), folder, LOCK)).length > 0;
    }

    /** Stages flake.lock, for the user to commit. */
    async stage(): Promise<CommitOutcome> {
        return stageFile(this.#ports.git(), this.#places().folder, LOCK);
    }

    /** Commits flake.lock, and nothing else. */
    async commit(message: string, signal: AbortSignal): Promise<CommitOutcome> {
        const file = { path: LOCK, message };
        return commitFile(this.#ports.git(), this.#places().folder, file, signal);
    }

    /** Asks where the inputs come from for something newer: this one uses the network. */
    async checkForUpdates(
        inputs: readonly LockedInput[],
        signal: AbortSignal,
        onDone: (done: number) => void,
    ): Promise<InputUpstream[]> {
        return askUpstream(this.#ports.git(), inputs, signal, onDone);
    }

    /** @throws {CaptureError} where there is no flake. */
    #places(): { folder: string; file: string; record: string } {
        const project = this.#ports.project();
        const folder = flakeFolder(project);
        if (folder === undefined) throw new CaptureError(failureOf("no-flake", project.folder));
        const record = lastChangeFile(this.#ports.storage, folder);
        return { folder, file: join(folder, LOCK), record };
    }

    /** While no other window changes the same lock. */
    async #alone<T>(signal: AbortSignal, use: () => Promise<T>): Promise<T> {
        const { record } = this.#places();
        try {
            mkdirSync(dirname(record), { recursive: true });
        } catch (error) {
            throw new CaptureError(failureOf("storage", record, String(error)), { cause: error });
        }
        return withFileLock(`${record}.lock`, signal, use);
    }
}

/** @throws {CaptureError} where our own storage can't be written. */
function keep(...[record, change]: Parameters<typeof writeLastChange>): void {
    try {
        writeLastChange(record, change);
    } catch (error) {
        throw new CaptureError(failureOf("storage", record, String(error)), { cause: error });
    }
}

function outcomeOf(before: Buffer | undefined, after: Buffer | undefined): LockChangeOutcome {
    const locks = { before: before?.toString(), after: after?.toString() };
    return { locks, differences: differencesOf(locks.before, locks.after) };
}

/** None where the new one is missing or no lock: there is nothing to compare then. */
function differencesOf(
    before: string | undefined,
    after: string | undefined,
): readonly InputDifference[] {
    const [old, now] = [lockOf(before), lockOf(after)];
    return now === undefined ? [] : lockDifference(old, now);
}

function lockOf(text: string | undefined): LockFile | undefined {
    const lock = text === undefined ? undefined : parseLock(text);
    return lock !== undefined && "nodes" in lock ? lock : undefined;
}
