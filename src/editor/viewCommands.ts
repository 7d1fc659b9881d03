import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import * as vscode from "vscode";
import { CaptureError } from "../core/failure/failure";
import { declaredInputs } from "../core/flake/inputs";
import type { Target } from "../core/view/target";
import { showFailure } from "./fixes";
import { VIEW_ID } from "./ids";
import type { OpenFolder } from "./openFolder";

/** Opens flake.nix where it declares an input, or at its beginning where it names none of it. */
export async function openInput({ shell }: OpenFolder, { input }: Target): Promise<void> {
    const { flake } = shell.project;
    if (flake === undefined) return;
    const document = await vscode.workspace.openTextDocument(flake);
    const inputs = (await declaredInputs(document.getText())) ?? [];
    const from = inputs.find(({ name }) => name === input)?.from ?? 0;
    const at = document.positionAt(from);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

export async function openLock({ shell }: OpenFolder): Promise<void> {
    const { flake } = shell.project;
    const lock = flake === undefined ? undefined : join(dirname(flake), "flake.lock");
    if (lock === undefined || !existsSync(lock)) {
        const message = "There is no flake.lock yet: “Nix: Lock Flake” writes it.";
        await vscode.window.showInformationMessage(message);
        return;
    }
    await vscode.window.showTextDocument(vscode.Uri.file(lock));
}

export async function openToolchainFile({ shell }: OpenFolder): Promise<void> {
    const { toolchainFile } = shell.project;
    if (toolchainFile === undefined) return;
    await vscode.window.showTextDocument(vscode.Uri.file(toolchainFile));
}

export async function copyRevision({ revision }: Target): Promise<void> {
    if (revision !== undefined) await vscode.env.clipboard.writeText(revision);
}

/** Only pages: an argument can come from anywhere. */
export async function openInputPage({ page }: Target): Promise<void> {
    if (page?.startsWith("https://")) await vscode.env.openExternal(vscode.Uri.parse(page));
}

/** Asks nix for the dev shells, which the view then shows; or says why nix can't tell. */
export async function listShells({ shell }: OpenFolder): Promise<void> {
    await vscode.window.withProgress({ location: { viewId: VIEW_ID } }, async () => {
        try {
            await shell.listShells(undefined);
        } catch (error) {
            if (!(error instanceof CaptureError)) throw error;
            // Not waited for: the view is done, however long the message stays.
            void showFailure(shell, error.failure);
        }
    });
}
