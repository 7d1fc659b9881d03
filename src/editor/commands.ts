import * as vscode from "vscode";
import type { Change } from "../core/environment/change";
import type { Environment } from "../core/environment/environment";
import { failureOf } from "../core/failure/failure";
import { wantedPartsIn } from "../core/rust/native/wantedPart";
import type { FolderShell } from "../core/shell/folderShell";
import { targetOf, type Target } from "../core/view/target";
import { showActions } from "./actionsCommand";
import { reviewConfig } from "./configCommand";
import { launchEnvironment } from "./debugSessions";
import type { Display } from "./display";
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
import type { OpenFolder } from "./openFolder";
import type { RustAnalyzer } from "./rustAnalyzer";
import { enter, enterShell, reload, selectShell } from "./shellCommands";
import { MOST_VARIABLES } from "./terminals";
import {
    copyRevision,
    listShells,
    openInput,
    openInputPage,
    openLock,
    openToolchainFile,
} from "./viewCommands";
import { restartRustAnalyzer, selectWindowFolder } from "./windowCommands";

/** What the commands work on. */
export interface CommandContext {
    readonly folders: Folders;
    readonly rustAnalyzer: RustAnalyzer;
    readonly display: Display;
    /** The editor's environment, before anything of ours. */
    readonly base: Environment;
    readonly log: vscode.LogOutputChannel;
}

/** What each command does. Its arguments can come from anywhere: whoever takes one checks it. */
export type CommandTable = Readonly<Record<CommandId, (...args: unknown[]) => unknown>>;

/** The commands: one table, so that the compiler finds a missing one. */
export function commandTable(context: CommandContext): CommandTable {
    const { folders, rustAnalyzer, log } = context;
    const { environment, lockDocument, preview, setupReport } = context.display;
    const inFolder =
        (action: FolderAction) =>
        (argument?: unknown): Promise<void> =>
            withFolder(folders, action, argument);
    /** For what is about a flake: where there is none, that is said. */
    const inFlake = (action: FolderAction) =>
        inFolder((folder, target) => {
            const { project, folder: path } = folder.shell;
            return project.flake === undefined
                ? showFailure(folder.shell, failureOf("no-flake", path))
                : action(folder, target);
        });
    const onLock = (action: LockAction) =>
        inFlake((folder, target) => action(lockContext(context, folder), target));
    /** What changes a flake is loaded when it is run. */
    const onFlake = (action: FlakeAction) =>
        inFolder(async ({ shell }) => action(await import("./flakeEditCommands"), shell));
    return {
        [Command.enter]: inFolder(({ shell }) => enter(shell)),
        [Command.reload]: inFolder(({ shell }) => reload(shell)),
        [Command.leave]: inFolder(({ shell }) => shell.leave()),
        [Command.cancel]: inFolder(({ shell }) => shell.cancel()),
        [Command.selectShell]: inFolder(({ shell }) => selectShell(shell)),
        [Command.enterShell]: inFolder(({ shell }, target) => enterShell(shell, target.shell)),
        [Command.listShells]: inFolder(listShells),
        [Command.reviewConfig]: inFlake(({ shell }) => reviewConfig(shell)),
        [Command.selectWindowFolder]: () => selectWindowFolder(folders),
        [Command.restartRustAnalyzer]: () => restartRustAnalyzer(rustAnalyzer),

        [Command.showEnvironment]: inFolder((folder) => environment.show(folder.workspaceFolder)),
        [Command.toggleValues]: () => environment.toggleValues(),
        [Command.showLog]: () => log.show(),
        [Command.showActions]: inFolder((folder) => offerActions(context, folder)),
        [Command.showProblem]: inFolder((folder) => {
            const { state } = folder.shell;
            return state.kind === "failed"
                ? showFailure(folder.shell, state.failure)
                : offerActions(context, folder);
        }),
        [Command.applyFix]: async (uri, fix) => {
            const folder = folders.all.find(
                ({ workspaceFolder }) => workspaceFolder.uri.toString() === uri,
            );
            if (folder !== undefined) await applyFix(folder.shell, String(fix));
        },

        [Command.lock]: onLock(lockFlake),
        [Command.updateAll]: onLock((lock) => changeLock(lock, { kind: "update-all" })),
        [Command.updateInput]: onLock((lock, { input }) => updateInputs(lock, input)),
        [Command.pinInput]: onLock((lock, { input }) => pinInput(lock, input)),
        [Command.undoUpdate]: onLock(undoLockChange),
        [Command.commitLock]: onLock(commitLock),
        [Command.checkForUpdates]: onLock(checkForUpdates),
        [Command.showLockWarnings]: onLock(stopIgnoringDrift),
        [Command.showLockChanges]: inFlake(async ({ shell, workspaceFolder: { name } }) =>
            lockDocument.show(
                await shell.lock.sinceCommit(),
                `Changes of flake.lock in ${name} since the last commit`,
            ),
        ),

        [Command.openInput]: inFlake(openInput),
        [Command.openInputPage]: (argument) => openInputPage(targetOf(argument)),
        [Command.openLock]: inFlake(openLock),
        [Command.openToolchainFile]: inFolder(openToolchainFile),
        [Command.copyRevision]: (argument) => copyRevision(targetOf(argument)),

        [Command.generateFlake]: inFolder(async ({ shell }) => {
            const { generateFlake } = await import("./generateCommands");
            await generateFlake(shell, preview);
        }),
        [Command.enterWithoutFlake]: inFolder(async ({ shell }) => {
            const { enterWithoutFlake } = await import("./generateCommands");
            await enterWithoutFlake(shell);
        }),
        [Command.saveKeptFlake]: inFolder(async ({ shell }) => {
            const { saveKeptFlake } = await import("./generateCommands");
            await saveKeptFlake(shell, preview);
        }),
        [Command.addToFlake]: inFolder(async ({ shell }) => {
            const { addToFlake } = await import("./flakeFileCommands");
            await addToFlake(shell, preview);
        }),
        [Command.addPackage]: onFlake((commands, shell) => commands.addPackage(shell)),
        [Command.addInput]: onFlake((commands, shell) => commands.addFlakeInput(shell)),
        [Command.addNativeDependencies]: (argument, parts) =>
            onFlake((commands, shell) =>
                commands.addNativeDependencies(shell, wantedPartsIn(parts)),
            )(argument),
        [Command.addRustOverlay]: onFlake((commands, shell) =>
            commands.addRustOverlayToFlake(shell),
        ),
        [Command.useToolchainFile]: onFlake((commands, shell) =>
            commands.useToolchainFileInFlake(shell),
        ),
        [Command.createToolchainFile]: onFlake((commands, shell) =>
            commands.createToolchainFile(shell),
        ),

        [Command.checkSetup]: () => checkSetup(context),
        [Command.copySetup]: async () => {
            const { copySetup } = await import("./doctorCommands");
            await copySetup(setupReport, () => checkSetup(context));
        },
        [Command.openLine]: async (file, line) => {
            const { openLine } = await import("./doctorCommands");
            await openLine(file, line);
        },
        [Command.openSetting]: async (name) => {
            const { openSetting } = await import("./doctorCommands");
            await openSetting(name, folders.active?.workspaceFolder.uri);
        },
        [Command.removeRustupToolchain]: inFlake(async ({ shell }) => {
            const { removeRustupToolchain } = await import("./doctorCommands");
            await removeRustupToolchain(shell.project.flake);
        }),
    };
}

/** What a command does in the folder that is meant. */
type FolderAction = (folder: OpenFolder, target: Target) => unknown;

/** What a command does to its lock. */
type LockAction = (lock: LockCommandContext, target: Target) => unknown;

/** What a command does to its flake. */
type FlakeAction = (
    commands: typeof import("./flakeEditCommands"),
    shell: FolderShell,
) => Promise<void>;

async function checkSetup({ folders, display, base, log }: CommandContext): Promise<void> {
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
    await check(display.setupReport, question, log);
}

async function offerActions(context: CommandContext, folder: OpenFolder): Promise<void> {
    await showActions(folder, {
        lockActions: await lockActions(lockContext(context, folder)),
        isOneOfSeveral: context.folders.all.length > 1,
        hasRustAnalyzer: context.rustAnalyzer.isInstalled,
    });
}

function lockContext(
    { display }: CommandContext,
    { shell, workspaceFolder: { name } }: OpenFolder,
): LockCommandContext {
    return { shell, name, document: display.lockDocument };
}

/** Runs an action on the folder of its target, else on the one that the user means. */
async function withFolder(
    folders: Folders,
    action: FolderAction,
    argument: unknown,
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
