import * as vscode from "vscode";
import { sameChanges, type Change } from "../core/environment/change";
import type { Environment } from "../core/environment/environment";
import { CaptureError, failureOf } from "../core/failure/failure";
import { progressDetails, progressText } from "../core/nix/progress";
import { wantedPartsIn } from "../core/rust/native/wantedPart";
import type { FolderShell } from "../core/shell/folderShell";
import { currentOf, type ShellState } from "../core/shell/state";
import { targetOf, type Target } from "../core/view/target";
import { launchEnvironment } from "./debugSessions";
import type { EnvironmentDocument } from "./environmentDocument";
import { reviewConfig } from "./configCommand";
import { applyFix, showFailure } from "./fixes";
import type { Folders } from "./folders";
import { Command, type CommandId } from "./ids";
import {
    changeLock,
    checkForUpdates,
    commitLock,
    lockActions,
    lockFlake,
    pinInput,
    stopIgnoringDrift,
    undoLockChange,
    updateInputs,
    type LockCommandContext,
} from "./lockCommands";
import type { LockDocument } from "./lockDocument";
import type { Preview } from "./preview";
import type { RustAnalyzer } from "./rustAnalyzer";
import type { SetupReport } from "./setupReport";
import type { OpenFolder } from "./openFolder";
import { MOST_VARIABLES, terminalEnvironment } from "./terminals";
import {
    copyRevision,
    listShells,
    openInput,
    openInputPage,
    openLock,
    openToolchainFile,
} from "./viewCommands";

/** What the commands work on. */
export interface CommandContext {
    readonly folders: Folders;
    readonly rustAnalyzer: RustAnalyzer;
    readonly environment: EnvironmentDocument;
    readonly lockDocument: LockDocument;
    readonly preview: Preview;
    readonly setupReport: SetupReport;
    /** The editor's environment, before anything of ours. */
    readonly base: Environment;
    readonly log: vscode.LogOutputChannel;
}

/** What each command does. Its arguments can come from anywhere: whoever takes one checks it. */
export type CommandTable = Readonly<Record<CommandId, (...args: unknown[]) => unknown>>;

/** The commands: one table, so that the compiler finds a missing one. */
export function commandTable(context: CommandContext): CommandTable {
    const { folders, preview, rustAnalyzer, environment, lockDocument, log } = context;
    return {
        [Command.enter]: (argument) => withFolder(folders, ({ shell }) => enter(shell), argument),
        [Command.reload]: () => withFolder(folders, ({ shell }) => reload(shell)),
        [Command.leave]: () => withFolder(folders, ({ shell }) => shell.leave()),
        [Command.selectShell]: () => withFolder(folders, ({ shell }) => selectShell(shell)),
        [Command.selectWindowFolder]: () => selectWindowFolder(folders),
        [Command.showEnvironment]: () =>
            withFolder(folders, (folder) => environment.show(folder.workspaceFolder)),
        [Command.toggleValues]: () => environment.toggleValues(),
        [Command.showLog]: () => log.show(),
        [Command.showActions]: () => showActions(context),
        [Command.showProblem]: () =>
            withFolder(folders, ({ shell }) =>
                shell.state.kind === "failed"
                    ? showFailure(shell, shell.state.failure)
                    : showActions(context),
            ),
        [Command.reviewConfig]: () => withFolder(folders, ({ shell }) => reviewConfig(shell)),
        [Command.applyFix]: async (uri, fix) => {
            const folder = folders.all.find(
                ({ workspaceFolder }) => workspaceFolder.uri.toString() === uri,
            );
            if (folder !== undefined) await applyFix(folder.shell, String(fix));
        },
        [Command.restartRustAnalyzer]: () => restartRustAnalyzer(rustAnalyzer),
        [Command.generateFlake]: () =>
            withFolder(folders, async ({ shell }) => {
                const { generateFlake } = await import("./generateCommands");
                await generateFlake(shell, preview);
            }),
        [Command.enterWithoutFlake]: () =>
            withFolder(folders, async ({ shell }) => {
                const { enterWithoutFlake } = await import("./generateCommands");
                await enterWithoutFlake(shell);
            }),
        [Command.addToFlake]: () =>
            withFolder(folders, async ({ shell }) => {
                const { addToFlake } = await import("./flakeFileCommands");
                await addToFlake(shell, preview);
            }),
        [Command.saveKeptFlake]: () =>
            withFolder(folders, async ({ shell }) => {
                const { saveKeptFlake } = await import("./generateCommands");
                await saveKeptFlake(shell, preview);
            }),
        [Command.cancel]: () => withFolder(folders, ({ shell }) => shell.cancel()),
        [Command.lock]: (argument) => withLock(context, lockFlake, argument),
        [Command.updateAll]: (argument) =>
            withLock(context, (lock) => changeLock(lock, { kind: "update-all" }), argument),
        [Command.updateInput]: (argument) =>
            withLock(context, (lock, { input }) => updateInputs(lock, input), argument),
        [Command.pinInput]: (argument) =>
            withLock(context, (lock, { input }) => pinInput(lock, input), argument),
        [Command.undoUpdate]: (argument) => withLock(context, undoLockChange, argument),
        [Command.commitLock]: (argument) => withLock(context, commitLock, argument),
        [Command.checkForUpdates]: (argument) => withLock(context, checkForUpdates, argument),
        [Command.showLockWarnings]: (argument) => withLock(context, stopIgnoringDrift, argument),
        [Command.showLockChanges]: (argument) =>
            withFolder(
                folders,
                async ({ shell, workspaceFolder: { name } }) =>
                    lockDocument.show(
                        await shell.lock.sinceCommit(),
                        `Changes of flake.lock in ${name} since the last commit`,
                    ),
                argument,
            ),
        [Command.openInput]: (argument) => withFolder(folders, openInput, argument),
        [Command.openInputPage]: (argument) => openInputPage(targetOf(argument)),
        [Command.openLock]: (argument) => withFolder(folders, openLock, argument),
        [Command.openToolchainFile]: (argument) => withFolder(folders, openToolchainFile, argument),
        [Command.copyRevision]: (argument) => copyRevision(targetOf(argument)),
        [Command.enterShell]: (argument) =>
            withFolder(folders, ({ shell }, target) => enterShell(shell, target.shell), argument),
        [Command.listShells]: (argument) => withFolder(folders, listShells, argument),
        [Command.checkSetup]: () => checkSetup(context),
        [Command.copySetup]: async () => {
            const { copySetup } = await import("./doctorCommands");
            await copySetup(context.setupReport, () => checkSetup(context));
        },
        [Command.openLine]: async (file, line) => {
            const { openLine } = await import("./doctorCommands");
            await openLine(file, line);
        },
        [Command.openSetting]: async (name) => {
            const { openSetting } = await import("./doctorCommands");
            await openSetting(name, folders.active?.workspaceFolder.uri);
        },
        [Command.removeRustupToolchain]: () =>
            withFolder(folders, async ({ shell }) => {
                const { removeRustupToolchain } = await import("./doctorCommands");
                await removeRustupToolchain(shell.project.flake);
            }),
        [Command.addPackage]: (argument) =>
            withFlake(folders, (commands, shell) => commands.addPackage(shell), argument),
        [Command.addInput]: (argument) =>
            withFlake(folders, (commands, shell) => commands.addFlakeInput(shell), argument),
        [Command.addNativeDependencies]: (argument, parts) =>
            withFlake(
                folders,
                (commands, shell) => commands.addNativeDependencies(shell, wantedPartsIn(parts)),
                argument,
            ),
        [Command.addRustOverlay]: (argument) =>
            withFlake(
                folders,
                (commands, shell) => commands.addRustOverlayToFlake(shell),
                argument,
            ),
        [Command.useToolchainFile]: (argument) =>
            withFlake(
                folders,
                (commands, shell) => commands.useToolchainFileInFlake(shell),
                argument,
            ),
        [Command.createToolchainFile]: (argument) =>
            withFlake(folders, (commands, shell) => commands.createToolchainFile(shell), argument),
    };
}

async function checkSetup({ folders, setupReport, base, log }: CommandContext): Promise<void> {
    const { checkSetup: check } = await import("./doctorCommands");
    const roots = folders.all.flatMap(({ workspaceFolder, shell }) => [
        workspaceFolder.uri.fsPath,
        shell.project.repository ?? workspaceFolder.uri.fsPath,
    ]);
    const question = {
        folder: folders.active,
        feeding: folders.feeding,
        untrusted: [...new Set(roots)],
        base,
        launchEnvironment: (changes: readonly Change[]) => launchEnvironment(changes, base),
        mostVariables: MOST_VARIABLES,
    };
    await check(setupReport, question, log);
}

/** Enters and opens a terminal there; or says what is missing. */
async function enter(folder: FolderShell): Promise<void> {
    const hasFlake = folder.project.flake !== undefined;
    const state = await (hasFlake ? withProgress(folder, () => folder.enter()) : folder.enter());
    if (!(await reportOutcome(folder, state))) return;
    const shell = folder.choice.shell ?? "default";
    // As a URI: in a remote window, VS Code does not see which folder a plain path belongs to.
    const cwd = vscode.Uri.file(folder.folder);
    const env = terminalEnvironment(currentOf(folder.state)?.changes ?? []);
    vscode.window.createTerminal({ name: `Nix: ${shell}`, cwd, env }).show();
}

async function reload(folder: FolderShell): Promise<void> {
    const before = folder.state.kind === "inside" ? folder.state.current : undefined;
    const state = await withProgress(folder, () => folder.reload());
    if (!(await reportOutcome(folder, state)) || state.kind !== "inside") return;
    const same = before !== undefined && sameChanges(before.changes, state.current.changes);
    vscode.window.setStatusBarMessage(
        same ? "Nix: the environment has not changed" : "Nix: the environment was read anew",
        5_000,
    );
}

/** @returns whether the folder is in its dev shell; where it is not, the user has been told why. */
async function reportOutcome(folder: FolderShell, state: ShellState): Promise<boolean> {
    switch (state.kind) {
        case "inside":
            return true;
        case "failed":
            await showFailure(folder, state.failure);
            return false;
        case "none":
        case "no-flake":
            await showFailure(folder, failureOf("no-flake", folder.folder));
            return false;
        case "outside":
        case "capturing":
            return false; // Cancelled, or taken over by a later request.
    }
}

/** A notification with a working Cancel button, for what the user asked for. */
function withProgress(folder: FolderShell, work: () => Promise<ShellState>): Thenable<ShellState> {
    const options = {
        location: vscode.ProgressLocation.Notification,
        title: "Nix",
        cancellable: true,
    };
    return vscode.window.withProgress(options, async (progress, token) => {
        token.onCancellationRequested(() => folder.cancel());
        const report = (): void => {
            if (folder.state.kind !== "capturing") return;
            const running = Date.now() - (folder.capturingSince ?? Date.now());
            const details = progressDetails(folder.state.progress, running);
            const message = [progressText(folder.state.progress), ...details].join(", ");
            progress.report({ message });
        };
        const timer = setInterval(report, 200);
        try {
            return await work();
        } finally {
            clearInterval(timer);
        }
    });
}

async function selectShell(folder: FolderShell): Promise<void> {
    const picked = await pickShell(folder);
    if (picked !== undefined) await enterShell(folder, picked);
}

async function enterShell(folder: FolderShell, name: string | undefined): Promise<void> {
    const shell = name === "default" ? undefined : name;
    const state = await withProgress(folder, () => folder.select(shell));
    await reportOutcome(folder, state);
}

async function pickShell(folder: FolderShell): Promise<string | undefined> {
    const current = folder.choice.shell ?? "default";
    const cancel = new vscode.CancellationTokenSource();
    const controller = new AbortController();
    try {
        const items = folder.listShells(controller.signal).then((names) =>
            (names.length === 0 ? ["default"] : names).map((name) => ({
                label: name,
                description: name === current ? "in use" : "",
            })),
        );
        // A failure closes the list, which would otherwise stay empty.
        items.catch(() => cancel.cancel());
        const options = {
            title: "Nix: Select Dev Shell",
            placeHolder: "The dev shells of this flake for this system",
        };
        const picked = await vscode.window.showQuickPick(items, options, cancel.token);
        if (picked !== undefined) return picked.label;
        if (!cancel.token.isCancellationRequested) return undefined;
        await items;
        return undefined;
    } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        await showFailure(folder, error.failure);
        return undefined;
    } finally {
        controller.abort();
        cancel.dispose();
    }
}

async function selectWindowFolder(folders: Folders): Promise<void> {
    const { feeding } = folders;
    const able = folders.all.filter(({ shell }) => shell.canFeedWindow);
    const items = (able.length > 0 ? able : folders.all).map((folder) => ({
        label: folder.workspaceFolder.name,
        description: folder === feeding ? "in use" : "",
        folder,
    }));
    const placeHolder = "Whose dev shell should rust-analyzer and other extensions be in?";
    const picked = await vscode.window.showQuickPick(items, { placeHolder });
    if (picked !== undefined) await folders.feedFrom(picked.folder);
}

async function restartRustAnalyzer(rustAnalyzer: RustAnalyzer): Promise<void> {
    if (rustAnalyzer.isInstalled) return rustAnalyzer.restart();
    const install = "Show in Extensions";
    const message = "The extension rust-analyzer is not installed, or is disabled.";
    if ((await vscode.window.showInformationMessage(message, install)) === install) {
        await vscode.commands.executeCommand("extension.open", "rust-lang.rust-analyzer");
    }
}

/** What a click on the status bar item offers: only what makes sense now. */
async function showActions(context: CommandContext): Promise<void> {
    const { folders, rustAnalyzer } = context;
    const folder = folders.active;
    if (folder === undefined) return;
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
            isInside && rustAnalyzer.isInstalled,
            "$(debug-restart) Restart rust-analyzer",
            Command.restartRustAnalyzer,
        ],
        [folders.all.length > 1, "$(root-folder) Select Folder…", Command.selectWindowFolder],
        [isInside, "$(sign-out) Leave Dev Shell", Command.leave],
        [
            folder.shell.flakeConfig !== undefined,
            "$(shield) Review Flake Settings…",
            Command.reviewConfig,
        ],
        [true, "$(pulse) Check My Setup", Command.checkSetup],
        [true, "$(output) Show Log", Command.showLog],
    ];
    const items = [
        ...offered(urgent),
        ...(await lockActions(lockContext(context, folder))),
        ...offered(usual),
    ];
    const title = `Nix: ${folder.workspaceFolder.name}`;
    const picked = await vscode.window.showQuickPick(items, { title });
    await picked?.run();
}

/** Whether to offer it, its label, and what it runs. */
type Actions = readonly (readonly [boolean, string, CommandId])[];

function offered(actions: Actions): { label: string; run: () => unknown }[] {
    return actions.flatMap(([isOffered, label, command]) =>
        isOffered ? [{ label, run: () => vscode.commands.executeCommand(command) }] : [],
    );
}

function lockContext(
    { lockDocument: document }: CommandContext,
    { shell, workspaceFolder: { name } }: OpenFolder,
): LockCommandContext {
    return { shell, name, document };
}

/** Runs an action on the lock of the folder that the user means. */
function withLock(
    context: CommandContext,
    action: (lock: LockCommandContext, target: Target) => unknown,
    argument: unknown,
): Promise<void> {
    return withFolder(
        context.folders,
        (folder, target) => action(lockContext(context, folder), target),
        argument,
    );
}

/** Runs one of the commands that change files of a flake, which are loaded when one is. */
function withFlake(
    folders: Folders,
    action: (commands: FlakeEditCommands, shell: FolderShell) => Promise<void>,
    argument: unknown,
): Promise<void> {
    return withFolder(
        folders,
        async ({ shell }) => action(await import("./flakeEditCommands"), shell),
        argument,
    );
}

type FlakeEditCommands = typeof import("./flakeEditCommands");

/** Runs an action on the folder of its target, else on the one that the user means. */
async function withFolder(
    folders: Folders,
    action: (folder: OpenFolder, target: Target) => unknown,
    argument?: unknown,
): Promise<void> {
    const target = targetOf(argument);
    const named = folders.all.find(({ workspaceFolder }) => isAt(workspaceFolder, target.folder));
    const folder = named ?? folders.active;
    if (folder !== undefined) {
        await action(folder, target);
        return;
    }
    const open = "Open Folder";
    const message = "Open a folder first: a dev shell belongs to a folder.";
    if ((await vscode.window.showInformationMessage(message, open)) === open) {
        await vscode.commands.executeCommand("workbench.action.files.openFolder");
    }
}

function isAt({ uri }: vscode.WorkspaceFolder, folder: string | undefined): boolean {
    return uri.toString() === folder;
}
