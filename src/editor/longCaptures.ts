import * as vscode from "vscode";
import type { FolderShell } from "../core/shell/folderShell";
import { Command } from "./ids";
import type { OpenFolder } from "./openFolder";

/** From when on somebody is likely to have turned to something else, in milliseconds. */
const LONG = 30_000;

/** Tells people who went elsewhere that a long build has ended. */
export class LongCaptures {
    /** When the captures that are under way began. */
    readonly #begun = new Map<string, number>();

    update(folders: readonly OpenFolder[]): void {
        for (const { workspaceFolder, shell } of folders) {
            const key = workspaceFolder.uri.toString();
            const since = shell.capturingSince;
            if (since !== undefined) {
                this.#begun.set(key, since);
                continue;
            }
            const begun = this.#begun.get(key);
            this.#begun.delete(key);
            const took = begun === undefined ? 0 : Date.now() - begun;
            // Whoever looks at the window sees the status bar.
            if (took < LONG || vscode.window.state.focused) continue;
            void tell(workspaceFolder.name, shell, took);
        }
    }
}

async function tell(name: string, { state }: FolderShell, took: number): Promise<void> {
    const { duration } = await import("../core/nix/progress");
    if (state.kind === "inside") {
        const open = "Open Terminal";
        const message = `The dev shell of ${name} is ready. It took ${duration(took)}.`;
        const picked = await vscode.window.showInformationMessage(message, open);
        if (picked === open) await vscode.commands.executeCommand(Command.enter);
    } else if (state.kind === "failed") {
        const help = "What Can I Do?";
        const message = `The dev shell of ${name} failed after ${duration(took)}.`;
        const picked = await vscode.window.showWarningMessage(message, help);
        if (picked === help) await vscode.commands.executeCommand(Command.showProblem);
    }
}
