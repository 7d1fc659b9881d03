import * as vscode from "vscode";
import { inputText } from "../core/lock/difference";
import type { LockedInput } from "../core/lock/lockedInputs";
import { pinReference } from "../core/lock/pin";
import type { FolderShell } from "../core/shell/folderShell";

/** The names of the inputs that the user wants updated. */
export async function pickInputs({ drift }: FolderShell): Promise<string[]> {
    const items = (drift?.inputs ?? [])
        .filter(({ follows }) => follows === undefined)
        .map((input) => ({ label: input.name, description: inputText(input) }));
    if (items.length === 0) {
        await vscode.window.showInformationMessage("This flake has no locked inputs to update.");
        return [];
    }
    const picked = await vscode.window.showQuickPick(items, {
        title: "Nix: Update Input",
        placeHolder: "Which inputs should take their newest version?",
        canPickMany: true,
    });
    return (picked ?? []).map(({ label }) => label);
}

/** The input of that name where it can be pinned, else the one that the user picks. */
export async function inputToPin(
    { drift }: FolderShell,
    name: string | undefined,
): Promise<LockedInput | undefined> {
    const able = (drift?.inputs ?? []).filter(
        (input) => input.follows === undefined && pinReference(input, "") !== undefined,
    );
    if (able.length === 0) {
        const message =
            "No input of this flake is locked from a repository, so none can be pinned.";
        await vscode.window.showInformationMessage(message);
        return undefined;
    }
    const named = able.find((input) => input.name === name);
    if (named !== undefined) return named;
    const items = able.map((input) => ({
        label: input.name,
        description: inputText(input),
        input,
    }));
    const options = { title: "Nix: Pin Input", placeHolder: "Which input should be pinned?" };
    return (await vscode.window.showQuickPick(items, options))?.input;
}
