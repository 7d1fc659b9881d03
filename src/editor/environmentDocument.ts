import * as vscode from "vscode";
import { Command } from "./ids";
import { snapshotOf, titleOf, type OpenFolder } from "./openFolder";

const SCHEME = "nix-rust-environment";

/** The read-only document behind "Show Environment". Values are masked until asked for. */
export class EnvironmentDocument
    implements vscode.TextDocumentContentProvider, vscode.CodeLensProvider, vscode.Disposable
{
    readonly #changed = new vscode.EventEmitter<vscode.Uri>();
    readonly #folderAt: (uri: vscode.Uri) => OpenFolder | undefined;
    readonly #registrations: vscode.Disposable;
    #values: "masked" | "shown" = "masked";
    readonly onDidChange = this.#changed.event;

    constructor(folderAt: (uri: vscode.Uri) => OpenFolder | undefined) {
        this.#folderAt = folderAt;
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
        const folder = this.#folderAt(vscode.Uri.parse(uri.query));
        const snapshot = snapshotOf(folder);
        if (folder === undefined || snapshot === undefined) {
            return "This folder is in no Nix dev shell.\n";
        }
        return environmentReport(titleOf(folder), snapshot, this.#values);
    }

    provideCodeLenses(): vscode.CodeLens[] {
        const title = this.#values === "masked" ? "Show Values" : "Hide Values";
        const top = new vscode.Range(0, 0, 0, 0);
        return [new vscode.CodeLens(top, { title, command: Command.toggleValues })];
    }

    dispose(): void {
        this.#registrations.dispose();
    }
}
