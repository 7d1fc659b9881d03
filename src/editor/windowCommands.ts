import * as vscode from "vscode";
import type { Folders } from "./folders";
import type { RustAnalyzer } from "./rustAnalyzer";

/** Has the user pick the folder whose dev shell the window's one extension host is in. */
export async function selectWindowFolder(folders: Folders): Promise<void> {
    const { feeding } = folders;
    const able = folders.all.filter(({ shell }) => shell.canFeedWindow);
    const items = (able.length > 0 ? able : folders.all).map((folder) => ({
        label: folder.workspaceFolder.name,
        description: folder === feeding ? "in use" : "",
        folder,
    }));
    const picked = await vscode.window.showQuickPick(items, {
        title: "Nix: Select Folder for rust-analyzer",
        placeHolder: "Whose dev shell should rust-analyzer and other extensions be in?",
    });
    if (picked !== undefined) await folders.feedFrom(picked.folder);
}

/** Restarts rust-analyzer's server, or offers the extension where it is missing. */
export async function restartRustAnalyzer(rustAnalyzer: RustAnalyzer): Promise<void> {
    if (rustAnalyzer.isInstalled) return rustAnalyzer.restart();
    const install = "Show in Extensions";
    const message = "The extension rust-analyzer is not installed, or is disabled.";
    if ((await vscode.window.showInformationMessage(message, install)) === install) {
        await vscode.commands.executeCommand("extension.open", "rust-lang.rust-analyzer");
    }
}
