import { basename, dirname, join, relative } from "node:path";
import * as vscode from "vscode";
import { failureOf } from "../core/failure/failure";
import { detectProject } from "../core/project/project";
import type { WantedPart } from "../core/rust/native/wantedPart";
import type { FolderShell } from "../core/shell/folderShell";
import { currentOf } from "../core/shell/state";
import { showFailure } from "./fixes";
import { changeFlake, flakeDocument } from "./flakeChange";
import { Command } from "./ids";
import { Preview } from "./preview";

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
