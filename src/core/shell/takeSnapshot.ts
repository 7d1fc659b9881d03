import { accessSync, constants, mkdirSync } from "node:fs";
import { join } from "node:path";
import { capture, dropOldGenerations, type CaptureRequest } from "../capture";
import { sameChanges } from "../environment/change";
import { CaptureError, failureOf } from "../failure/failure";
import { withFileLock } from "../fileLock";
import { linkRustAnalyzer } from "../rust/rustupLink";
import { readSnapshot, storePathsOf, writeSnapshot, type Snapshot } from "../snapshot";

/**
 * Captures a dev shell and keeps the result in its storage. Two windows on the same folder share
 * one capture: the later one finds the earlier one's, and only asks nix whether it still holds.
 *
 * @returns `known` where nothing changed.
 * @throws {CaptureError} what failed; the snapshot on disk is then the old one.
 */
export async function takeSnapshot(
    request: Omit<CaptureRequest, "knownRoot">,
    known: Snapshot | undefined,
): Promise<Snapshot> {
    const { storage, signal } = request;
    makeStorage(storage);
    const asked = Date.now();
    return withFileLock(join(storage, "lock"), signal, async () => {
        const kept = readSnapshot(storage);
        const isNews = kept !== undefined && kept.takenAt >= asked;
        return takeUnlocked(request, isNews ? kept : known);
    });
}

async function takeUnlocked(
    request: Omit<CaptureRequest, "knownRoot">,
    known: Snapshot | undefined,
): Promise<Snapshot> {
    const { flakeFolder, shell, storage, nix } = request;
    const captured = await capture({ ...request, knownRoot: known?.root });
    if (captured === undefined && known !== undefined) return known;
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
        nixVersion: nixVersion.text,
        takenAt: Date.now(),
    };
    try {
        linkRustAnalyzer(toolchain, storage);
        writeSnapshot(storage, snapshot);
        dropOldGenerations(storage);
    } catch (error) {
        nix.log.warn(`The dev shell can't be kept for the next time: ${String(error)}`);
    }
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

function makeStorage(storage: string): void {
    try {
        mkdirSync(storage, { recursive: true, mode: 0o700 });
        accessSync(storage, constants.W_OK);
    } catch (error) {
        throw new CaptureError(failureOf("storage", storage, String(error)), { cause: error });
    }
}
