import { basename } from "node:path";
import * as vscode from "vscode";

const SCHEME = "nix-rust-preview";

/** A file as it is to become. */
export interface ProposedFile {
    readonly uri: vscode.Uri;
    readonly text: string;
}

/** One of the answers to a preview. */
export interface PreviewChoice<Id extends string> {
    readonly id: Id;
    /** May begin with an icon. */
    readonly label: string;
    readonly description?: string;
    readonly detail?: string;
}

/**
 * Shows what files would become, beside what they are, before anything is written. Nothing but an
 * explicit yes writes: closing the question or the window is a no.
 */
export class Preview implements vscode.TextDocumentContentProvider, vscode.Disposable {
    readonly #texts = new Map<string, string>();
    /** With the first preview: most windows never have one. */
    #registration: vscode.Disposable | undefined;
    #count = 0;

    /** Undefined for what another preview proposes. */
    provideTextDocumentContent(uri: vscode.Uri): string | undefined {
        return this.#texts.get(uri.toString());
    }

    /**
     * Opens the differences and asks.
     *
     * @param title what is proposed, in a few words
     * @returns the choice; undefined for "nothing", which is always among them
     */
    async ask<Id extends string>(
        files: readonly ProposedFile[],
        title: string,
        choices: readonly PreviewChoice<Id>[],
    ): Promise<Id | undefined> {
        this.#registration ??= vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
        const pairs = await Promise.all(files.map((file) => this.#pairOf(file)));
        const [only] = pairs;
        if (pairs.length === 1 && only !== undefined) {
            await vscode.commands.executeCommand("vscode.diff", only.before, only.after, only.name);
        } else {
            const resources = pairs.map(({ uri, before, after }) => [uri, before, after]);
            await vscode.commands.executeCommand("vscode.changes", title, resources);
        }
        try {
            return await question(title, choices);
        } finally {
            await closeTabs(title);
            for (const { before, after } of pairs) {
                this.#texts.delete(before.toString());
                this.#texts.delete(after.toString());
            }
        }
    }

    dispose(): void {
        this.#registration?.dispose();
    }

    async #pairOf({ uri, text }: ProposedFile) {
        const name = vscode.workspace.asRelativePath(uri, false);
        const exists = await isThere(uri);
        // An existing file is shown as it is in the editor, with what is not saved yet.
        const before = exists ? uri : this.#virtual(uri, "");
        const after = this.#virtual(uri, text);
        return { uri, before, after, name: `${name} (${exists ? "proposed changes" : "new"})` };
    }

    /** A name of its own for each text, as the editor keeps what it has read. */
    #virtual({ path }: vscode.Uri, text: string): vscode.Uri {
        const uri = vscode.Uri.from({ scheme: SCHEME, path, query: String(++this.#count) });
        this.#texts.set(uri.toString(), text);
        return uri;
    }
}

async function question<Id extends string>(
    title: string,
    choices: readonly PreviewChoice<Id>[],
): Promise<Id | undefined> {
    const nothing = { id: undefined, label: "$(close) Write Nothing" };
    const picked = await vscode.window.showQuickPick([...choices, nothing], {
        title: `Nix: ${title}`,
        placeHolder: "Below is what would be written. Nothing is written yet.",
        // So that the preview can be scrolled and read.
        ignoreFocusOut: true,
    });
    return picked?.id;
}

/**
 * Writes files through the editor, so that undo works, and saves them.
 *
 * @returns whether all were written; where one was not, the user has been told why.
 */
export async function writeFiles(files: readonly ProposedFile[]): Promise<boolean> {
    const failed = await firstUnwritten(files);
    if (failed === undefined) return true;
    await vscode.window.showErrorMessage(
        `${basename(failed.path)} can't be written: it, or its folder, is read-only.`,
    );
    return false;
}

async function firstUnwritten(files: readonly ProposedFile[]): Promise<vscode.Uri | undefined> {
    for (const { uri, text } of files) {
        const edit = new vscode.WorkspaceEdit();
        if (await isThere(uri)) {
            const document = await vscode.workspace.openTextDocument(uri);
            const all = new vscode.Range(0, 0, document.lineCount, 0);
            edit.replace(uri, document.validateRange(all), text);
        } else {
            edit.createFile(uri, { contents: new TextEncoder().encode(text) });
        }
        try {
            if (!(await vscode.workspace.applyEdit(edit))) return uri;
            const document = await vscode.workspace.openTextDocument(uri);
            if (document.isDirty && !(await document.save())) return uri;
        } catch {
            return uri; // A folder that can't be written, for one.
        }
    }
    return undefined;
}

async function isThere(uri: vscode.Uri): Promise<boolean> {
    try {
        await vscode.workspace.fs.stat(uri);
        return true;
    } catch {
        return false;
    }
}

/** A preview that was answered would only be in the way. */
async function closeTabs(title: string): Promise<void> {
    const isPreview = ({ input, label }: vscode.Tab): boolean => {
        const differences = differencesIn(input);
        return differences === undefined
            ? input === undefined && label.startsWith(title)
            : differences.some(({ modified }) => modified.scheme === SCHEME);
    };
    const groups = vscode.window.tabGroups;
    await groups.close(groups.all.flatMap(({ tabs }) => tabs.filter(isPreview)));
}

/**
 * What a tab compares; undefined where it compares nothing. The editor of several differences has
 * no type in the API: newer VS Codes tell what is in it, older ones nothing at all.
 */
function differencesIn(input: unknown): readonly vscode.TabInputTextDiff[] | undefined {
    if (input instanceof vscode.TabInputTextDiff) return [input];
    return (input as { readonly textDiffs?: readonly vscode.TabInputTextDiff[] } | undefined)
        ?.textDiffs;
}
