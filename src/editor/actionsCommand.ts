import * as vscode from "vscode";
import { currentOf } from "../core/shell/state";
import { Command, type CommandId } from "./ids";
import type { OpenFolder } from "./openFolder";

/** A line of the list, and what it does. */
export interface Action {
    readonly label: string;
    readonly run: () => unknown;
}

/** What the list depends on besides the folder. */
interface ActionsContext {
    readonly lockActions: readonly Action[];
    readonly isOneOfSeveral: boolean;
    readonly hasRustAnalyzer: boolean;
}

/** What a click on the status bar item offers for a folder: only what makes sense now. */
export async function showActions(
    folder: OpenFolder,
    { lockActions, isOneOfSeveral, hasRustAnalyzer }: ActionsContext,
): Promise<void> {
    const { state } = folder.shell;
    const { kind } = state;
    const isInside = currentOf(state) !== undefined;
    const hasFlake = kind !== "none" && kind !== "no-flake";
    const isKept = folder.shell.project.isKept === true;
    const urgent: Actions = [
        [kind === "failed", "$(lightbulb) What Can I Do?", Command.showProblem],
        [kind === "capturing", "$(close) Cancel", Command.cancel],
    ];
    const usual: Actions = [
        [!hasFlake || isKept, "$(add) Generate flake.nix…", Command.generateFlake],
        [!hasFlake, "$(package) Enter Without a Flake", Command.enterWithoutFlake],
        [isKept, "$(save) Save the Generated Flake in the Folder…", Command.saveKeptFlake],
        [kind === "outside", "$(sign-in) Enter Dev Shell", Command.enter],
        [isInside, "$(terminal) Open a Terminal in the Dev Shell", Command.enter],
        [hasFlake && kind !== "outside", "$(refresh) Reload Environment", Command.reload],
        [hasFlake, "$(list-selection) Select Dev Shell…", Command.selectShell],
        [isInside, "$(list-unordered) Show Environment", Command.showEnvironment],
        [hasFlake, "$(cloud-download) Update Input…", Command.updateInput],
        [
            isInside && hasRustAnalyzer,
            "$(server-process) Restart rust-analyzer",
            Command.restartRustAnalyzer,
        ],
        [
            isOneOfSeveral,
            "$(root-folder) Select Folder for rust-analyzer…",
            Command.selectWindowFolder,
        ],
        [isInside, "$(sign-out) Leave Dev Shell", Command.leave],
        [
            folder.shell.flakeConfig !== undefined,
            "$(shield) Review Flake Settings…",
            Command.reviewConfig,
        ],
        [true, "$(pulse) Check My Setup", Command.checkSetup],
        [true, "$(output) Show Log", Command.showLog],
    ];
    const items = [...offered(urgent), ...lockActions, ...offered(usual)];
    const title = `Nix: ${folder.workspaceFolder.name}`;
    const picked = await vscode.window.showQuickPick(items, { title });
    await picked?.run();
}

/** Whether to offer it, its label, and what it runs. */
type Actions = readonly (readonly [boolean, string, CommandId])[];

function offered(actions: Actions): Action[] {
    return actions.flatMap(([isOffered, label, command]) =>
        isOffered ? [{ label, run: () => vscode.commands.executeCommand(command) }] : [],
    );
}
