import * as vscode from "vscode";
import { serverShell, type ServerShell } from "./core/rust/serverShell";
import type { CommandContext } from "./editor/commands";
import { BuildFailures } from "./editor/buildFailures";
import { ContextKeys } from "./editor/contextKeys";
import { provideDebugEnvironment } from "./editor/debugSessions";
import { EnvironmentDocument } from "./editor/environmentDocument";
import { factsOf, viewFactsOf, viewPartsOf } from "./editor/folderFacts";
import { Folders } from "./editor/folders";
import { HostEnvironment } from "./editor/hostEnvironment";
import { Command } from "./editor/ids";
import { InputLenses } from "./editor/inputLenses";
import { LockDocument } from "./editor/lockDocument";
import { LongCaptures } from "./editor/longCaptures";
import { NixView } from "./editor/nixView";
import { snapshotOf } from "./editor/openFolder";
import { Preview } from "./editor/preview";
import { Problems } from "./editor/problems";
import { RustAnalyzer } from "./editor/rustAnalyzer";
import { affectsCapture, affectsDrift, readKeepUnused, readSettings } from "./editor/settings";
import { SetupReport } from "./editor/setupReport";
import { StatusItem } from "./editor/statusItem";
import { Terminals } from "./editor/terminals";
import { ToolchainProblems } from "./editor/toolchainProblems";

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
        const isOn = readSettings(undefined).extensionHost;
        host.replace(isOn ? (snapshotOf(folders.feeding)?.changes ?? []) : []);
        return serverShell(folders.feeding?.shell, host.ours);
    };
    const initial = feedHost();

    const terminals = new Terminals(context.environmentVariableCollection);
    const rustAnalyzer = new RustAnalyzer(
        { extensionId: context.extension.id, memory: context.workspaceState },
        host.base,
        initial,
        log,
    );
    const contextKeys = new ContextKeys();
    const status = new StatusItem(() => factsOf(folders));
    const environment = new EnvironmentDocument((uri) => folders.at(uri));
    const lockDocument = new LockDocument();
    const preview = new Preview();
    const setupReport = new SetupReport();
    const view = new NixView({
        facts: () => viewFactsOf(folders),
        title: () => (folders.all.length > 1 ? folders.active?.workspaceFolder.name : undefined),
    });
    const lenses = new InputLenses(() => folders.all);
    const problems = new Problems(log);
    const toolchainProblems = new ToolchainProblems(() => folders.all);
    const longCaptures = new LongCaptures();
    const buildFailures = new BuildFailures((place) => {
        return (place && folders.at(place)) ?? folders.active;
    });

    const renderEnvironments = (): void => {
        rustAnalyzer.update(feedHost());
        terminals.update(folders.all);
        environment.refresh();
    };
    let shown: readonly unknown[] = [];
    const renderView = (): void => {
        const now = viewPartsOf(folders);
        // While nix is at work a folder changes many times a second, and nothing of this does.
        if (now.every((part, i) => part === shown[i])) return;
        shown = now;
        view.refresh();
        lenses.refresh();
    };
    const render = (): void => {
        contextKeys.update(folders.all);
        void status.refresh();
        renderView();
        longCaptures.update(folders.all);
        problems.update(folders.all);
        toolchainProblems.update();
    };

    const cleaning = setTimeout(() => void dropUnused(storage, log), QUIET);
    // Later, so that other extensions need not wait for it: it loads libraries and starts processes.
    // Terminals that are revived meanwhile have their environment from the editor's own memory.
    const opening = setImmediate(() => {
        render();
        renderEnvironments();
        void folders.refresh("opened");
    });
    stop = () => folders.stop();
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
        problems,
        toolchainProblems,
        { dispose: () => clearTimeout(cleaning) },
        { dispose: () => clearImmediate(opening) },
        folders.onDidChangeEnvironment(renderEnvironments),
        folders.onDidChange(render),
        folders.onDidClose((folder) => {
            terminals.clear(folder);
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
