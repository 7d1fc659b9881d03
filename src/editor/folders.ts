import * as vscode from "vscode";
import type { Environment } from "../core/environment/environment";
import { isRust } from "../core/project/project";
import { choiceIn } from "../core/shell/choice";
import { FolderShell } from "../core/shell/folderShell";
import { currentOf } from "../core/shell/state";
import type { OpenFolder, OpenFolders } from "./openFolder";
import { readSettings } from "./settings";
import { findWatched, FolderWatcher } from "./watcher";

export interface FoldersContext {
    /** Remembers choices for this workspace, outside the repository. */
    readonly memory: vscode.Memento;
    readonly storage: string;
    readonly editorEnvironment: Environment;
    readonly log: vscode.LogOutputChannel;
}

interface Entry extends OpenFolder {
    readonly watcher: vscode.Disposable;
}

const FEEDING = "feedingFolder";

/** The window's folders: opened and closed with it, each with its dev shell. */
export class Folders implements OpenFolders, vscode.Disposable {
    readonly #context: FoldersContext;
    readonly #entries = new Map<string, Entry>();
    readonly #changed = new vscode.EventEmitter<void>();
    readonly #environmentChanged = new vscode.EventEmitter<void>();
    readonly #closed = new vscode.EventEmitter<vscode.WorkspaceFolder>();
    readonly #listeners: vscode.Disposable;

    /** Something about a folder, or about which one is meant, changed. */
    readonly onDidChange = this.#changed.event;
    /** The environment of a folder, or the folder that feeds the window, changed. */
    readonly onDidChangeEnvironment = this.#environmentChanged.event;
    readonly onDidClose = this.#closed.event;

    /** Reads files only: when this returns, warm folders have their environment. */
    constructor(context: FoldersContext) {
        this.#context = context;
        for (const folder of vscode.workspace.workspaceFolders ?? []) this.#open(folder);
        this.#listeners = vscode.Disposable.from(
            vscode.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
                for (const folder of removed) this.#close(folder);
                const opened = added.map((folder) => this.#open(folder));
                this.#fireAll();
                for (const folder of opened) void folder?.shell.refresh("opened");
            }),
            vscode.window.onDidChangeActiveTextEditor(() => this.#changed.fire()),
        );
    }

    get all(): readonly OpenFolder[] {
        return (vscode.workspace.workspaceFolders ?? []).flatMap(
            (folder) => this.#entries.get(folder.uri.toString()) ?? [],
        );
    }

    get active(): OpenFolder | undefined {
        const uri = vscode.window.activeTextEditor?.document.uri;
        return (uri && this.at(uri)) ?? this.feeding ?? this.all[0];
    }

    get feeding(): OpenFolder | undefined {
        const picked = this.#context.memory.get<string>(FEEDING);
        const able = this.all.filter(({ shell }) => shell.canFeedWindow);
        return (
            able.find(({ workspaceFolder }) => workspaceFolder.uri.toString() === picked) ??
            able.find(({ shell }) => isRust(shell.project)) ??
            able[0]
        );
    }

    of(folder: vscode.WorkspaceFolder | undefined): OpenFolder | undefined {
        return folder && this.#entries.get(folder.uri.toString());
    }

    /** The folder that a file is in. */
    at(uri: vscode.Uri): OpenFolder | undefined {
        return this.of(vscode.workspace.getWorkspaceFolder(uri));
    }

    async feedFrom({ workspaceFolder }: OpenFolder): Promise<void> {
        await this.#context.memory.update(FEEDING, workspaceFolder.uri.toString());
        this.#fireAll();
    }

    /** Brings every folder to what its files and the settings say. */
    async refresh(why: "opened" | "files changed"): Promise<void> {
        await Promise.all(this.all.map(({ shell }) => shell.refresh(why)));
    }

    /** Captures anew what is in use, because what a capture depends on changed. */
    async recapture(): Promise<void> {
        await Promise.all(this.all.map(({ shell }) => shell.settingsChanged()));
    }

    /** Works out anew how every folder's lock stands. */
    async refreshDrift(): Promise<void> {
        await Promise.all(this.all.map(({ shell }) => shell.refreshDrift()));
    }

    /** Stops everything that runs. */
    async stop(): Promise<void> {
        await Promise.all(this.all.map(({ shell }) => shell.dispose()));
    }

    /** Leaves the terminals' environments as they are: they are for the next window, too. */
    dispose(): void {
        this.#listeners.dispose();
        for (const { watcher, shell } of this.#entries.values()) {
            watcher.dispose();
            void shell.dispose();
        }
        this.#entries.clear();
        this.#changed.dispose();
        this.#environmentChanged.dispose();
        this.#closed.dispose();
    }

    #fireAll(): void {
        this.#environmentChanged.fire();
        this.#changed.fire();
    }

    #open(workspaceFolder: vscode.WorkspaceFolder): OpenFolder | undefined {
        const { uri } = workspaceFolder;
        // Other schemes are no folders of this machine: nix can't see them.
        if (uri.scheme !== "file" || this.of(workspaceFolder) !== undefined) return undefined;
        const { memory, storage, editorEnvironment, log } = this.#context;
        const key = `choice:${uri.toString()}`;
        const shell = new FolderShell(uri.fsPath, {
            settings: () => readSettings(uri),
            choice: () => choiceIn(memory.get(key)),
            choose: (choice) => void memory.update(key, choice),
            watchedFiles: () => watchedIn(workspaceFolder, log),
            onDidChange: () => {
                const now = currentOf(shell.state);
                const isNew = now !== current;
                current = now;
                if (isNew) this.#environmentChanged.fire();
                this.#changed.fire();
                watcher.watch(uri.fsPath, shell);
            },
            log,
            editorEnvironment,
            storage,
        });
        let current = currentOf(shell.state);
        const watcher = new FolderWatcher(() => void shell.refresh("files changed"));
        const entry = { workspaceFolder, shell, watcher };
        this.#entries.set(uri.toString(), entry);
        return entry;
    }

    #close(workspaceFolder: vscode.WorkspaceFolder): void {
        const entry = this.#entries.get(workspaceFolder.uri.toString());
        if (entry === undefined) return;
        this.#entries.delete(workspaceFolder.uri.toString());
        entry.watcher.dispose();
        void entry.shell.dispose();
        this.#closed.fire(workspaceFolder);
    }
}

/** A pattern that VS Code can't search for must not keep anybody from the dev shell. */
async function watchedIn(
    folder: vscode.WorkspaceFolder,
    log: vscode.LogOutputChannel,
): Promise<readonly string[]> {
    try {
        return await findWatched(folder);
    } catch (error) {
        log.warn(`The files that nixRust.watch names can't be found: ${String(error)}`);
        return [];
    }
}
