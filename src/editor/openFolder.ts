import type * as vscode from "vscode";
import type { FolderShell } from "../core/shell/folderShell";
import { currentOf } from "../core/shell/state";
import type { Snapshot } from "../core/snapshot";

/** A folder of the window with what we know of it. */
export interface OpenFolder {
    readonly workspaceFolder: vscode.WorkspaceFolder;
    readonly shell: FolderShell;
}

/** The folders of the window, and those that are meant where there can be only one. */
export interface OpenFolders {
    /** In the window's order, which the user can change. */
    readonly all: readonly OpenFolder[];
    /** The folder that the user means: the active editor's, or the one that feeds the window. */
    readonly active: OpenFolder | undefined;
    /** The folder whose dev shell the extension host and rust-analyzer are in. */
    readonly feeding: OpenFolder | undefined;
}

/** The environment that is in use in a folder. */
export function snapshotOf(folder: OpenFolder | undefined): Snapshot | undefined {
    return folder && currentOf(folder.shell.state);
}

/** What a folder's dev shell is called where there may be others. */
export function titleOf({ workspaceFolder, shell }: OpenFolder): string {
    return `Nix dev shell "${shell.choice.shell ?? "default"}" of ${workspaceFolder.name}`;
}
