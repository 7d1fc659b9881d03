import * as vscode from "vscode";
import { CaptureError } from "../core/failure/failure";
import type { LockChange } from "../core/lock/change";
import { compareLink, differenceText, inputText } from "../core/lock/difference";
import { progressText } from "../core/nix/progress";
import type { FolderShell, LockOutcome } from "../core/shell/folderShell";
import { showFailure } from "./fixes";

/** Changes flake.lock because the user asked for it, and tells in a line what came of it. */
export async function changeLock(folder: FolderShell, change: LockChange): Promise<void> {
    const controller = new AbortController();
    const options = {
        location: vscode.ProgressLocation.Notification,
        title: "Nix: flake.lock",
        cancellable: true,
    };
    try {
        const outcome = await vscode.window.withProgress(options, (progress, token) => {
            token.onCancellationRequested(() => controller.abort());
            return folder.changeLock(change, controller.signal, (now) =>
                progress.report({ message: progressText(now) }),
            );
        });
        // Not waited for: it stays until the user has read it.
        void tell(outcome);
        if (folder.state.kind === "failed") await showFailure(folder, folder.state.failure);
    } catch (error) {
        if (controller.signal.aborted) return;
        if (!(error instanceof CaptureError)) throw error;
        await showFailure(folder, error.failure);
    }
}

/** Lets the user pick what to update. */
export async function updateInputs(folder: FolderShell): Promise<void> {
    const inputs = folder.drift?.inputs ?? [];
    const items = inputs
        .filter(({ follows }) => follows === undefined)
        .map((input) => ({ label: input.name, description: inputText(input) }));
    if (items.length === 0) {
        await vscode.window.showInformationMessage("This flake has no locked inputs to update.");
        return;
    }
    const picked = await vscode.window.showQuickPick(items, {
        title: "Nix: Update Input",
        placeHolder: "Which inputs should take their newest version?",
        canPickMany: true,
    });
    if (picked === undefined || picked.length === 0) return;
    await changeLock(folder, { kind: "update", inputs: picked.map(({ label }) => label) });
}

async function tell({ differences, rust }: LockOutcome): Promise<void> {
    if (differences.length === 0) {
        await vscode.window.showInformationMessage("flake.lock is up to date: nothing changed.");
        return;
    }
    const parts = differences.map(differenceText);
    const [before, after] = rust;
    if (before !== after) parts.push(`Rust: ${before ?? "none"} → ${after ?? "none"}`);
    const link = differences
        .map((it) => (it.kind === "changed" ? compareLink(it.before, it.after) : undefined))
        .find((it) => it !== undefined);
    const compare = "Compare in Browser";
    const message = `flake.lock changed. ${parts.join("; ")}.`;
    const picked = await vscode.window.showInformationMessage(
        message,
        ...(link === undefined ? [] : [compare]),
    );
    if (picked === compare && link !== undefined) {
        await vscode.env.openExternal(vscode.Uri.parse(link));
    }
}
