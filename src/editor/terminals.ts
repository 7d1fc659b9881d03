import type * as vscode from "vscode";
import type { Change } from "../core/environment/change";
import type { Snapshot } from "../core/snapshot";
import { snapshotOf, titleOf, type OpenFolder } from "./openFolder";

/** What an editor's collection can be told about one variable. */
interface Mutation {
    readonly kind: "replace" | "prepend" | "append";
    readonly value: string;
}

/**
 * The environments of terminals and tasks, a collection for each workspace folder.
 *
 * VS Code tells the folders of a window apart by their index, and keeps the first object that it
 * was given for a folder. So that object is ours, and is told when the folder's index changes.
 */
export class Terminals {
    readonly #collections: vscode.GlobalEnvironmentVariableCollection;
    readonly #scopes = new Map<string, { workspaceFolder: vscode.WorkspaceFolder }>();

    /** What each folder's terminals were given last. */
    readonly #given = new Map<string, { index: number; snapshot: Snapshot | undefined }>();

    constructor(collections: vscode.GlobalEnvironmentVariableCollection) {
        this.#collections = collections;
        // Terminals that the editor revives at start-up are there before we are.
        // They are so by default; setting it would send all of them to the window once more.
        if (!collections.persistent) collections.persistent = true;
    }

    /** Gives new terminals of each folder its dev shell, where that is not what they have. */
    update(folders: readonly OpenFolder[]): void {
        for (const folder of folders) {
            const snapshot = snapshotOf(folder);
            const { index, uri } = folder.workspaceFolder;
            const last = this.#given.get(uri.toString());
            if (last?.index === index && last.snapshot === snapshot) continue;
            this.#given.set(uri.toString(), { index, snapshot });
            this.replace(folder.workspaceFolder, snapshot?.changes ?? [], titleOf(folder));
        }
    }

    /** Takes from new terminals of a folder that was closed what was ours. */
    clear(folder: vscode.WorkspaceFolder): void {
        this.#given.delete(folder.uri.toString());
        this.replace(folder, [], "");
    }

    /** Gives new terminals of the folder these changes, and nothing else of ours. */
    replace(
        workspaceFolder: vscode.WorkspaceFolder,
        changes: readonly Change[],
        description: string,
    ): void {
        const key = workspaceFolder.uri.toString();
        const scope = this.#scopes.get(key) ?? { workspaceFolder: { ...workspaceFolder } };
        const isMoved = scope.workspaceFolder.index !== workspaceFolder.index;
        Object.assign(scope.workspaceFolder, workspaceFolder);
        this.#scopes.set(key, scope);

        const collection = this.#collections.getScoped(scope);
        const mutations = mutationsOf(changes);
        const gone: string[] = [];
        collection.forEach((name) => {
            if (!mutations.has(name)) gone.push(name);
        });
        for (const name of gone) collection.delete(name);
        // Only differences are written, which VS Code sees to: each makes it offer to relaunch
        // terminals.
        for (const [name, { kind, value }] of mutations) {
            collection[kind](name, value, OPTIONS[kind]);
        }
        collection.description = description;
        // This sends everything anew, also what differs in the folder's index only.
        if (isMoved) this.#collections.persistent = true;
    }
}

/**
 * A path list is applied again when the user's shell has read its start-up files, which would
 * otherwise have the last word on what comes first.
 */
const AGAIN = { applyAtProcessCreation: true, applyAtShellIntegration: true };
const ONCE = { applyAtProcessCreation: true };
const OPTIONS = { replace: ONCE, append: ONCE, prepend: AGAIN } as const;

/** One mutation for each name: the collection keeps only one. Unsetting is not among them. */
function mutationsOf(changes: readonly Change[]): Map<string, Mutation> {
    const mutations = new Map<string, Mutation>();
    const left = new Set(overflowOf(changes));
    for (const change of changes) {
        if (left.has(change)) continue;
        switch (change.op) {
            case "set":
                mutations.set(change.name, { kind: "replace", value: literally(change.value) });
                break;
            case "unset":
                mutations.set(change.name, { kind: "replace", value: "" });
                break;
            case "prepend":
                mutations.set(change.name, {
                    kind: "prepend",
                    value: `${literally(change.value)}:`,
                });
                break;
            case "append":
                // What is prepended counts more, where a list has both.
                if (!mutations.has(change.name)) {
                    mutations.set(change.name, {
                        kind: "append",
                        value: `:${literally(change.value)}`,
                    });
                }
                break;
        }
    }
    return mutations;
}

/**
 * With each variable that it is told, VS Code sends all of them anew: 5,000 would take more than a
 * minute, in which the extension host answers nobody.
 */
export const MOST_VARIABLES = 500;

/** The changes that are too many for the collection: the last ones that merely set a variable. */
function overflowOf(changes: readonly Change[]): Change[] {
    const excess = changes.length - MOST_VARIABLES;
    return excess <= 0 ? [] : changes.filter(({ op }) => op === "set").slice(-excess);
}

/** What a terminal has to be given when it is opened, because its folder's collection lacks it. */
export function terminalEnvironment(changes: readonly Change[]): Record<string, string> {
    return Object.fromEntries(
        overflowOf(changes).flatMap((change) =>
            change.op === "set" ? [[change.name, literally(change.value)]] : [],
        ),
    );
}

/**
 * VS Code replaces `${env:NAME}`, `${workspaceFolder}` and the like in what it is given, and starts
 * no terminal where it can't. It does so once, so what is split by a variable that nobody has stays.
 */
function literally(value: string): string {
    return value.replaceAll("${", () => "$${env:NIX_RUST_NOTHING}{");
}
