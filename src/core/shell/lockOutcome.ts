import type { LockChange } from "../lock/change";
import type { LockChangeOutcome, NothingToUndo } from "../lock/mending";
import type { Progress } from "../nix/progress";
import type { FolderShell } from "./folderShell";
import { currentOf } from "./state";

/** What came of a change of flake.lock. */
export interface LockOutcome extends LockChangeOutcome {
    /** The version of Rust in use before and after. */
    readonly rust: readonly [string | undefined, string | undefined];
}

/**
 * Changes a folder's flake.lock, and brings its dev shell to what the lock then says.
 *
 * @throws {CaptureError} what nix reported; the lock is then what it was.
 */
export async function changeLockOf(
    folder: FolderShell,
    change: LockChange,
    signal: AbortSignal,
    onProgress: (progress: Progress) => void,
): Promise<LockOutcome> {
    const mending = await folder.mending();
    return follow<never>(folder, () => mending.change(change, signal, onProgress));
}

/**
 * Undoes our last change of a folder's flake.lock, and brings its dev shell to what the lock then
 * says.
 *
 * @throws {CaptureError} where the lock can't be read or written.
 */
export async function undoLockChangeOf(
    folder: FolderShell,
    signal: AbortSignal,
): Promise<LockOutcome | NothingToUndo> {
    const mending = await folder.mending();
    return follow(folder, () => mending.undo(signal));
}

/** After a change of the lock nix is asked again; the version of Rust may be another one. */
async function follow<T extends string>(
    folder: FolderShell,
    change: () => Promise<LockChangeOutcome | T>,
): Promise<LockOutcome | T> {
    const rust = (): string | undefined => currentOf(folder.state)?.toolchain?.version;
    const rustBefore = rust();
    const outcome = await change();
    if (typeof outcome === "string") return outcome;
    await folder.refresh("files changed");
    return { ...outcome, rust: [rustBefore, rust()] };
}
