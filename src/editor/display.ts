import * as vscode from "vscode";
import { BuildFailures } from "./buildFailures";
import { ContextKeys } from "./contextKeys";
import { EnvironmentDocument } from "./environmentDocument";
import { factsOf, viewFactsOf, viewPartsOf } from "./folderFacts";
import { InputLenses } from "./inputLenses";
import { LockDocument } from "./lockDocument";
import { LongCaptures } from "./longCaptures";
import { NixView } from "./nixView";
import type { OpenFolder, OpenFolders } from "./openFolder";
import { Preview } from "./preview";
import { Problems } from "./problems";
import { SetupReport } from "./setupReport";
import { StatusItem } from "./statusItem";
import { ToolchainProblems } from "./toolchainProblems";

/** All that shows how the dev shells are. Environments do not wait for it, nor do other extensions. */
export class Display implements vscode.Disposable {
    readonly environment: EnvironmentDocument;
    readonly lockDocument = new LockDocument();
    readonly preview = new Preview();
    readonly setupReport = new SetupReport();
    readonly #folders: OpenFolders;
    readonly #contextKeys = new ContextKeys();
    readonly #status: StatusItem;
    readonly #view: NixView;
    readonly #lenses: InputLenses;
    readonly #problems: Problems;
    readonly #toolchainProblems: ToolchainProblems;
    readonly #longCaptures = new LongCaptures();
    readonly #parts: vscode.Disposable;
    /** What the view and the lenses show. */
    #shown: readonly unknown[] = [];

    /** @param folderAt the folder that a file is in. */
    constructor(
        folders: OpenFolders,
        folderAt: (uri: vscode.Uri) => OpenFolder | undefined,
        log: vscode.LogOutputChannel,
    ) {
        this.#folders = folders;
        this.environment = new EnvironmentDocument(folderAt);
        this.#status = new StatusItem(() => factsOf(folders));
        this.#view = new NixView({
            facts: () => viewFactsOf(folders),
            title: () =>
                folders.all.length > 1 ? folders.active?.workspaceFolder.name : undefined,
        });
        this.#lenses = new InputLenses(() => folders.all);
        this.#problems = new Problems(log);
        this.#toolchainProblems = new ToolchainProblems(() => folders.all);
        this.#parts = vscode.Disposable.from(
            this.environment,
            this.lockDocument,
            this.preview,
            this.setupReport,
            this.#status,
            this.#view,
            this.#lenses,
            this.#problems,
            this.#toolchainProblems,
            new BuildFailures((place) => (place && folderAt(place)) ?? folders.active),
        );
    }

    /** Something about a folder, or about which one is meant, changed. */
    update(): void {
        const { all } = this.#folders;
        this.#contextKeys.update(all);
        void this.#status.refresh();
        this.#longCaptures.update(all);
        this.#problems.update(all);
        this.#toolchainProblems.update();
        const now = viewPartsOf(this.#folders);
        // While nix is at work a folder changes many times a second, and nothing of this does.
        if (now.every((part, i) => part === this.#shown[i])) return;
        this.#shown = now;
        this.#view.refresh();
        this.#lenses.refresh();
    }

    /** The view also tells what was set. */
    settingsChanged(): void {
        this.#view.refresh();
    }

    /** Nothing is said any more of a folder that is closed. */
    clear(folder: vscode.WorkspaceFolder): void {
        this.#problems.clear(folder);
    }

    dispose(): void {
        this.#parts.dispose();
    }
}
