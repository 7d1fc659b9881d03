import { accessSync, constants, statSync } from "node:fs";
import { basename, dirname, join, relative } from "node:path";
import * as vscode from "vscode";
import { failureOf } from "../core/failure/failure";
import { sentenceFor } from "../core/failure/sentence";
import type { FlakeEdit, NotUnderstood } from "../core/flake/edit/flakeEdit";
import { editBetween } from "../core/flake/edit/textEdit";
import { detectProject } from "../core/project/project";
import type { WantedPart } from "../core/rust/native/wantedPart";
import type { FolderShell } from "../core/shell/folderShell";
import { currentOf } from "../core/shell/state";
import { showFailure } from "./fixes";
import { Command } from "./ids";
import { Preview } from "./preview";

/** What is done to a flake's text; `shell` is the label of the dev shell that is meant. */
type Change = (text: string, shell: string | undefined) => Promise<FlakeEdit>;

interface Wish {
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
async function changeFlake(shell: FolderShell, wish: Wish): Promise<boolean> {
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
async function flakeDocument(shell: FolderShell): Promise<vscode.TextDocument | undefined> {
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
    { change, title }: Wish,
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

interface Proposal extends Wish {
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
async function tell({ done, asksForLock }: Wish): Promise<void> {
    const [enter, lock] = ["Enter Dev Shell", "Lock Flake"];
    const picked = await vscode.window.showInformationMessage(
        done,
        ...(asksForLock ? [lock] : []),
        enter,
    );
    if (picked === enter) await vscode.commands.executeCommand(Command.enter);
    if (picked === lock) await vscode.commands.executeCommand(Command.lock);
}

/** Adds packages of nixpkgs that the user names to the dev shell. */
export async function addPackage(shell: FolderShell): Promise<void> {
    if ((await flakeDocument(shell)) === undefined) return;
    const { pickPackages } = await import("./packagePick");
    const attributes = await pickPackages();
    if (attributes === undefined) return;
    const { addPackages } = await import("../core/flake/edit/addPackages");
    const names = attributes.join(", ");
    const verb = attributes.length === 1 ? "is" : "are";
    await changeFlake(shell, {
        title: `Add ${names}`,
        done: `${names} ${verb} in flake.nix now.`,
        had: `${names} ${verb} in the dev shell of flake.nix already.`,
        change: (text, label) =>
            addPackages(text, { attributes, kind: "packages", platform: "all", shell: label }),
    });
}

/** Declares another input of the flake. */
export async function addFlakeInput(shell: FolderShell): Promise<void> {
    const document = await flakeDocument(shell);
    if (document === undefined) return;
    const { askForInput } = await import("./inputQuestions");
    const input = await askForInput(document.getText());
    if (input === undefined) return;
    const { addInput } = await import("../core/flake/edit/addInput");
    await changeFlake(shell, {
        title: `Add the Input ${input.name}`,
        done: `The input ${input.name} is in flake.nix now, and not yet in flake.lock.`,
        had: `flake.nix has an input ${input.name} already.`,
        change: (text) => addInput(text, input),
        asksForLock: true,
    });
}

/** Has the dev shell's Rust come from the project's toolchain file. */
export async function useToolchainFileInFlake(shell: FolderShell): Promise<void> {
    const { flake } = shell.project;
    // One that was written a moment ago may not have been noticed yet.
    const { toolchainFile } = detectProject(shell.folder);
    if (flake === undefined) {
        await showFailure(shell, failureOf("no-flake", shell.folder));
        return;
    }
    if (toolchainFile === undefined) {
        const create = "Create rust-toolchain.toml";
        const message = "There is no rust-toolchain.toml that the flake could use.";
        if ((await vscode.window.showInformationMessage(message, create)) === create) {
            await vscode.commands.executeCommand(Command.createToolchainFile);
        }
        return;
    }
    const file = relative(dirname(flake), toolchainFile);
    if (file.startsWith("..")) {
        void vscode.window.showErrorMessage(
            `${basename(toolchainFile)} is not below the folder of flake.nix, so the flake can't see it.`,
        );
        return;
    }
    const { useToolchainFile } = await import("../core/flake/edit/useToolchainFile");
    const written = await changeFlake(shell, {
        title: `Use ${file} in flake.nix`,
        done: `The flake takes its Rust from ${file} now.`,
        had: "The flake takes its Rust from a toolchain file already.",
        change: (text, label) => useToolchainFile(text, { file, shell: label }),
        asksForLock: true,
    });
    if (written) await offerTracking(shell, toolchainFile);
}

/** Brings rust-overlay into the flake, which makes `pkgs.rust-bin` known. */
export async function addRustOverlayToFlake(shell: FolderShell): Promise<void> {
    const { addRustOverlay } = await import("../core/flake/edit/addOverlay");
    await changeFlake(shell, {
        title: "Add rust-overlay",
        done: "The flake's packages have rust-bin now, from rust-overlay.",
        had: "The flake's packages have rust-overlay already.",
        change: (text, label) => addRustOverlay(text, label),
        asksForLock: true,
    });
}

/** Writes a toolchain file that asks for the Rust of the dev shell in use. */
export async function createToolchainFile(shell: FolderShell): Promise<void> {
    const { project } = shell;
    const known = detectProject(shell.folder).toolchainFile;
    if (known !== undefined) {
        await vscode.window.showTextDocument(vscode.Uri.file(known));
        return;
    }
    const toolchain = currentOf(shell.state)?.toolchain;
    if (toolchain === undefined) {
        const enter = "Enter Dev Shell";
        const message = "There is no Rust in use to write down: enter a dev shell with Rust first.";
        if ((await vscode.window.showInformationMessage(message, enter)) === enter) {
            await vscode.commands.executeCommand(Command.enter);
        }
        return;
    }
    const { newToolchainFile } = await import("../core/rust/newToolchainFile");
    const text = newToolchainFile(toolchain, process);
    if (text === undefined) {
        void vscode.window.showErrorMessage(
            `A toolchain file can't ask for the Rust in use (${toolchain.version}).`,
        );
        return;
    }
    const folder = project.flake === undefined ? shell.folder : dirname(project.flake);
    const uri = vscode.Uri.file(join(folder, "rust-toolchain.toml"));
    const preview = new Preview();
    try {
        const label = "$(check) Create rust-toolchain.toml";
        const title = "Create rust-toolchain.toml";
        const choices = [{ id: "write", label, description: toolchain.version }];
        if ((await preview.ask([{ uri, text }], title, choices)) === undefined) return;
    } finally {
        preview.dispose();
    }
    const edit = new vscode.WorkspaceEdit();
    edit.createFile(uri, { contents: new TextEncoder().encode(text) });
    if (!(await vscode.workspace.applyEdit(edit))) {
        void vscode.window.showErrorMessage(
            "rust-toolchain.toml could not be written. Can you write to its folder?",
        );
        return;
    }
    await vscode.window.showTextDocument(uri);
    await offerTracking(shell, uri.fsPath);
    const use = "Use It in Flake";
    const message = "rust-toolchain.toml asks for the Rust in use now.";
    if (project.flake === undefined) return;
    if ((await vscode.window.showInformationMessage(message, use)) === use) {
        await vscode.commands.executeCommand(Command.useToolchainFile);
    }
}

/** Nix sees only what git knows of. */
async function offerTracking(shell: FolderShell, file: string): Promise<void> {
    if (!(await shell.lock.isUntracked(file))) return;
    const add = "Add to Git";
    const message = `Git does not know ${basename(file)} yet, so Nix does not see it.`;
    const picked = await vscode.window.showWarningMessage(message, add);
    if (picked === add) await shell.track(file);
}

/** Compares what the project's crates need with what the flake has, and adds what is missing. */
export async function addNativeDependencies(
    shell: FolderShell,
    wanted: readonly WantedPart[],
): Promise<void> {
    const document = await flakeDocument(shell);
    if (document === undefined) return;
    const { pickNeeds } = await import("./needsPick");
    const needs = await pickNeeds(shell, document.getText(), wanted);
    if (needs === undefined) return;
    const { addNeeds } = await import("../core/flake/edit/missingNeeds");
    const names = needs.map(({ name }) => name).join(", ");
    await changeFlake(shell, {
        title: `Add ${needs.length === 1 ? names : `${needs.length} Native Dependencies`}`,
        done: `flake.nix has ${names} now.`,
        had: `flake.nix has ${names} already.`,
        change: (text, label) => addNeeds(text, needs, label),
    });
}
