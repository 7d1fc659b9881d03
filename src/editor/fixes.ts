import { dirname, join } from "node:path";
import * as vscode from "vscode";
import type { Failure } from "../core/failure/failure";
import { fixLabel, type FixId } from "../core/failure/fix";
import { sentenceFor } from "../core/failure/sentence";
import type { FolderShell } from "../core/shell/folderShell";
import { Command, SECTION, Setting } from "./ids";

const SHOW_LOG = "Show Log";

/** Tells the user what went wrong with something that they asked for, with the ways out as buttons. */
export async function showFailure(folder: FolderShell, failure: Failure): Promise<void> {
    const { message, fixes } = sentenceFor(failure);
    const offered = fixes.filter((fix) => FIXES[fix] !== undefined);
    const labels = [...offered.map(fixLabel), SHOW_LOG];
    const picked = await vscode.window.showErrorMessage(message, ...labels);
    if (picked === SHOW_LOG) await vscode.commands.executeCommand(Command.showLog);
    const fix = offered.find((id) => fixLabel(id) === picked);
    if (fix !== undefined) await FIXES[fix]?.(folder, failure);
}

type Fix = (folder: FolderShell, failure: Failure) => Thenable<unknown>;

/** What each button does. The ones without an entry are not offered yet. */
const FIXES: Partial<Record<FixId, Fix>> = {
    retry: () => vscode.commands.executeCommand(Command.enter),
    "choose-nix": chooseNix,
    "install-nix": () => vscode.env.openExternal(vscode.Uri.parse("https://nixos.org/download/")),
    "track-file": trackFile,
    "generate-flake": (folder) => setUpFlake(folder),
    "open-flake": (folder) => openFile(folder.project.flake),
    "open-place": openPlace,
    "select-shell": () => vscode.commands.executeCommand(Command.selectShell),
    lock: () => vscode.commands.executeCommand(Command.lock),
    "update-input": () => vscode.commands.executeCommand(Command.updateInput),
    "raise-hook-timeout": () =>
        vscode.commands.executeCommand(
            "workbench.action.openSettings",
            `${SECTION}.${Setting.hookTimeout}`,
        ),
};

/** Opens a flake.nix that is not saved yet, for the user to read, change and save. */
export async function setUpFlake(folder: FolderShell): Promise<void> {
    const root = folder.project.repository ?? folder.folder;
    const uri = vscode.Uri.file(join(root, "flake.nix")).with({ scheme: "untitled" });
    const document = await vscode.workspace.openTextDocument(uri);
    const editor = await vscode.window.showTextDocument(document);
    if (document.getText() !== "") return;
    const { proposedFlake } = await import("../core/flake/write/proposal");
    const { text } = await proposedFlake({
        project: folder.project,
        folder: root,
        now: new Date(),
    });
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), text));
}

async function chooseNix(): Promise<void> {
    const [file] =
        (await vscode.window.showOpenDialog({
            title: "Where is the nix executable?",
            defaultUri: vscode.Uri.file("/nix/var/nix/profiles/default/bin"),
        })) ?? [];
    if (file === undefined) return;
    await vscode.workspace
        .getConfiguration(SECTION)
        .update(Setting.nixPath, file.fsPath, vscode.ConfigurationTarget.Global);
    await vscode.commands.executeCommand(Command.enter);
}

/** Tells git about a file without adding its content: that is enough for nix to see it. */
async function trackFile(folder: FolderShell, failure: Failure): Promise<void> {
    await folder.track(failure.subject);
    await vscode.commands.executeCommand(Command.enter);
}

async function openPlace(folder: FolderShell, failure: Failure): Promise<void> {
    const { place } = failure;
    const { flake } = folder.project;
    if (place === undefined || flake === undefined) return;
    const inStore = /^\/nix\/store\/[0-9a-z]{32}-[^/]+\/(.+)$/.exec(place.file)?.[1];
    const root = folder.project.repository ?? dirname(flake);
    const file = inStore === undefined ? place.file : join(root, inStore);
    const at = new vscode.Position((place.line ?? 1) - 1, (place.column ?? 1) - 1);
    const document = await vscode.workspace.openTextDocument(file);
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

async function openFile(file: string | undefined): Promise<void> {
    if (file !== undefined) await vscode.window.showTextDocument(vscode.Uri.file(file));
}
