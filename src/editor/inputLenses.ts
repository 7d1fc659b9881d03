import * as vscode from "vscode";
import type { Hover } from "../core/flake/inputHover";
import { Command } from "./ids";
import type { OpenFolder } from "./openFolder";

const FLAKES: vscode.DocumentSelector = { scheme: "file", pattern: "**/flake.nix" };
const LOCKS: vscode.DocumentSelector = { scheme: "file", pattern: "**/flake.lock" };
/** Git's side of a comparison has a scheme of its own. */
const ALL_LOCKS = [LOCKS, { scheme: "git", pattern: "**/flake.lock" }];

/** What is drawn above the inputs of flake.nix and at the top of flake.lock, and their hovers. */
export class InputLenses implements vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly #folders: () => readonly OpenFolder[];
    readonly #registrations: vscode.Disposable;

    constructor(folders: () => readonly OpenFolder[]) {
        this.#folders = folders;
        const onDidChangeCodeLenses = this.#changed.event;
        this.#registrations = vscode.Disposable.from(
            this.#changed,
            vscode.languages.registerCodeLensProvider(FLAKES, {
                onDidChangeCodeLenses,
                provideCodeLenses: (document) => this.#flakeLenses(document),
            }),
            vscode.languages.registerHoverProvider(FLAKES, {
                provideHover: (document, position) => this.#flakeHover(document, position),
            }),
            vscode.languages.registerCodeLensProvider(LOCKS, {
                onDidChangeCodeLenses,
                provideCodeLenses: (document) => this.#lockLenses(document),
            }),
            vscode.languages.registerHoverProvider(ALL_LOCKS, {
                provideHover: (document, position) => this.#lockHover(document, position),
            }),
        );
    }

    /** Draws them anew, because the lock or what is committed may have changed. */
    refresh(): void {
        this.#changed.fire();
    }

    dispose(): void {
        this.#registrations.dispose();
    }

    /** The folder that a flake.nix, or the flake.lock beside one, belongs to. */
    #ownerOf(flake: string): OpenFolder | undefined {
        return this.#folders().find(({ shell }) => shell.project.flake === flake);
    }

    async #flakeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
        const owner = this.#ownerOf(document.uri.fsPath);
        if (owner === undefined) return [];
        const { inputLenses } = await import("../core/flake/inputLenses");
        const lock = await lockBeside(document);
        const lenses = await inputLenses(document.getText(), lock, Date.now());
        return lenses.flatMap(({ input, at, text, offer }) => {
            const position = document.positionAt(at);
            const range = new vscode.Range(position, position);
            const target = { folder: uriOf(owner), input };
            return [
                // Without a command it is text, no link.
                new vscode.CodeLens(range, { title: text, command: "" }),
                ...(offer === undefined
                    ? []
                    : [new vscode.CodeLens(range, { ...OFFERS[offer], arguments: [target] })]),
            ];
        });
    }

    async #flakeHover(
        document: vscode.TextDocument,
        position: vscode.Position,
    ): Promise<vscode.Hover | undefined> {
        const owner = this.#ownerOf(document.uri.fsPath);
        if (owner === undefined) return undefined;
        const { inputHover } = await import("../core/flake/inputHover");
        const hover = await inputHover(document.getText(), document.offsetAt(position), {
            lockText: await lockBeside(document),
            folder: uriOf(owner),
            now: Date.now(),
        });
        return hover && shown(hover, document);
    }

    async #lockLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
        const change = await this.#changeOf(document);
        if (change === undefined) return [];
        const top = new vscode.Range(0, 0, 0, 0);
        const show = {
            title: "Show Lock Changes",
            command: Command.showLockChanges,
            arguments: [{ folder: uriOf(change.owner) }],
        };
        return [
            new vscode.CodeLens(top, { title: change.text, command: "" }),
            new vscode.CodeLens(top, show),
        ];
    }

    async #lockHover(
        document: vscode.TextDocument,
        position: vscode.Position,
    ): Promise<vscode.Hover | undefined> {
        const { changeHover, lockHover } = await import("../core/lock/lockHover");
        if (position.line === 0) {
            // Comparisons show no lenses, unless the user wants them there.
            const change = await this.#changeOf(document);
            const end = document.lineAt(0).range.end;
            const place = { from: 0, to: document.offsetAt(end) };
            return (
                change &&
                shown({ text: changeHover(change.text, uriOf(change.owner)), place }, document)
            );
        }
        const hover = lockHover(document.getText(), document.offsetAt(position), Date.now());
        return hover && shown(hover, document);
    }

    /** What a lock has that is not committed; undefined where that is nothing, or unknown. */
    async #changeOf(
        document: vscode.TextDocument,
    ): Promise<{ text: string; owner: OpenFolder } | undefined> {
        const flake = vscode.Uri.joinPath(document.uri, "../flake.nix");
        const owner = document.uri.scheme === "file" ? this.#ownerOf(flake.fsPath) : undefined;
        if (owner === undefined) return undefined;
        const { before } = await owner.shell.lock.sinceCommit();
        if (before === undefined) return undefined;
        const { differencesOf, differenceSummary } = await import("../core/lock/differenceReport");
        const differences = differencesOf({ before, after: document.getText() }) ?? [];
        if (differences.length === 0) return undefined;
        return { text: `${differenceSummary(differences)} since the last commit`, owner };
    }
}

const OFFERS = {
    update: { title: "Update", command: Command.updateInput },
    lock: { title: "Lock Flake", command: Command.lock },
} as const;

/** By which commands are told the folder that they are for. */
function uriOf({ workspaceFolder }: OpenFolder): string {
    return workspaceFolder.uri.toString();
}

/** The text of the lock beside a flake.nix, as it is on disk. */
async function lockBeside({ uri }: vscode.TextDocument): Promise<string | undefined> {
    const { lockText } = await import("../core/lock/lockFile");
    return lockText(vscode.Uri.joinPath(uri, "..").fsPath);
}

function shown({ text, place }: Hover, document: vscode.TextDocument): vscode.Hover {
    const markdown = new vscode.MarkdownString(text);
    // Only our own commands: the text around them comes from files of the workspace.
    markdown.isTrusted = { enabledCommands: Object.values(Command) };
    const [from, to] = [document.positionAt(place.from), document.positionAt(place.to)];
    return new vscode.Hover(markdown, new vscode.Range(from, to));
}
