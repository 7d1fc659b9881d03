import * as vscode from "vscode";

/** A report in its two forms. */
export interface SetupTexts {
    /** A whole page of HTML, without scripts. */
    readonly page: string;
    /** For a bug report. */
    readonly text: string;
    /** The commands that the page's links may run. */
    readonly commands: readonly string[];
}

/** The panel that "Check My Setup" shows, and the text that can be copied from it. */
export class SetupReport implements vscode.Disposable {
    #panel: vscode.WebviewPanel | undefined;
    #text: string | undefined;

    /** The text of the last report; undefined before the first one. */
    get text(): string | undefined {
        return this.#text;
    }

    show({ page, text, commands }: SetupTexts): void {
        this.#text = text;
        this.#panel ??= this.#open(commands);
        this.#panel.webview.html = page;
        this.#panel.reveal();
    }

    dispose(): void {
        this.#panel?.dispose();
    }

    #open(commands: readonly string[]): vscode.WebviewPanel {
        const panel = vscode.window.createWebviewPanel(
            "nixRust.setup",
            "Nix: My Setup",
            vscode.ViewColumn.Active,
            {
                enableScripts: false,
                enableCommandUris: commands,
                enableFindWidget: true,
                localResourceRoots: [],
            },
        );
        panel.onDidDispose(() => {
            this.#panel = undefined;
        });
        return panel;
    }
}
