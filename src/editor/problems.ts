import * as vscode from "vscode";
import type { Failure } from "../core/failure/failure";
import type { FileRepair } from "../core/problem/findRepairs";
import type { FilePlace, Problem, Range } from "../core/problem/problem";
import { readTextFile } from "../core/textFile";
import { Command } from "./ids";
import type { OpenFolder } from "./openFolder";

/** What is marked for one folder. */
interface Marked {
    readonly folder: OpenFolder;
    readonly failure: Failure;
    /** Undefined while it is looked for, and where the failure is in no file of the user. */
    problem: Problem | undefined;
    readonly collection: vscode.DiagnosticCollection;
}

const SOURCE = "Nix";

/** Failures of dev shells in Problems, at the lines that they come from, with what mends them. */
export class Problems implements vscode.Disposable, vscode.CodeActionProvider {
    readonly #log: vscode.LogOutputChannel;
    readonly #marked = new Map<string, Marked>();
    readonly #listeners: vscode.Disposable;

    constructor(log: vscode.LogOutputChannel) {
        this.#log = log;
        const files = [
            { scheme: "file", pattern: "**/*.nix" },
            { scheme: "file", pattern: "**/flake.lock" },
        ];
        this.#listeners = vscode.Disposable.from(
            vscode.languages.registerCodeActionsProvider(files, this, {
                providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
            }),
            vscode.workspace.onDidChangeTextDocument((event) => this.#moved(event)),
        );
    }

    /** Marks what fails now; a capture that is under way leaves what was marked before. */
    update(folders: readonly OpenFolder[]): void {
        for (const folder of folders) {
            const { state } = folder.shell;
            if (state.kind === "failed") this.#mark(folder, state.failure);
            else if (state.kind !== "capturing") this.clear(folder.workspaceFolder);
        }
    }

    /** Nothing is marked for a folder that is closed. */
    clear({ uri }: vscode.WorkspaceFolder): void {
        const key = uri.toString();
        this.#marked.get(key)?.collection.dispose();
        this.#marked.delete(key);
    }

    async provideCodeActions(
        document: vscode.TextDocument,
        _: vscode.Range,
        { diagnostics }: vscode.CodeActionContext,
    ): Promise<vscode.CodeAction[]> {
        const actions: vscode.CodeAction[] = [];
        for (const { folder, problem, collection } of this.#marked.values()) {
            const own = collection.get(document.uri) ?? [];
            const [at] = diagnostics.filter((it) => own.some((mark) => isSame(mark, it)));
            if (problem === undefined || at === undefined) continue;
            actions.push(...(await actionsFor(folder, problem, at)));
        }
        return actions;
    }

    dispose(): void {
        this.#listeners.dispose();
        for (const { collection } of this.#marked.values()) collection.dispose();
        this.#marked.clear();
    }

    #mark(folder: OpenFolder, failure: Failure): void {
        const key = folder.workspaceFolder.uri.toString();
        if (this.#marked.get(key)?.failure === failure) return;
        this.clear(folder.workspaceFolder);
        const collection = vscode.languages.createDiagnosticCollection(SOURCE);
        const marked: Marked = { folder, failure, problem: undefined, collection };
        this.#marked.set(key, marked);
        this.#find(marked).catch((error: unknown) => {
            this.#log.error(error instanceof Error ? error : String(error));
        });
    }

    async #find(marked: Marked): Promise<void> {
        const { folder, failure, collection } = marked;
        const { failedFlake, findProblem } = await import("../core/problem/findProblem");
        // Nix reads what is saved.
        const flake = failedFlake(folder.shell.project, readTextFile);
        const problem = flake && (await findProblem(failure, flake));
        const isCurrent = this.#marked.get(folder.workspaceFolder.uri.toString()) === marked;
        if (problem === undefined || !isCurrent) return;
        marked.problem = problem;
        collection.set(vscode.Uri.file(problem.file), [diagnosticOf(problem)]);
    }

    /** The text moves under a mark while it is mended: the mark goes with it, or goes. */
    #moved({ document, contentChanges }: vscode.TextDocumentChangeEvent): void {
        if (contentChanges.length === 0) return;
        for (const { collection } of this.#marked.values()) {
            const [mark] = collection.get(document.uri) ?? [];
            if (mark === undefined) continue;
            const range = contentChanges.reduce<vscode.Range | undefined>(
                (at, change) => at && movedBy(at, change),
                mark.range,
            );
            if (range === undefined) collection.delete(document.uri);
            else if (!range.isEqual(mark.range)) {
                collection.set(document.uri, [withRange(mark, range)]);
            }
        }
    }
}

/** A fix is for what is in the editor. */
function editedText(file: string): string | undefined {
    const { path } = vscode.Uri.file(file);
    const open = vscode.workspace.textDocuments.find(
        ({ uri }) => uri.scheme === "file" && uri.path === path,
    );
    return open === undefined ? readTextFile(file) : open.getText();
}

async function actionsFor(
    { workspaceFolder, shell }: OpenFolder,
    problem: Problem,
    diagnostic: vscode.Diagnostic,
): Promise<vscode.CodeAction[]> {
    const [{ failedFlake }, { findRepairs }, { hostSystem }, { sentenceFor }, fix] =
        await Promise.all([
            import("../core/problem/findProblem"),
            import("../core/problem/findRepairs"),
            import("../core/nix/hostSystem"),
            import("../core/failure/sentence"),
            import("../core/failure/fix"),
        ]);
    const flake = failedFlake(shell.project, editedText);
    if (flake === undefined) return [];
    const { start, end } = diagnostic.range;
    const range = {
        line: start.line,
        column: start.character,
        endLine: end.line,
        endColumn: end.character,
    };
    const system = hostSystem(process.platform, process.arch);
    const repairs = await findRepairs({ ...problem, range }, flake, system);
    const actions = repairs.map((repair, i) => {
        const action = newAction(repair.title, diagnostic);
        action.edit = editOf(repair);
        action.isPreferred = i === 0;
        return action;
    });
    const { fixes } = sentenceFor(problem.failure);
    for (const id of fixes.filter((it) => !fix.isTextFix(it) && !LEADING_THERE.has(it))) {
        const title = fix.fixLabel(id);
        const action = newAction(title, diagnostic);
        const args = [workspaceFolder.uri.toString(), id];
        action.command = { command: Command.applyFix, title, arguments: args };
        actions.push(action);
    }
    return actions;
}

/** The user is there already. */
const LEADING_THERE: ReadonlySet<string> = new Set(["open-place", "open-flake"]);

function newAction(title: string, diagnostic: vscode.Diagnostic): vscode.CodeAction {
    const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    action.diagnostics = [diagnostic];
    return action;
}

function editOf({ file, text, edits }: FileRepair): vscode.WorkspaceEdit {
    const change = new vscode.WorkspaceEdit();
    const uri = vscode.Uri.file(file);
    for (const edit of edits) {
        const range = new vscode.Range(positionOf(text, edit.from), positionOf(text, edit.to));
        change.replace(uri, range, edit.text);
    }
    return change;
}

function positionOf(text: string, offset: number): vscode.Position {
    const before = text.slice(0, offset).split("\n");
    return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
}

function diagnosticOf(problem: Problem): vscode.Diagnostic {
    const diagnostic = new vscode.Diagnostic(rangeOf(problem), problem.message);
    diagnostic.source = SOURCE;
    diagnostic.code = problem.failure.kind;
    diagnostic.relatedInformation = problem.related.map(
        (place) =>
            new vscode.DiagnosticRelatedInformation(
                new vscode.Location(vscode.Uri.file(place.file), rangeOf(place)),
                place.message,
            ),
    );
    return diagnostic;
}

function rangeOf({ range }: FilePlace): vscode.Range {
    const { line, column, endLine, endColumn }: Range = range;
    return new vscode.Range(line, column, endLine, endColumn);
}

function isSame(a: vscode.Diagnostic, b: vscode.Diagnostic): boolean {
    return a.message === b.message && a.source === b.source && a.range.isEqual(b.range);
}

function movedBy(
    at: vscode.Range,
    { range, text }: vscode.TextDocumentContentChangeEvent,
): vscode.Range | undefined {
    if (range.start.isAfter(at.end)) return at;
    if (range.end.isAfter(at.start)) return undefined;
    const added = text.split("\n");
    const lines = added.length - 1 - (range.end.line - range.start.line);
    const move = (position: vscode.Position): vscode.Position => {
        const isSameLine = position.line === range.end.line;
        const start = added.length === 1 ? range.start.character : 0;
        const characters = isSameLine
            ? start + (added.at(-1)?.length ?? 0) - range.end.character
            : 0;
        return position.translate(lines, characters);
    };
    return new vscode.Range(move(at.start), move(at.end));
}

function withRange(diagnostic: vscode.Diagnostic, range: vscode.Range): vscode.Diagnostic {
    const moved = new vscode.Diagnostic(range, diagnostic.message, diagnostic.severity);
    const { source, code, relatedInformation } = diagnostic;
    return Object.assign(moved, { source, code, relatedInformation });
}
