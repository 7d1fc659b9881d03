import { accessSync, constants, statSync } from "node:fs";
import * as vscode from "vscode";
import { failureOf } from "../core/failure/failure";
import { sentenceFor } from "../core/failure/sentence";
import type { FlakeEdit, NotUnderstood } from "../core/flake/edit/flakeEdit";
import { editBetween } from "../core/flake/edit/textEdit";
import type { FolderShell } from "../core/shell/folderShell";
import { showFailure } from "./fixes";
import { Command } from "./ids";
import { Preview } from "./preview";

/** What is done to a flake's text; `shell` is the label of the dev shell that is meant. */
type Change = (text: string, shell: string | undefined) => Promise<FlakeEdit>;

/** A change of a flake, and what the user is told of it. */
export interface FlakeWish {
    /** What is proposed, in a few words: "Add ripgrep". */
    readonly title: string;
    /** What the user is told when it is done, as a sentence. */
    readonly done: string;
    /** What the user is told where the flake has it already, as a sentence. */
    readonly had: string;
    readonly change: Change;
    /** Whether flake.lock has to follow. */
    readonly asksForLock?: true;
}

/**
 * Changes flake.nix as the user wishes: works on what the editor has of it, shows the result before
 * anything is written, and writes it so that undo takes it back.
 *
 * @returns whether it was written
 */
export async function changeFlake(shell: FolderShell, wish: FlakeWish): Promise<boolean> {
    const document = await flakeDocument(shell);
    if (document === undefined) return false;
    const before = document.getText();
    const outcome = await whereAsked(wish, before, shell.choice.shell);
    switch (outcome?.kind) {
        case undefined:
        case "several": // It was asked for, and not answered.
            return false;
        case "unchanged":
            void vscode.window.showInformationMessage(wish.had);
            return false;
        case "not-understood":
            await offerSnippet(outcome);
            return false;
        case "edited":
            return propose(shell, document, { ...wish, before, after: outcome.text });
    }
}

/** The flake as the editor has it, with what is not saved yet; undefined where it can't be changed. */
export async function flakeDocument(shell: FolderShell): Promise<vscode.TextDocument | undefined> {
    const { flake } = shell.project;
    if (flake === undefined) {
        await showFailure(shell, failureOf("no-flake", shell.folder));
        return undefined;
    }
    if (isReadOnly(flake)) {
        void vscode.window.showErrorMessage(
            "flake.nix is read-only, so it can't be changed. Make it writable, and try again.",
        );
        return undefined;
    }
    try {
        return await vscode.workspace.openTextDocument(flake);
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        void vscode.window.showErrorMessage(`flake.nix can't be read: ${reason}`);
        return undefined;
    }
}

/** An administrator may write anything, so the file's mode counts, too: VS Code goes by it. */
function isReadOnly(file: string): boolean {
    try {
        accessSync(file, constants.W_OK);
        return (statSync(file).mode & 0o222) === 0;
    } catch {
        return true;
    }
}

/** Makes the change; asks for the dev shell where the flake has several and none is meant. */
async function whereAsked(
    { change, title }: FlakeWish,
    text: string,
    shell: string | undefined,
): Promise<FlakeEdit | undefined> {
    const outcome = await change(text, shell);
    if (outcome.kind !== "several") return outcome;
    const picked = await vscode.window.showQuickPick([...outcome.shells], {
        title: `Nix: ${title}`,
        placeHolder: "In which dev shell of flake.nix?",
    });
    return picked === undefined ? undefined : change(text, picked);
}

/** Says why nothing is changed, and has what the user can paste. */
async function offerSnippet({ reason, snippet }: NotUnderstood): Promise<void> {
    const [copy, open] = ["Copy Snippet", "Open Snippet"];
    const message = `flake.nix was not changed, because ${reason}. You can add this yourself.`;
    const picked = await vscode.window.showWarningMessage(message, copy, open);
    if (picked === copy) await vscode.env.clipboard.writeText(snippet);
    if (picked !== open) return;
    const document = await vscode.workspace.openTextDocument({ language: "nix", content: snippet });
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}

interface Proposal extends FlakeWish {
    readonly before: string;
    readonly after: string;
}

async function propose(
    shell: FolderShell,
    document: vscode.TextDocument,
    proposal: Proposal,
): Promise<boolean> {
    if (await isSpoilt(shell, proposal)) return false;
    const wasDirty = document.isDirty;
    const preview = new Preview();
    try {
        const answer = await preview.ask(
            [{ uri: document.uri, text: proposal.after }],
            proposal.title,
            [{ id: "write", label: "$(check) Change flake.nix" }],
        );
        if (answer === undefined) return false;
    } finally {
        preview.dispose();
    }
    if (!(await write(document, proposal))) {
        void vscode.window.showErrorMessage(
            "flake.nix could not be changed. If you changed it meanwhile, try again.",
        );
        return false;
    }
    // What the user has not saved is not for us to save.
    if (wasDirty) {
        const save = "Save";
        const message = `${proposal.done} The file has other changes that are not saved.`;
        const picked = await vscode.window.showInformationMessage(message, save);
        if (picked !== save) return true;
    }
    if (!(await document.save())) {
        void vscode.window.showErrorMessage("flake.nix was changed, but could not be saved.");
        return true;
    }
    void tell(proposal);
    return true;
}

/** Whether nix could read the flake, and could not any more. The user is told. */
async function isSpoilt(shell: FolderShell, { before, after }: Proposal): Promise<boolean> {
    const failure = await shell.checkFlake(after);
    if (failure === undefined || (await shell.checkFlake(before)) !== undefined) return false;
    const { message } = sentenceFor(failure);
    void vscode.window.showErrorMessage(
        `flake.nix was not changed, because Nix could not read the result: ${message}`,
    );
    return true;
}

/** Changes only what has to be, so that cursors and marks elsewhere stay where they are. */
async function write(document: vscode.TextDocument, { before, after }: Proposal): Promise<boolean> {
    const change = editBetween(before, after);
    if (change === undefined || document.getText() !== before) return false;
    const range = new vscode.Range(
        document.positionAt(change.from),
        document.positionAt(change.to),
    );
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, change.text);
    return vscode.workspace.applyEdit(edit);
}

/** The dev shell follows of itself where it is in use; the buttons are for where it is not. */
async function tell({ done, asksForLock }: FlakeWish): Promise<void> {
    const [enter, lock] = ["Enter Dev Shell", "Lock Flake"];
    const picked = await vscode.window.showInformationMessage(
        done,
        ...(asksForLock ? [lock] : []),
        enter,
    );
    if (picked === enter) await vscode.commands.executeCommand(Command.enter);
    if (picked === lock) await vscode.commands.executeCommand(Command.lock);
}
