import * as vscode from "vscode";
import type { Snapshot } from "../core/snapshot";
import { Command } from "./ids";

const SCHEME = "nix-rust-environment";

/** What the document shows, given its folder. */
export type SnapshotOf = (
    folder: vscode.Uri,
) => { readonly title: string; readonly snapshot: Snapshot } | undefined;

/** The read-only document behind "Show Environment". Values are masked until asked for. */
export class EnvironmentDocument
    implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable
{
    readonly #changed = new vscode.EventEmitter<vscode.Uri>();
    readonly #snapshotOf: SnapshotOf;
    readonly #registrations: vscode.Disposable;
    #values: "masked" | "shown" = "masked";
    readonly onDidChange = this.#changed.event;

    constructor(snapshotOf: SnapshotOf) {
        this.#snapshotOf = snapshotOf;
        this.#registrations = vscode.Disposable.from(
            this.#changed,
            vscode.workspace.registerTextDocumentContentProvider(SCHEME, this),
            vscode.languages.registerCodeLensProvider({ scheme: SCHEME }, this),
        );
    }

    async show({ uri: folder }: vscode.WorkspaceFolder): Promise<void> {
        this.#values = "masked";
        const uri = vscode.Uri.from({
            scheme: SCHEME,
            path: "/Nix Dev Shell",
            query: folder.toString(),
        });
        this.#changed.fire(uri);
        const document = await vscode.workspace.openTextDocument(uri);
        await vscode.window.showTextDocument(document, { preview: true });
    }

    toggleValues(): void {
        this.#values = this.#values === "masked" ? "shown" : "masked";
        this.refresh();
    }

    /** Shows what is the case now, where the document is open. */
    refresh(): void {
        for (const { uri } of vscode.workspace.textDocuments) {
            if (uri.scheme === SCHEME) this.#changed.fire(uri);
        }
    }

    async provideTextDocumentContent(uri: vscode.Uri): Promise<string> {
        const { environmentReport } = await import("../core/environment/report");
        const known = this.#snapshotOf(vscode.Uri.parse(uri.query));
        if (known === undefined) return "This folder is in no Nix dev shell.\n";
        return environmentReport(known.title, known.snapshot, this.#values);
    }

    provideCodeLenses(): vscode.CodeLens[] {
        const title = this.#values === "masked" ? "Show values" : "Hide values";
        const top = new vscode.Range(0, 0, 0, 0);
        return [new vscode.CodeLens(top, { title, command: Command.toggleValues })];
    }

    dispose(): void {
        this.#registrations.dispose();
    }
}
