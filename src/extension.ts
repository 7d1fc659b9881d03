import * as vscode from "vscode";
import { serverShell, type ServerShell } from "./core/rust/serverShell";
import type { CommandContext } from "./editor/commands";
import { provideDebugEnvironment } from "./editor/debugSessions";
import type { Display } from "./editor/display";
import { Folders } from "./editor/folders";
import { HostEnvironment } from "./editor/hostEnvironment";
import { Command } from "./editor/ids";
import { snapshotOf } from "./editor/openFolder";
import { RustAnalyzer } from "./editor/rustAnalyzer";
import { affectsCapture, affectsDrift, readKeepUnused, readSettings } from "./editor/settings";
import { Terminals } from "./editor/terminals";

/** How long after the start the unused dev shells are looked for: nobody waits for it. */
const QUIET = 60_000;

let stop: (() => Promise<void>) | undefined;

/**
 * Builds and wires. Every warm environment is in place when this returns. What shows them is when its
 * promise resolves, so that no other extension waits for that; nix runs afterwards.
 */
export function activate(context: vscode.ExtensionContext): Promise<void> {
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
    let display: Display | undefined;
    let isClosing = false;
    const renderEnvironments = (): void => {
        rustAnalyzer.update(feedHost());
        terminals.update(folders.all);
        display?.environment.refresh();
    };
    // Later: it loads libraries and starts processes. Terminals that are revived meanwhile have
    // their environment from the editor's own memory.
    const shown = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
        const { Display } = await import("./editor/display");
        if (isClosing) return undefined;
        display = new Display(folders, (uri) => folders.at(uri), log);
        context.subscriptions.push(display);
        display.update();
        renderEnvironments();
        void folders.refresh("opened");
        return display;
    });
    const cleaning = setTimeout(() => void dropUnused(storage, log), QUIET);
    stop = () => folders.stop();
    context.subscriptions.push(
        log,
        rustAnalyzer,
        host,
        folders,
        {
            dispose: () => {
                isClosing = true;
                clearTimeout(cleaning);
            },
        },
        folders.onDidChangeEnvironment(renderEnvironments),
        folders.onDidChange(() => display?.update()),
        folders.onDidClose((folder) => {
            terminals.clear(folder);
            display?.clear(folder);
        }),
        provideDebugEnvironment(
            (folder) => snapshotOf(folders.of(folder))?.changes ?? [],
            host.base,
        ),
        vscode.workspace.onDidChangeConfiguration((event) => {
            if (affectsCapture(event)) {
                void folders.recapture();
                display?.settingsChanged();
            }
            if (affectsDrift(event)) void folders.refreshDrift();
            renderEnvironments();
        }),
        registerCommands({ folders, rustAnalyzer, base: host.base, log }, shown),
    );
    return shown.then(() => {});
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
function registerCommands(
    context: Omit<CommandContext, "display">,
    shown: Promise<Display | undefined>,
): vscode.Disposable {
    const registrations = Object.values(Command).map((id) =>
        vscode.commands.registerCommand(id, async (...args: unknown[]) => {
            const [{ commandTable }, display] = await Promise.all([
                import("./editor/commands"),
                shown,
            ]);
            // The window is being closed.
            if (display === undefined) return undefined;
            return commandTable({ ...context, display })[id](...args);
        }),
    );
    return vscode.Disposable.from(...registrations);
}
