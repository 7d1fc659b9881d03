import * as vscode from "vscode";
import { sameChanges } from "../core/environment/change";
import { CaptureError, failureOf } from "../core/failure/failure";
import { progressDetails, progressText } from "../core/nix/progress";
import type { FolderShell } from "../core/shell/folderShell";
import { currentOf, type ShellState } from "../core/shell/state";
import { showFailure } from "./fixes";
import { withProgress } from "./progress";
import { terminalEnvironment } from "./terminals";

/** Enters and opens a terminal there; or says what is missing. */
export async function enter(folder: FolderShell): Promise<void> {
    const hasFlake = folder.project.flake !== undefined;
    const state = await (hasFlake ? whileTold(folder, () => folder.enter()) : folder.enter());
    if (!(await reportOutcome(folder, state))) return;
    const shell = folder.choice.shell ?? "default";
    // As a URI: in a remote window, VS Code does not see which folder a plain path belongs to.
    const cwd = vscode.Uri.file(folder.folder);
    const env = terminalEnvironment(currentOf(folder.state)?.changes ?? []);
    vscode.window.createTerminal({ name: `Nix: ${shell}`, cwd, env }).show();
}

/** Captures anew, and says whether that changed anything. */
export async function reload(folder: FolderShell): Promise<void> {
    const before = folder.state.kind === "inside" ? folder.state.current : undefined;
    const state = await whileTold(folder, () => folder.reload());
    if (!(await reportOutcome(folder, state)) || state.kind !== "inside") return;
    const same = before !== undefined && sameChanges(before.changes, state.current.changes);
    vscode.window.setStatusBarMessage(
        same ? "Nix: the environment has not changed" : "Nix: the environment was read anew",
        5_000,
    );
}

/** Has the user pick one of the flake's dev shells, and enters it. */
export async function selectShell(folder: FolderShell): Promise<void> {
    const picked = await pickShell(folder);
    if (picked !== undefined) await enterShell(folder, picked);
}

/** Enters the dev shell of that name; "default" is the one without. */
export async function enterShell(folder: FolderShell, name: string | undefined): Promise<void> {
    const shell = name === "default" ? undefined : name;
    const state = await whileTold(folder, () => folder.select(shell));
    await reportOutcome(folder, state);
}

/** @returns whether the folder is in its dev shell; where it is not, the user has been told why. */
async function reportOutcome(folder: FolderShell, state: ShellState): Promise<boolean> {
    switch (state.kind) {
        case "inside":
            return true;
        case "failed":
            await showFailure(folder, state.failure);
            return false;
        case "none":
        case "no-flake":
            await showFailure(folder, failureOf("no-flake", folder.folder));
            return false;
        case "outside":
        case "capturing":
            return false; // Cancelled, or taken over by a later request.
    }
}

/** With a notification that can cancel it: the user asked for it. */
function whileTold(folder: FolderShell, work: () => Promise<ShellState>): Promise<ShellState> {
    return withProgress("Nix", async (signal, report) => {
        signal.addEventListener("abort", () => folder.cancel());
        const timer = setInterval(() => {
            if (folder.state.kind !== "capturing") return;
            const running = Date.now() - (folder.capturingSince ?? Date.now());
            const details = progressDetails(folder.state.progress, running);
            report([progressText(folder.state.progress), ...details].join(", "));
        }, 200);
        try {
            return await work();
        } finally {
            clearInterval(timer);
        }
    });
}

async function pickShell(folder: FolderShell): Promise<string | undefined> {
    const current = folder.choice.shell ?? "default";
    const cancel = new vscode.CancellationTokenSource();
    const controller = new AbortController();
    try {
        const items = folder.listShells(controller.signal).then((names) =>
            (names.length === 0 ? ["default"] : names).map((name) => ({
                label: name,
                description: name === current ? "in use" : "",
            })),
        );
        // A failure closes the list, which would otherwise stay empty.
        items.catch(() => cancel.cancel());
        const options = {
            title: "Nix: Select Dev Shell",
            placeHolder: "The dev shells of this flake for this system",
        };
        const picked = await vscode.window.showQuickPick(items, options, cancel.token);
        if (picked !== undefined) return picked.label;
        if (!cancel.token.isCancellationRequested) return undefined;
        await items;
        return undefined;
    } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        await showFailure(folder, error.failure);
        return undefined;
    } finally {
        controller.abort();
        cancel.dispose();
    }
}
