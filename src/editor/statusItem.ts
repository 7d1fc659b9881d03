import * as vscode from "vscode";
import type { StatusView } from "../core/shell/status";
import { Command } from "./ids";

const BACKGROUNDS = {
    none: undefined,
    warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
    error: new vscode.ThemeColor("statusBarItem.errorBackground"),
};

/** The one status bar item. It copies what it is given. */
export class StatusItem implements vscode.Disposable {
    readonly #item = vscode.window.createStatusBarItem(
        "status",
        vscode.StatusBarAlignment.Left,
        50,
    );

    constructor() {
        this.#item.name = "Nix Dev Shell";
        this.#item.command = Command.showActions;
    }

    show(view: StatusView | undefined): void {
        if (view === undefined) {
            this.#item.hide();
            return;
        }
        const tooltip = new vscode.MarkdownString(view.tooltip, true);
        // Only our own commands: the text around them comes from files of the workspace.
        tooltip.isTrusted = { enabledCommands: Object.values(Command) };
        this.#item.text = view.text;
        this.#item.tooltip = tooltip;
        this.#item.accessibilityInformation = { label: view.label };
        this.#item.backgroundColor = BACKGROUNDS[view.severity];
        this.#item.show();
    }

    dispose(): void {
        this.#item.dispose();
    }
}
