import * as vscode from "vscode";
import type { FolderFacts, StatusView } from "../core/shell/status";
import { Command } from "./ids";

/** How often "3 minutes ago" is brought up to date, in milliseconds. */
const TICK = 60_000;

/** How often it says for how long nix has been at work, in milliseconds. */
const SECOND = 1_000;

const BACKGROUNDS = {
    none: undefined,
    warning: new vscode.ThemeColor("statusBarItem.warningBackground"),
    error: new vscode.ThemeColor("statusBarItem.errorBackground"),
};

/** The one status bar item. It shows what the facts come to. */
export class StatusItem implements vscode.Disposable {
    readonly #item = vscode.window.createStatusBarItem(
        "status",
        vscode.StatusBarAlignment.Left,
        50,
    );
    readonly #facts: () => FolderFacts | undefined;
    readonly #timers: readonly NodeJS.Timeout[];
    #isCapturing = false;

    constructor(facts: () => FolderFacts | undefined) {
        this.#facts = facts;
        this.#item.name = "Nix Dev Shell";
        this.#item.command = Command.showActions;
        this.#timers = [
            setInterval(() => void this.refresh(), TICK),
            setInterval(() => {
                if (this.#isCapturing) void this.refresh();
            }, SECOND),
        ];
    }

    /** Shows what is the case now. */
    async refresh(): Promise<void> {
        const { statusOf } = await import("../core/shell/status");
        const facts = this.#facts();
        this.#isCapturing = facts?.capturingSince !== undefined;
        this.#show(facts && statusOf(facts, Date.now()));
    }

    dispose(): void {
        for (const timer of this.#timers) clearInterval(timer);
        this.#item.dispose();
    }

    #show(view: StatusView | undefined): void {
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
}
