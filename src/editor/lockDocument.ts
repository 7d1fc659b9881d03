import * as vscode from "vscode";
import type { TwoLocks } from "../core/lock/differenceReport";

const SCHEME = "nix-rust-lock";

/** The read-only documents that show the difference of two locks. */
export class LockDocument implements vscode.TextDocumentContentProvider, vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<vscode.Uri>();
    readonly #shown = new Map<string, { readonly title: string; readonly locks: TwoLocks }>();
    readonly #registrations: vscode.Disposable;
    readonly onDidChange = this.#changed.event;

    constructor() {
        this.#registrations = vscode.Disposable.from(
            this.#changed,
            vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
            vscode.workspace.onDidCloseTextDocument(({ uri }) => {
                if (uri.scheme === SCHEME) this.#shown.delete(uri.toString());
            }),
        );
    }

    /** Opens the difference, or shows it anew where one of that title is open. */
    async show(locks: TwoLocks, title: string): Promise<void> {
        const uri = vscode.Uri.from({ scheme: SCHEME, path: "/Lock Changes", query: title });
        this.#shown.set(uri.toString(), { title, locks });
        this.#changed.fire(uri);
        const document = await vscode.workspace.openTextDocument(uri);
        await vscode.window.showTextDocument(document, { preview: true });
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        const shown = this.#shown.get(uri.toString());
        // VS Code opens it again with the window, when what was compared is long gone.
        if (shown === undefined) return "This comparison is no longer at hand.\n";
        const { differenceReport } = await import("../core/lock/differenceReport");
        return differenceReport(shown.title, shown.locks);
    }

    dispose(): void {
        this.#registrations.dispose();
    }
}
