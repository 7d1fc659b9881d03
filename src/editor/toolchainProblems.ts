import { existsSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import type { Project } from "../core/project/project";
import type { ToolchainFileProblem } from "../core/rust/toolchainProblem";
import { Command } from "./ids";
import type { OpenFolder } from "./openFolder";

const SOURCE = "Nix";
const NAMES = ["rust-toolchain.toml", "rust-toolchain"];

/** How long typing has to rest, in milliseconds. */
const RESTED = 300;

/** What is wrong with the window's toolchain files, as they are typed, before nix or rustup runs. */
export class ToolchainProblems implements vscode.Disposable, vscode.CodeActionProvider {
    readonly #marks = vscode.languages.createDiagnosticCollection(SOURCE);
    readonly #folders: () => readonly OpenFolder[];
    readonly #found = new Map<string, readonly ToolchainFileProblem[]>();
    readonly #listeners: vscode.Disposable;
    #timer: NodeJS.Timeout | undefined;
    #runs = 0;
    /** How the files were when they were looked at last. */
    #looked = "";

    constructor(folders: () => readonly OpenFolder[]) {
        this.#folders = folders;
        const files = { scheme: "file", pattern: "**/{rust-toolchain.toml,rust-toolchain}" };
        const changed = ({ uri }: vscode.TextDocument): void => {
            if (uri.scheme === "file" && NAMES.includes(basename(uri.fsPath))) this.#typed();
        };
        this.#listeners = vscode.Disposable.from(
            vscode.languages.registerCodeActionsProvider(files, this, {
                providedCodeActionKinds: [vscode.CodeActionKind.QuickFix],
            }),
            vscode.workspace.onDidOpenTextDocument(changed),
            vscode.workspace.onDidCloseTextDocument(changed),
            vscode.workspace.onDidChangeTextDocument(({ document }) => changed(document)),
        );
    }

    /** Looks again if the files are not what they were. Called often while nix is at work. */
    update(): void {
        this.#timer ??= setTimeout(() => {
            this.#timer = undefined;
            const state = stateOf(this.#folders());
            if (state !== this.#looked) void this.#look();
        }, RESTED);
    }

    provideCodeActions(
        document: vscode.TextDocument,
        _: vscode.Range,
        { diagnostics }: vscode.CodeActionContext,
    ): vscode.CodeAction[] {
        const problems = this.#found.get(document.uri.toString()) ?? [];
        return diagnostics
            .filter(({ source }) => source === SOURCE)
            .flatMap((diagnostic) =>
                problems
                    .filter((problem) => isMarkOf(diagnostic, problem, document))
                    .flatMap((problem) => actionsFor(problem, diagnostic, document)),
            );
    }

    dispose(): void {
        clearTimeout(this.#timer);
        this.#listeners.dispose();
        this.#marks.dispose();
    }

    /** Looks again once nothing more is typed. */
    #typed(): void {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => {
            this.#timer = undefined;
            void this.#look();
        }, RESTED);
    }

    async #look(): Promise<void> {
        const run = ++this.#runs;
        this.#looked = stateOf(this.#folders());
        const files = new Map<string, Project>();
        for (const { shell } of this.#folders()) {
            const { toolchainFile } = shell.project;
            if (toolchainFile === undefined) continue;
            for (const name of NAMES) {
                const file = join(dirname(toolchainFile), name);
                if (existsSync(file)) files.set(file, shell.project);
            }
        }
        const all = new Map<
            string,
            readonly [vscode.Uri, string, readonly ToolchainFileProblem[]]
        >();
        for (const [file, project] of files) {
            const uri = vscode.Uri.file(file);
            const text = textOf(uri);
            if (text === undefined) continue;
            const { projectToolchainProblems } =
                await import("../core/rust/projectToolchainProblems");
            const problems = await projectToolchainProblems({ file, text, project }, Date.now());
            all.set(uri.toString(), [uri, text, problems]);
        }
        // Typing went on, or a folder came or went meanwhile.
        if (run !== this.#runs) return;
        this.#marks.clear();
        this.#found.clear();
        for (const [key, [uri, text, problems]] of all) {
            this.#found.set(key, problems);
            this.#marks.set(
                uri,
                problems.map((problem) => diagnosticOf(problem, text)),
            );
        }
    }
}

/** What the marks depend on, besides texts in the editor: which files there are, and how old. */
function stateOf(folders: readonly OpenFolder[]): string {
    return folders
        .flatMap(({ shell: { project } }) => {
            const { toolchainFile: file, flake } = project;
            const near = file === undefined ? [] : NAMES.map((name) => join(dirname(file), name));
            const lock = flake === undefined ? [] : [flake, join(dirname(flake), "flake.lock")];
            return [...near, ...lock];
        })
        .map((file) => `${file} ${statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? ""}`)
        .join("\n");
}

function textOf(uri: vscode.Uri): string | undefined {
    const open = vscode.workspace.textDocuments.find(
        (document) => document.uri.toString() === uri.toString(),
    );
    if (open !== undefined) return open.getText();
    try {
        return readFileSync(uri.fsPath, "utf8");
    } catch {
        return undefined; // It has just gone.
    }
}

function diagnosticOf(problem: ToolchainFileProblem, text: string): vscode.Diagnostic {
    const { message, severity } = problem;
    const range = new vscode.Range(positionOf(text, problem.from), positionOf(text, problem.to));
    const diagnostic = new vscode.Diagnostic(
        range,
        message,
        severity === "error" ? vscode.DiagnosticSeverity.Error : vscode.DiagnosticSeverity.Warning,
    );
    diagnostic.source = SOURCE;
    return diagnostic;
}

function positionOf(text: string, offset: number): vscode.Position {
    const before = text.slice(0, offset).split("\n");
    return new vscode.Position(before.length - 1, before.at(-1)?.length ?? 0);
}

function isMarkOf(
    diagnostic: vscode.Diagnostic,
    { message, from }: ToolchainFileProblem,
    document: vscode.TextDocument,
): boolean {
    return (
        diagnostic.message === message && document.positionAt(from).isEqual(diagnostic.range.start)
    );
}

function actionsFor(
    { fixes, needsUpdate }: ToolchainFileProblem,
    diagnostic: vscode.Diagnostic,
    document: vscode.TextDocument,
): vscode.CodeAction[] {
    const actions = fixes.map(({ title, edits }, i) => {
        const action = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
        action.edit = new vscode.WorkspaceEdit();
        for (const { from, to, text } of edits) {
            const at = new vscode.Range(document.positionAt(from), document.positionAt(to));
            action.edit.replace(document.uri, at, text);
        }
        action.isPreferred = i === 0;
        action.diagnostics = [diagnostic];
        return action;
    });
    if (!needsUpdate) return actions;
    const title = "Update the flake's input";
    const update = new vscode.CodeAction(title, vscode.CodeActionKind.QuickFix);
    update.command = { command: Command.updateInput, title };
    update.diagnostics = [diagnostic];
    return [update, ...actions];
}
