import * as vscode from "vscode";
import type { ViewFacts } from "../core/view/viewFacts";
import type { ItemAction, ViewItem } from "../core/view/viewItem";
import { Command, VIEW_ID } from "./ids";

/** What the view asks for, when it is shown. */
export interface ViewSource {
    /** The facts of the folder that is meant; undefined where there is none. */
    facts(): Promise<ViewFacts | undefined>;
    /** The folder's name, where it has to be told from others. */
    title(): string | undefined;
}

/** The view "Nix" in the Explorer. It copies what it is given, and asks only while it is seen. */
export class NixView implements vscode.TreeDataProvider<ViewItem>, vscode.Disposable {
    readonly #changed = new vscode.EventEmitter<void>();
    readonly #source: ViewSource;
    readonly #view: vscode.TreeView<ViewItem>;
    #spoken: ((item: ViewItem) => string) | undefined;
    readonly onDidChangeTreeData = this.#changed.event;

    constructor(source: ViewSource) {
        this.#source = source;
        this.#view = vscode.window.createTreeView(VIEW_ID, { treeDataProvider: this });
    }

    /** Shows what is the case now. */
    refresh(): void {
        this.#changed.fire();
    }

    async getChildren(item?: ViewItem): Promise<ViewItem[]> {
        if (item?.children === "on demand") {
            await vscode.commands.executeCommand(Command.listShells);
            const facts = await this.#source.facts();
            // Those that it knows come with the view's next look, in the place of this line.
            if (facts === undefined || facts.shells !== undefined) return [];
            const { unlistedItem } = await import("../core/view/shellItems");
            return [unlistedItem(facts)];
        }
        if (item !== undefined) return [...(item.children?.() ?? [])];
        const [{ nixView }, { spokenText }] = await Promise.all([
            import("../core/view/nixView"),
            import("../core/view/viewItem"),
        ]);
        this.#spoken = spokenText;
        const facts = await this.#source.facts();
        const items = facts === undefined ? [] : nixView(facts);
        this.#view.description = this.#source.title() ?? "";
        this.#view.message = items.length === 0 ? "This folder has no flake.nix." : "";
        return items;
    }

    getTreeItem(item: ViewItem): vscode.TreeItem {
        const { Collapsed, Expanded, None } = vscode.TreeItemCollapsibleState;
        const state = item.children === undefined ? None : item.isOpen ? Expanded : Collapsed;
        const copy = new vscode.TreeItem(item.label, state);
        copy.id = item.id;
        copy.description = item.description;
        copy.tooltip = new vscode.MarkdownString(item.tooltip);
        copy.contextValue = item.abilities.join(" ");
        copy.accessibilityInformation = { label: this.#spoken?.(item) ?? item.label };
        if (item.icon !== undefined) {
            const color = item.isWarning && new vscode.ThemeColor("list.warningForeground");
            copy.iconPath = new vscode.ThemeIcon(item.icon, color);
        }
        if (item.action !== undefined) {
            const command = ACTIONS[item.action];
            copy.command = { command, title: item.label, arguments: [item] };
        }
        return copy;
    }

    dispose(): void {
        this.#view.dispose();
        this.#changed.dispose();
    }
}

const ACTIONS: Readonly<Record<ItemAction, string>> = {
    openInput: Command.openInput,
    openLock: Command.openLock,
    openToolchainFile: Command.openToolchainFile,
    showActions: Command.showActions,
    listShells: Command.listShells,
    enter: Command.enter,
    lock: Command.lock,
};
