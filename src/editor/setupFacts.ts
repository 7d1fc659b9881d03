import { existsSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { endsMatter, observe, type Observation, type Place } from "../core/doctor/comparison";
import { inTime, type Facts } from "../core/doctor/diagnosis";
import { lookAtDisks } from "../core/doctor/disk";
import { lookAtLaunch } from "../core/doctor/launch";
import { lookAtNix } from "../core/doctor/nixFacts";
import { OTHER_EXTENSIONS, type FoundExtension } from "../core/doctor/otherExtensions";
import {
    privateParent,
    probeCommand,
    readProbe,
    writeProbe,
    type Probe,
} from "../core/doctor/probe";
import { lookAtRustup } from "../core/doctor/rustup";
import type { SettingFacts } from "../core/doctor/settings";
import { lookAtToolchain } from "../core/doctor/toolchain";
import { within } from "../core/doctor/within";
import { baseEnvironment, nixEnvironment } from "../core/environment/baseEnvironment";
import type { Change } from "../core/environment/change";
import { environmentOf, type Environment } from "../core/environment/environment";
import { run } from "../core/process";
import { childrenOf } from "../core/processEnvironment";
import { isServer } from "../core/rust/serverProcess";
import type { FolderShell } from "../core/shell/folderShell";
import { currentOf } from "../core/shell/state";
import { withTemporaryFolder } from "../core/temporaryFolder";
import { readSettings } from "./settings";

/** What the report is about. */
export interface SetupQuestion {
    /** Undefined where no folder is open. */
    readonly folder: SetupFolder | undefined;
    /** The folder whose dev shell rust-analyzer and other extensions are in. */
    readonly feeding: SetupFolder | undefined;
    /** Programs are never taken from these. */
    readonly untrusted: readonly string[];
    /** The editor's environment, before anything of ours. */
    readonly base: Environment;
    /** What a debugged program gets on top of its debugger's own environment. */
    launchEnvironment(changes: readonly Change[]): readonly (readonly [string, string])[];
    /** How many variables VS Code takes for the terminals of a folder. */
    readonly mostVariables: number;
    readonly signal: AbortSignal;
}

export interface SetupFolder {
    readonly workspaceFolder: vscode.WorkspaceFolder;
    readonly shell: FolderShell;
}

/** How long a terminal or task may take to start and answer, in milliseconds. */
const PATIENCE = 12_000;

/** How long each question to nix may take, in milliseconds. */
const NIX_PATIENCE = 8_000;

/** How long a shell may take to read its start-up files before it is asked, in milliseconds. */
const START = 4_000;

/** Gathers everything at once. Takes no longer than its limits, and rejects only on abort. */
export async function gatherFacts(question: SetupQuestion): Promise<Facts> {
    const { folder, feeding, untrusted, base, signal } = question;
    const env = nixEnvironment(baseEnvironment(base));
    const home = base.get("HOME") ?? homedir();
    const uri = folder?.workspaceFolder.uri;
    const configured = readSettings(uri).nixPath;
    const snapshot = folder && currentOf(folder.shell.state);
    const flake = folder?.shell.project.flake;
    const wanted = folder?.shell.wantedToolchain;
    const [nix, disks, rustup, toolchain, observations] = await Promise.all([
        inTime(
            lookAtNix({ configured, env, home, untrusted, run, signal, patience: NIX_PATIENCE }),
        ),
        lookAtDisks(["/nix", tmpdir()]),
        inTime(lookAtRustup({ env: base, home, untrusted, flake, snapshot })),
        snapshot && inTime(lookAtToolchain({ snapshot, base: env, wanted, flake, run, signal })),
        folder && snapshot ? observeAll(question, folder, snapshot.changes) : new Map(),
    ]);
    return {
        project: folder && {
            project: folder.shell.project,
            state: folder.shell.state,
            shell: folder.shell.choice.shell,
            drift: folder.shell.drift,
        },
        changes: snapshot?.changes,
        nix,
        disks,
        launch: lookAtLaunch(base, {
            remote: vscode.env.remoteName,
            isBrowser: vscode.env.uiKind === vscode.UIKind.Web,
            missesNix: nix?.executable !== undefined && !nix.isOnPath,
        }),
        rustup,
        toolchain,
        settings: readEditorSettings(uri),
        extensions: findExtensions(folder),
        observations,
        comparison: {
            feeding: feeding?.workspaceFolder.name,
            endsMatter: endsMatter(snapshot?.changes ?? [], env, home),
            isHuge: (snapshot?.changes.length ?? 0) > question.mostVariables,
        },
    };
}

/** Starts a real terminal and a real task, and looks at the server that runs. */
async function observeAll(
    question: SetupQuestion,
    folder: SetupFolder,
    changes: readonly Change[],
): Promise<ReadonlyMap<Place, Observation>> {
    const { signal } = question;
    const { workspaceFolder } = folder;
    return withTemporaryFolder(privateParent(tmpdir()), async (temporary) => {
        const ask = async (place: Place, start: (probe: Probe) => Promise<vscode.Disposable>) => {
            const probe = writeProbe(temporary, place);
            const started = await within(PATIENCE, start(probe));
            if (started === undefined) return unseen("no-answer");
            try {
                const environment = await readProbe(probe, PATIENCE, signal);
                return environment === undefined
                    ? unseen("no-answer")
                    : observe(changes, environment);
            } finally {
                started.dispose();
            }
        };
        const [terminal, task] = await Promise.all([
            ask("terminal", (probe) => startTerminal(workspaceFolder, probe)),
            savesBeforeTasks(workspaceFolder)
                ? unseen("unsaved-files")
                : ask("task", (probe) => startTask(workspaceFolder, probe)),
        ]);
        signal.throwIfAborted();
        return new Map<Place, Observation>([
            ["terminal", terminal],
            ["task", task],
            ["rust-analyzer", observeServer(question, folder, changes)],
            ["debug", observeDebugging(question, changes)],
        ]);
    });
}

function unseen(why: (Observation & { kind: "unseen" })["why"]): Observation {
    return { kind: "unseen", why };
}

async function startTerminal(
    { uri }: vscode.WorkspaceFolder,
    probe: Probe,
): Promise<vscode.Disposable> {
    const terminal = vscode.window.createTerminal({
        name: "Nix: Check My Setup",
        cwd: uri,
        hideFromUser: true,
        isTransient: true,
    });
    await shellStarted(terminal);
    // With a space in front, most shells keep it out of their history.
    terminal.sendText(` ${probeCommand(probe)}`);
    return terminal;
}

/** Waits until the terminal's shell has read its start-up files, where shell integration tells that. */
function shellStarted(terminal: vscode.Terminal): Promise<void> {
    return new Promise((resolve) => {
        const timer = setTimeout(() => end(), START);
        const listener = vscode.window.onDidChangeTerminalShellIntegration((event) => {
            if (event.terminal === terminal) end();
        });
        const end = (): void => {
            clearTimeout(timer);
            listener.dispose();
            resolve();
        };
    });
}

async function startTask(folder: vscode.WorkspaceFolder, probe: Probe): Promise<vscode.Disposable> {
    const task = new vscode.Task(
        { type: "shell" },
        folder,
        "Check My Setup",
        "Nix",
        new vscode.ShellExecution(probeCommand(probe)),
        [],
    );
    task.presentationOptions = {
        reveal: vscode.TaskRevealKind.Never,
        panel: vscode.TaskPanelKind.Dedicated,
        echo: false,
        focus: false,
        showReuseMessage: false,
        close: true,
    };
    const execution = await vscode.tasks.executeTask(task);
    return { dispose: () => execution.terminate() };
}

/** Whether running a task would write files that the user has not saved. */
function savesBeforeTasks({ uri }: vscode.WorkspaceFolder): boolean {
    const when = vscode.workspace.getConfiguration("task", uri).get<string>("saveBeforeRun");
    return when !== "never" && vscode.workspace.textDocuments.some(({ isDirty }) => isDirty);
}

function observeServer(
    { feeding }: SetupQuestion,
    folder: SetupFolder,
    changes: readonly Change[],
): Observation {
    if (vscode.extensions.getExtension("rust-lang.rust-analyzer") === undefined) {
        return unseen("no-extension");
    }
    if (feeding !== undefined && feeding.shell !== folder.shell) return unseen("other-folder");
    const children = childrenOf(process.pid);
    if (children === undefined) return unseen("not-visible");
    const server = children.find(isServer);
    return server === undefined ? unseen("not-running") : observe(changes, server.environment);
}

/** A debugger is started by the extension host, and the program by the debugger. */
function observeDebugging(
    { launchEnvironment }: SetupQuestion,
    changes: readonly Change[],
): Observation {
    const host = environmentOf(process.env);
    return observe(changes, new Map([...host, ...launchEnvironment(changes)]));
}

function readEditorSettings(uri: vscode.Uri | undefined): SettingFacts {
    const settings = vscode.workspace.getConfiguration(undefined, uri ?? null);
    const names = (key: string): string[] =>
        Object.keys(settings.get<Record<string, unknown> | null>(key) ?? {});
    const form = process.platform === "darwin" ? "osx" : "linux";
    const serverPath = settings.get<string | null>("rust-analyzer.server.path");
    return {
        terminalEnv: names(`terminal.integrated.env.${form}`),
        terminalEnvSetting: `terminal.integrated.env.${form}`,
        inheritsEnv: settings.get<boolean>("terminal.integrated.inheritEnv") !== false,
        shellIntegration:
            settings.get<boolean>("terminal.integrated.shellIntegration.enabled") !== false,
        serverEnv: names("rust-analyzer.server.extraEnv"),
        cargoEnv: names("rust-analyzer.cargo.extraEnv"),
        serverPath: serverPath ? serverPath : undefined,
        feedsHost: readSettings(undefined).extensionHost,
    };
}

function findExtensions(folder: SetupFolder | undefined): FoundExtension[] {
    return OTHER_EXTENSIONS.flatMap((extension) => {
        const found = vscode.extensions.getExtension(extension.id);
        if (found === undefined) return [];
        const { workspaceFolder, shell } = folder ?? {};
        const roots = [workspaceFolder?.uri.fsPath, shell?.project.repository];
        const files = extension.files.filter((file) =>
            roots.some((root) => root !== undefined && existsSync(join(root, file))),
        );
        const settings = vscode.workspace.getConfiguration(undefined, workspaceFolder?.uri ?? null);
        const set = extension.settings.filter((key) => Boolean(settings.get(key)));
        return [{ extension, isActive: found.isActive, reasons: [...files, ...set] }];
    });
}
