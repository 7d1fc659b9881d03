import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { gitFolder } from "../core/lock/gitFolder";
import { isByproduct } from "../core/shell/byproduct";
import { FilePoll } from "../core/shell/filePoll";
import { readWatchedGlobs } from "./settings";

/** Files that can decide a dev shell, wherever they lie in the folder. */
const DECISIVE = "**/{flake.lock,*.nix,rust-toolchain,rust-toolchain.toml,Cargo.toml}";
const IS_DECISIVE = /(?:\.nix|\/flake\.lock|\/rust-toolchain(?:\.toml)?|\/Cargo\.toml)$/;

/**
 * What git changes when it stages, commits or switches: it decides what Nix sees, and the drift. A
 * commit of what is staged already shows in the log of HEAD alone.
 */
const GIT = ["index", "HEAD", "logs/HEAD"];

/** Editors write a file in several steps, and a checkout touches hundreds. In milliseconds. */
const SETTLED = 300;

/** How often git is waited for while it writes, before its lock counts as left behind. */
const MOST_WAITS = 30;

/** How often files are looked at where nobody reports their changes, in milliseconds. */
const POLL = 10_000;

/** How many files may match the user's globs. */
const MOST_WATCHED = 1_000;

/** What is to be watched for a folder. */
export interface Watched {
    readonly project: { readonly repository: string | undefined };
    /** Files that the dev shell depends on, as absolute paths. */
    readonly inputs: readonly string[];
}

/** The files that the user's setting names. */
export async function findWatched(folder: vscode.WorkspaceFolder): Promise<string[]> {
    const globs = readWatchedGlobs(folder.uri);
    if (globs.length === 0) return [];
    const pattern = new vscode.RelativePattern(folder, braces(globs));
    const found = await vscode.workspace.findFiles(pattern, null, MOST_WATCHED);
    return found.map((uri) => uri.fsPath);
}

/**
 * Tells once when files that matter to a dev shell changed and have settled.
 *
 * A network file system reports no changes that another machine makes, and a machine can run out of
 * what it watches with. So the files are also looked at now and then, and all is looked at when the
 * user saves one of them, or comes back to the window.
 */
export class FolderWatcher implements vscode.Disposable {
    readonly #onDidChange: () => void;
    #timer: NodeJS.Timeout | undefined;
    #watched: Watched | undefined;
    /** The files that the dev shell depends on. */
    #inputs: ReadonlySet<string> = new Set();
    /** The folders, at any height, that have files which the dev shell depends on. */
    #folders: ReadonlySet<string> = new Set();
    /** Watchers by what they watch, so that one that is still right stays. */
    #watchers = new Map<string, vscode.Disposable>();
    readonly #poll = new FilePoll();
    #attention: vscode.Disposable | undefined;
    #git: string | undefined;
    #waits = 0;

    constructor(onDidChange: () => void) {
        this.#onDidChange = onDidChange;
    }

    /** Watches this from now on, and nothing else. */
    watch(folder: string, { project, inputs }: Watched): void {
        // While nix is at work this is called many times a second, and can be about many files. What
        // the user's setting names is found anew along with the inputs.
        const last = this.#watched;
        if (last?.inputs === inputs && last.project.repository === project.repository) return;
        this.#watched = { project, inputs };
        this.#attention ??= this.#payAttention();
        this.#inputs = new Set(inputs);
        this.#folders = foldersOf(inputs);
        this.#git = project.repository && gitFolder(project.repository);
        const git = this.#git === undefined ? [] : GIT.map((name) => join(this.#git ?? "", name));
        this.#poll.watch([...git, ...inputs]);
        const wanted = new Map<string, () => vscode.Disposable>();
        const add = (base: string, glob: string): void => {
            const pattern = new vscode.RelativePattern(vscode.Uri.file(base), glob);
            wanted.set(`${base}\0${glob}`, () => this.#start(pattern));
        };
        for (const root of new Set([folder, project.repository ?? folder])) {
            add(root, DECISIVE);
            wanted.set(root, () => this.#startForFolders(root));
        }
        if (this.#git !== undefined) add(this.#git, braces(GIT));
        const globs = readWatchedGlobs(vscode.Uri.file(folder));
        if (globs.length > 0) add(folder, braces(globs));
        // The usual names are covered; the flake may name others, a folder's each in one watcher.
        const others = new Map<string, string[]>();
        for (const file of inputs) {
            if (/(?:\.nix|\/flake\.lock)$/.test(file)) continue;
            const base = dirname(file);
            others.set(base, [...(others.get(base) ?? []), basename(file)]);
        }
        for (const [base, names] of others) add(base, braces(names));
        for (const [key, watcher] of this.#watchers) {
            if (wanted.has(key)) continue;
            watcher.dispose();
            this.#watchers.delete(key);
        }
        for (const [key, start] of wanted) {
            if (!this.#watchers.has(key)) this.#watchers.set(key, start());
        }
    }

    dispose(): void {
        clearTimeout(this.#timer);
        this.#attention?.dispose();
        this.#attention = undefined;
        for (const watcher of this.#watchers.values()) watcher.dispose();
    }

    #start(pattern: vscode.RelativePattern): vscode.Disposable {
        const watcher = vscode.workspace.createFileSystemWatcher(pattern);
        const changed = ({ fsPath }: vscode.Uri): void => {
            if (!isByproduct(fsPath, pattern.baseUri.fsPath)) this.#settle();
        };
        watcher.onDidChange(changed);
        watcher.onDidCreate(changed);
        watcher.onDidDelete(changed);
        return watcher;
    }

    /** Of a folder that goes, the editor may report the folder alone, not its files. */
    #startForFolders(root: string): vscode.Disposable {
        const pattern = new vscode.RelativePattern(vscode.Uri.file(root), "**");
        const watcher = vscode.workspace.createFileSystemWatcher(pattern, true, true, false);
        watcher.onDidDelete(({ fsPath }) => {
            if (this.#folders.has(fsPath)) this.#settle();
        });
        return watcher;
    }

    #payAttention(): vscode.Disposable {
        const timer = setInterval(() => void this.#look(), POLL);
        return vscode.Disposable.from(
            { dispose: () => clearInterval(timer) },
            vscode.window.onDidChangeWindowState(({ focused }) => {
                if (focused) this.#settle();
            }),
            vscode.workspace.onDidSaveTextDocument(({ uri }) => {
                if (IS_DECISIVE.test(uri.path) || this.#inputs.has(uri.fsPath)) this.#settle();
            }),
        );
    }

    async #look(): Promise<void> {
        const hasChanged = await this.#poll.hasChanged();
        if (hasChanged && this.#attention !== undefined) this.#settle();
    }

    #settle(): void {
        this.#waits = 0;
        this.#wait();
    }

    /** What git is still at is neither the old nor the new: it holds a lock for so long. */
    #wait(): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            const isGitAtWork =
                this.#git !== undefined && existsSync(join(this.#git, "index.lock"));
            if (isGitAtWork && this.#waits++ < MOST_WAITS) this.#wait();
            else this.#onDidChange();
        }, SETTLED);
    }
}

function foldersOf(files: readonly string[]): ReadonlySet<string> {
    const folders = new Set<string>();
    for (const file of files) {
        let folder = dirname(file);
        while (!folders.has(folder)) {
            folders.add(folder);
            folder = dirname(folder);
        }
    }
    return folders;
}

/** One glob for several. */
function braces(globs: readonly string[]): string {
    return globs.length === 1 ? (globs[0] ?? "") : `{${globs.join(",")}}`;
}
