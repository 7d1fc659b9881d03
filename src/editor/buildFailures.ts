import * as vscode from "vscode";
import type { OpenFolder } from "./openFolder";

/** As much of the end of a command's output as is looked at, in characters. */
const KEPT = 1 << 18;

/** Which folder a build was of. */
export type FolderOf = (place: vscode.Uri | undefined) => OpenFolder | undefined;

/**
 * Notices that a build failed for want of something outside of Rust, and offers to add it to the
 * flake. What VS Code lets us see: cargo in terminals with shell integration, by its output; tasks,
 * only that they failed; and diagnostics. Nothing of an output is kept or logged.
 */
export class BuildFailures implements vscode.Disposable {
    readonly #folderOf: FolderOf;
    readonly #outputs = new Map<vscode.TerminalShellExecution, Promise<string>>();
    /** What was offered in this window: once is enough. */
    readonly #offered = new Set<string>();
    readonly #listeners: vscode.Disposable;

    constructor(folderOf: FolderOf) {
        this.#folderOf = folderOf;
        this.#listeners = vscode.Disposable.from(
            vscode.window.onDidStartTerminalShellExecution(({ execution }) => {
                if (!/\bcargo\b/.test(execution.commandLine.value)) return;
                this.#outputs.set(execution, readEnd(execution));
            }),
            vscode.window.onDidEndTerminalShellExecution(
                ({ execution, exitCode }) => void this.#ended(execution, exitCode),
            ),
            vscode.tasks.onDidEndTaskProcess(
                ({ execution: { task }, exitCode }) => void this.#taskEnded(task, exitCode),
            ),
            vscode.languages.onDidChangeDiagnostics(({ uris }) => void this.#diagnosed(uris)),
        );
    }

    dispose(): void {
        this.#listeners.dispose();
        this.#outputs.clear();
    }

    async #ended(
        execution: vscode.TerminalShellExecution,
        exitCode: number | undefined,
    ): Promise<void> {
        const reading = this.#outputs.get(execution);
        this.#outputs.delete(execution);
        if (reading === undefined || exitCode === 0) return;
        const { offerFrom } = await import("./buildOffers");
        await offerFrom(await reading, this.#folderOf(execution.cwd), this.#isNew);
    }

    /** A task's output is not to be had, so what its crates are known to need has to do. */
    async #taskEnded(task: vscode.Task, exitCode: number | undefined): Promise<void> {
        if (exitCode === undefined || exitCode === 0 || !isCargo(task)) return;
        const { scope } = task;
        const folder = this.#folderOf(typeof scope === "object" ? scope.uri : undefined);
        const { offerKnownNeeds } = await import("./buildOffers");
        await offerKnownNeeds(folder, this.#isNew);
    }

    async #diagnosed(uris: readonly vscode.Uri[]): Promise<void> {
        for (const uri of uris) {
            const texts = vscode.languages
                .getDiagnostics(uri)
                .filter(({ severity }) => severity === vscode.DiagnosticSeverity.Error)
                .map(({ message }) => message)
                // The rest is loaded only where it may have something to say.
                .filter((message) => MAY_TELL.test(message));
            if (texts.length === 0) continue;
            const { offerFrom } = await import("./buildOffers");
            await offerFrom(texts.join("\n"), this.#folderOf(uri), this.#isNew);
        }
    }

    readonly #isNew = (names: readonly string[]): boolean => {
        const news = names.filter((name) => !this.#offered.has(name));
        for (const name of news) this.#offered.add(name);
        return news.length > 0;
    };
}

/** What a message has in it that is about something outside of Rust. */
const MAY_TELL = /not find|not found|did not exit|required by/i;

async function readEnd(execution: vscode.TerminalShellExecution): Promise<string> {
    let text = "";
    for await (const chunk of execution.read()) {
        text += chunk;
        // Not at each chunk: that would copy all of it each time.
        if (text.length > 2 * KEPT) text = text.slice(-KEPT);
    }
    return text;
}

function isCargo({ definition, execution }: vscode.Task): boolean {
    if (definition.type === "cargo") return true;
    if (execution instanceof vscode.ShellExecution) {
        const { command, commandLine } = execution;
        const name = typeof command === "string" ? command : command?.value;
        return /\bcargo\b/.test(`${commandLine ?? ""} ${name ?? ""}`);
    }
    return execution instanceof vscode.ProcessExecution && /\bcargo$/.test(execution.process);
}
