import * as vscode from "vscode";
import { FLAKE_CONTEXT, INSIDE_CONTEXT } from "./ids";
import { snapshotOf, type OpenFolder } from "./openFolder";

/** What decides which commands and views are offered. */
export class ContextKeys {
    readonly #set = new Map<string, boolean>();

    update(folders: readonly OpenFolder[]): void {
        this.#tell(
            INSIDE_CONTEXT,
            folders.some((folder) => snapshotOf(folder) !== undefined),
        );
        this.#tell(
            FLAKE_CONTEXT,
            folders.some(({ shell }) => shell.project.flake !== undefined),
        );
    }

    /** Only what is new: while nix is at work, a folder changes many times a second. */
    #tell(key: string, value: boolean): void {
        if (this.#set.get(key) === value) return;
        this.#set.set(key, value);
        void vscode.commands.executeCommand("setContext", key, value);
    }
}
