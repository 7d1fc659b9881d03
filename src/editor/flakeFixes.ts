import { join } from "node:path";
import * as vscode from "vscode";
import type { Failure } from "../core/failure/failure";
import { hostSystem } from "../core/nix/hostSystem";
import { progressText } from "../core/nix/progress";
import { failedFlake, findProblem } from "../core/problem/findProblem";
import { findRepairs, type FileRepair } from "../core/problem/findRepairs";
import { committedText } from "../core/lock/git";
import { mergeSides } from "../core/lock/mergeSides";
import { resolveLock } from "../core/lock/resolveLock";
import { flakeFolder } from "../core/project/project";
import type { FolderShell } from "../core/shell/folderShell";
import { readTextFile } from "../core/textFile";
import { withProgress } from "./progress";

/** The changes of the flake's files that would mend a failure. */
export async function repairsOf(folder: FolderShell, failure: Failure): Promise<FileRepair[]> {
    const flake = failedFlake(folder.project, readTextFile);
    const problem = flake && (await findProblem(failure, flake));
    if (flake === undefined || problem === undefined) return [];
    return findRepairs(problem, flake, hostSystem(process.platform, process.arch));
}

/** Makes a change that the user asked for, shows it, and saves it unless others are unsaved. */
export async function applyRepair({ file, text, edits }: FileRepair): Promise<void> {
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    const editor = await vscode.window.showTextDocument(document);
    const hadChanges = document.isDirty;
    // It was worked out on what is saved: elsewhere in other text, it would do harm.
    if (document.getText() !== text) {
        const message = "The file has unsaved changes. Save them, then try again.";
        await vscode.window.showWarningMessage(message);
        return;
    }
    const done = await editor.edit((edit) => {
        for (const { from, to, text: by } of edits) {
            edit.replace(new vscode.Range(document.positionAt(from), document.positionAt(to)), by);
        }
    });
    const [first] = edits;
    if (first !== undefined) editor.revealRange(lineAt(document, first.from));
    if (done && !hadChanges) await document.save();
}

/** Leads to where the failure comes from, in the user's own files if it is there. */
export async function openPlace(folder: FolderShell, failure: Failure): Promise<void> {
    const flake = failedFlake(folder.project, readTextFile);
    const problem = flake && (await findProblem(failure, flake));
    if (problem === undefined) return openFile(folder.project.flake);
    const { line, column } = problem.range;
    const at = new vscode.Position(line, column);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(problem.file));
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

export async function openFile(file: string | undefined): Promise<void> {
    if (file !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(file));
}

interface Choice extends vscode.QuickPickItem {
    readonly text: string | undefined;
}

/** Lets the user choose what to make of a flake.lock that nix can't read. */
export async function resolveConflict(folder: FolderShell): Promise<void> {
    const at = flakeFolder(folder.project);
    const lock = at === undefined ? undefined : readTextFile(join(at, "flake.lock"));
    if (at === undefined || lock === undefined) return;
    const sides = mergeSides(lock);
    const committed = await committedText(folder.git(), at, "flake.lock");
    const choices: Choice[] = [];
    if (sides !== undefined) {
        choices.push(
            {
                label: "Take Ours",
                detail: "The versions of HEAD, completed for flake.nix",
                text: sides.ours,
            },
            {
                label: "Take Theirs",
                detail: "The versions that come in by the merge or rebase, completed for flake.nix",
                text: sides.theirs,
            },
        );
    } else if (committed !== undefined && committed !== lock) {
        choices.push({
            label: "Restore the Committed One",
            detail: "The versions of the last commit, completed for flake.nix",
            text: committed,
        });
    }
    choices.push({
        label: "Create It Again",
        detail: "The newest version of every input",
        text: undefined,
    });
    const picked = await vscode.window.showQuickPick(choices, {
        title: "Nix: Resolve flake.lock",
        placeHolder: "Which versions of the inputs should it have?",
    });
    if (picked === undefined) return;
    const { undo } = await withProgress("Nix: changing flake.lock", (signal, report) =>
        resolveLock(
            {
                nix: folder.nix(),
                flakeFolder: at,
                signal,
                onProgress: (now) => report(progressText(now)),
            },
            picked.text,
        ),
    );
    void offerUndo(folder, undo);
    await folder.refresh("files changed");
}

async function offerUndo(folder: FolderShell, undo: () => boolean): Promise<void> {
    const label = "Undo";
    const message = "flake.lock is in order again. Add it to Git when you have looked at it.";
    if ((await vscode.window.showInformationMessage(message, label)) !== label) return;
    if (!undo()) {
        const kept = "flake.lock was changed after that, so it stays as it is.";
        void vscode.window.showInformationMessage(kept);
    }
    await folder.refresh("files changed");
}

function lineAt(document: vscode.TextDocument, offset: number): vscode.Range {
    const { line } = document.positionAt(offset);
    return document.lineAt(line).range;
}
