import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { isRust } from "./core/project/project";
import { currentOf } from "./core/shell/state";
import type { FolderFacts } from "./core/shell/status";
import type { Snapshot } from "./core/snapshot";
import type { ViewFacts } from "./core/view/viewFacts";
import type { CommandContext } from "./editor/commands";
import { BuildFailures } from "./editor/buildFailures";
import { provideDebugEnvironment } from "./editor/debugSessions";
import { EnvironmentDocument } from "./editor/environmentDocument";
import { Folders, type OpenFolder } from "./editor/folders";
import { HostEnvironment } from "./editor/hostEnvironment";
import { Command, FLAKE_CONTEXT, INSIDE_CONTEXT } from "./editor/ids";
import { InputLenses, type FlakeOwner } from "./editor/inputLenses";
import { LockDocument } from "./editor/lockDocument";
import { LongCaptures } from "./editor/longCaptures";
import { NixView } from "./editor/nixView";
import { Preview } from "./editor/preview";
import { Problems } from "./editor/problems";
import { RustAnalyzer, type ServerShell } from "./editor/rustAnalyzer";
import { affectsCapture, affectsDrift, readKeepUnused, readSettings } from "./editor/settings";
import { SetupReport } from "./editor/setupReport";
import { StatusItem } from "./editor/statusItem";
import { Terminals } from "./editor/terminals";
import { ToolchainProblems } from "./editor/toolchainProblems";

/** How often the status bar's "3 minutes ago" is brought up to date, in milliseconds. */
const TICK = 60_000;

/** How often it says for how long nix has been at work, in milliseconds. */
const SECOND = 1_000;

/** How long after the start the unused dev shells are looked for: nobody waits for it. */
const QUIET = 60_000;

let stop: (() => Promise<void>) | undefined;

/** Builds and wires. Everything warm is in place when this returns; nix runs afterwards. */
export function activate(context: vscode.ExtensionContext): void {
    const host = new HostEnvironment();
    const log = vscode.window.createOutputChannel("Nix Rust", { log: true });
    const storage = context.globalStorageUri.fsPath;
    const folders = new Folders({
        memory: context.workspaceState,
        storage,
        editorEnvironment: host.base,
        log,
    });
    // Before anything else: rust-analyzer starts its server while we are still at it.
    const feedHost = (): ServerShell | undefined => {
        const current = snapshotOf(folders.feeding);
        const isOn = readSettings(undefined).extensionHost;
        host.replace(isOn ? (current?.changes ?? []) : []);
        return serverShell(folders.feeding, host);
    };
    const initial = feedHost();

    const terminals = new Terminals(context.environmentVariableCollection);
    const status = new StatusItem();
    const rustAnalyzer = new RustAnalyzer(
        { extensionId: context.extension.id, memory: context.workspaceState },
        host.base,
        initial,
        log,
    );
    const environment = new EnvironmentDocument((folder) => {
        const open = folders.of(vscode.workspace.getWorkspaceFolder(folder));
        const snapshot = snapshotOf(open);
        return open && snapshot && { title: titleOf(open), snapshot };
    });

    const lockDocument = new LockDocument();
    const preview = new Preview();
    const view = new NixView({
        facts: () => viewFactsOf(folders),
        listShells: async () => {
            await vscode.commands.executeCommand(Command.listShells);
        },
        title: () => (folders.all.length > 1 ? folders.active?.workspaceFolder.name : undefined),
    });
    const setupReport = new SetupReport();

    const rendered = new Map<string, { index: number; snapshot: Snapshot | undefined }>();
    const renderEnvironments = (): void => {
        rustAnalyzer.update(feedHost());
        for (const folder of folders.all) {
            const snapshot = snapshotOf(folder);
            const { index, uri } = folder.workspaceFolder;
            const last = rendered.get(uri.toString());
            if (last?.index === index && last.snapshot === snapshot) continue;
            rendered.set(uri.toString(), { index, snapshot });
            terminals.replace(folder.workspaceFolder, snapshot?.changes ?? [], titleOf(folder));
            environment.refresh();
        }
        const isInside = folders.all.some((folder) => snapshotOf(folder) !== undefined);
        void vscode.commands.executeCommand("setContext", INSIDE_CONTEXT, isInside);
    };
    const renderStatus = async (): Promise<void> => {
        const { statusOf } = await import("./core/shell/status");
        const facts = factsOf(folders);
        status.show(facts && statusOf(facts, Date.now()));
    };

    const lenses = new InputLenses((flake) => ownerOf(folders, flake));

    let hasFlake = false;
    let shown: readonly unknown[] = [];
    const renderView = (): void => {
        const has = folders.all.some(({ shell }) => shell.project.flake !== undefined);
        if (has !== hasFlake) void vscode.commands.executeCommand("setContext", FLAKE_CONTEXT, has);
        hasFlake = has;
        const now = shownOf(folders);
        // While nix is at work a folder changes many times a second, and nothing of this does.
        if (now.every((part, i) => part === shown[i])) return;
        shown = now;
        view.refresh();
        lenses.refresh();
    };

    const problems = new Problems(log);
    const toolchainProblems = new ToolchainProblems(() => folders.all);
    const longCaptures = new LongCaptures();
    const renderProblems = (): void => {
        longCaptures.update(folders.all);
        problems.update(folders.all);
        toolchainProblems.update();
    };
    const buildFailures = new BuildFailures((place) => {
        const folder = place && vscode.workspace.getWorkspaceFolder(place);
        return folders.of(folder) ?? folders.active;
    });

    const timer = setInterval(() => void renderStatus(), TICK);
    const clock = setInterval(() => {
        if (folders.active?.shell.capturingSince !== undefined) void renderStatus();
    }, SECOND);
    const cleaning = setTimeout(() => void dropUnused(storage, log), QUIET);
    context.subscriptions.push(
        log,
        status,
        rustAnalyzer,
        environment,
        lockDocument,
        preview,
        view,
        setupReport,
        lenses,
        buildFailures,
        host,
        folders,
        { dispose: () => clearInterval(timer) },
        { dispose: () => clearInterval(clock) },
        { dispose: () => clearTimeout(cleaning) },
        folders.onDidChangeEnvironment(renderEnvironments),
        problems,
        toolchainProblems,
        folders.onDidChange(() => void renderStatus()),
        folders.onDidChange(renderView),
        folders.onDidChange(renderProblems),
        folders.onDidClose((folder) => {
            rendered.delete(folder.uri.toString());
            terminals.replace(folder, [], "");
            problems.clear(folder);
        }),
        provideDebugEnvironment(
            (folder) => snapshotOf(folders.of(folder))?.changes ?? [],
            host.base,
        ),
        vscode.workspace.onDidChangeConfiguration((event) => {
            if (affectsCapture(event)) {
                void folders.recapture();
                view.refresh();
            }
            if (affectsDrift(event)) void folders.refreshDrift();
            renderEnvironments();
        }),
        registerCommands({
            folders,
            rustAnalyzer,
            environment,
            lockDocument,
            preview,
            setupReport,
            base: host.base,
            log,
        }),
    );
    stop = () => folders.stop();
    // Later, so that other extensions need not wait for it: it loads libraries and starts processes.
    // Terminals that are revived meanwhile have their environment from the editor's own memory.
    const opening = setImmediate(() => {
        void renderStatus();
        renderView();
        renderEnvironments();
        renderProblems();
        void folders.refresh("opened");
    });
    context.subscriptions.push({ dispose: () => clearImmediate(opening) });
}

/** Nothing that was started outlives the window. */
export async function deactivate(): Promise<void> {
    await stop?.();
}

async function dropUnused(storage: string, log: vscode.LogOutputChannel): Promise<void> {
    const { dropUnusedShells } = await import("./core/shell/roots");
    for (const shell of dropUnusedShells(storage, readKeepUnused(), Date.now())) {
        log.info(`Dropped the dev shell in ${shell}, which was not used for long.`);
    }
}

function snapshotOf(folder: OpenFolder | undefined): Snapshot | undefined {
    return folder && currentOf(folder.shell.state);
}

/** What rust-analyzer's server is to run in; undefined where no Rust folder feeds the window. */
function serverShell(
    folder: OpenFolder | undefined,
    host: HostEnvironment,
): ServerShell | undefined {
    const current = snapshotOf(folder);
    if (folder === undefined || current === undefined || !isRust(folder.shell.project)) {
        return undefined;
    }
    const { links } = folder.shell;
    const server = links && join(links, "rust-analyzer");
    return {
        host: host.ours,
        changes: current.changes,
        server: server && existsSync(server) ? server : undefined,
    };
}

function titleOf({ workspaceFolder, shell }: OpenFolder): string {
    return `Nix dev shell "${shell.choice.shell ?? "default"}" of ${workspaceFolder.name}`;
}

function factsOf(folders: Folders): FolderFacts | undefined {
    const folder = folders.active;
    if (folder === undefined) return undefined;
    const { shell, workspaceFolder } = folder;
    return {
        name: workspaceFolder.name,
        state: shell.state,
        shell: shell.choice.shell,
        drift: shell.drift,
        ignoredDrift: shell.ignoredDrift,
        wantedToolchain: shell.wantedToolchain,
        unkept: shell.unkept,
        manual: readSettings(workspaceFolder.uri).enter === "manual",
        oneOfSeveral: folders.all.length > 1,
        feedsWindow: folder === folders.feeding,
        asksForSettings: shell.flakeConfig !== undefined && !shell.isConfigDecided,
        capturingSince: shell.capturingSince,
    };
}

async function viewFactsOf(folders: Folders): Promise<ViewFacts | undefined> {
    const facts = factsOf(folders);
    const folder = folders.active;
    if (facts === undefined || folder === undefined) return undefined;
    const { readViewFacts } = await import("./core/view/viewFacts");
    const { project, listedShells: shells } = folder.shell;
    const uri = folder.workspaceFolder.uri.toString();
    return readViewFacts({ ...facts, uri, project, shells }, Date.now());
}

/** The folder whose flake.nix that is. */
function ownerOf(folders: Folders, flake: string): FlakeOwner | undefined {
    const owner = folders.all.find(({ shell }) => shell.project.flake === flake);
    return (
        owner && {
            uri: owner.workspaceFolder.uri.toString(),
            lockSinceCommit: () => owner.shell.lockSinceCommit(),
        }
    );
}

/** What decides what the view shows, each part a new object when it is another. */
function shownOf(folders: Folders): readonly unknown[] {
    const { active } = folders;
    const shell = active?.shell;
    return [
        active?.workspaceFolder.uri.toString(),
        folders.all.length,
        shell?.project.flake,
        shell && currentOf(shell.state),
        shell?.choice.shell,
        shell?.drift,
        shell?.ignoredDrift.join(),
        shell?.listedShells,
    ];
}

/** A window that opens runs no command: what they do is loaded with the first one that is run. */
function registerCommands(context: CommandContext): vscode.Disposable {
    const registrations = Object.values(Command).map((id) =>
        vscode.commands.registerCommand(id, async (...args: unknown[]) => {
            const { commandTable } = await import("./editor/commands");
            return commandTable(context)[id](...args);
        }),
    );
    return vscode.Disposable.from(...registrations);
}
