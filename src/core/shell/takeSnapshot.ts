import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { capture, dropOldGenerations, type CaptureRequest } from "../capture";
import { basisOf } from "../environment/basis";
import { sameChanges } from "../environment/change";
import { CaptureError, failureOf } from "../failure/failure";
import { withFileLock } from "../fileLock";
import { linkRustAnalyzer } from "../rust/rustupLink";
import { readSnapshot, storePathsOf, writeSnapshot, type Snapshot } from "../snapshot";

export interface SnapshotRequest extends Omit<CaptureRequest, "knownRoot"> {
    /** How the files were before this: they may change while nix is at work. */
    readonly fingerprint: string;
    /** The digest of the files that the user named as read by the shellHook. */
    readonly watched: string;
    /** The same digest once the shellHook has run. */
    readonly watchedNow?: () => Promise<string>;
    /** Told why the result, which can be used all the same, is not there the next time. */
    readonly onUnkept?: (reason: string) => void;
}

/**
 * Captures a dev shell and keeps the result in its storage. Two windows on the same folder share
 * one capture: the later one finds the earlier one's, and only asks nix whether it still holds.
 *
 * @returns `known` where nothing changed.
 * @throws {CaptureError} what failed; the snapshot on disk is then the old one.
 */
export async function takeSnapshot(
    request: SnapshotRequest,
    known: Snapshot | undefined,
): Promise<Snapshot> {
    const { storage, signal } = request;
    makeStorage(storage);
    const before = readSnapshot(storage);
    return withFileLock(join(storage, "lock"), signal, async () => {
        const kept = readSnapshot(storage);
        // Not by its time: a clock that was ahead would make it news for ever.
        const isNews = kept !== undefined && kept.takenAt !== before?.takenAt;
        return takeUnlocked(request, isNews ? kept : known);
    });
}

async function takeUnlocked(
    request: SnapshotRequest,
    known: Snapshot | undefined,
): Promise<Snapshot> {
    const { flakeFolder, shell, storage, nix } = request;
    const basis = basisOf(request.base, request.exceptions);
    const knownRoot = known && isOf(known, { ...request, basis }) ? known.root : undefined;
    const captured = await capture({ ...request, knownRoot });
    if (captured === undefined && known !== undefined) return confirmed(known, request);
    if (captured === undefined) throw new Error("a capture without a known root is never the same");
    const { delta, toolchain, root, nixVersion, milliseconds } = captured;
    const snapshot: Snapshot = {
        flakeFolder,
        shell,
        changes: delta.changes,
        omitted: delta.omitted,
        toolchain,
        root,
        storePaths: storePathsOf(root, delta.changes),
        fingerprint: request.fingerprint,
        watched: await watchedAfter(request, known),
        basis,
        nixVersion: nixVersion.text,
        takenAt: Date.now(),
    };
    keep(request, () => {
        linkRustAnalyzer(toolchain, storage);
        writeSnapshot(storage, snapshot);
        dropOldGenerations(storage);
    });
    nix.log.info(
        `Captured the dev shell ${shell ?? "default"} of ${flakeFolder} with Nix ${nixVersion.text} in ` +
            `${Math.round(milliseconds.total)} ms (evaluate ${Math.round(milliseconds.evaluate)}, ` +
            `enter ${Math.round(milliseconds.enter)}, toolchain ${Math.round(milliseconds.toolchain)}): ` +
            delta.changes.map((change) => `${change.op} ${change.name}`).join(", "),
    );
    if (known !== undefined && sameChanges(known.changes, snapshot.changes)) {
        nix.log.info("Nothing in the environment changed.");
    }
    return snapshot;
}

/**
 * How the files that the shellHook reads count as they are: as they were before it ran. Where they
 * changed since the last time, and once more while it ran, it is the hook that writes them, and would
 * be run for ever.
 */
async function watchedAfter(
    { watched, watchedNow }: SnapshotRequest,
    known: Snapshot | undefined,
): Promise<string> {
    const isAgain = known !== undefined && known.watched !== watched;
    return isAgain && watchedNow !== undefined ? watchedNow() : watched;
}

/**
 * Whether a snapshot is of what is asked for, so that its root tells whether it still holds. Another
 * dev shell can have the same root, and still has to have a snapshot and links in its own storage;
 * and a root does not tell what a shellHook reads: the user's list of files does.
 */
function isOf(known: Snapshot, request: SnapshotRequest & { readonly basis: string }): boolean {
    return (["flakeFolder", "shell", "watched", "basis"] as const).every(
        (part) => known[part] === request[part],
    );
}

/** The same snapshot, as one that holds for the files as they are now. */
function confirmed(known: Snapshot, request: SnapshotRequest): Snapshot {
    if (known.fingerprint === request.fingerprint) return known;
    const snapshot = { ...known, fingerprint: request.fingerprint };
    keep(request, () => writeSnapshot(request.storage, snapshot));
    return snapshot;
}

/** An environment that can't be kept can still be used. */
function keep({ nix, onUnkept }: SnapshotRequest, write: () => void): void {
    try {
        write();
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        nix.log.warn(`The dev shell can't be kept for the next time: ${reason}`);
        onUnkept?.(reason);
    }
}

function makeStorage(storage: string): void {
    try {
        mkdirSync(storage, { recursive: true, mode: 0o700 });
        accessSync(storage, constants.W_OK);
    } catch (error) {
        throw new CaptureError(failureOf("storage", storage, String(error)), { cause: error });
    }
}
