import { existsSync, statfsSync } from "node:fs";
import { homedir } from "node:os";
import * as vscode from "vscode";
import type { Failure } from "../core/failure/failure";
import { logDerivation } from "../core/failure/sentence";
import { repositoryToTrust, trustFolder } from "../core/lock/git";
import { configurationPlace } from "../core/nix/configurationFile";
import { daemonCommand } from "../core/nix/daemonCommand";
import { buildLog, collectGarbage } from "../core/nix/maintenance";
import { progressText } from "../core/nix/progress";
import { textsFrom } from "../core/settingValues";
import type { FolderShell } from "../core/shell/folderShell";
import { SECTION, Setting } from "./ids";
import { withProgress } from "./progress";

/** Types the command into a terminal, for the user to run: it asks for their password. */
export async function startDaemon(): Promise<void> {
    const terminal = vscode.window.createTerminal({ name: "Nix: start the daemon" });
    terminal.show();
    await shellOf(terminal);
    terminal.sendText(daemonCommand(process.platform, existsSync("/run/systemd/system")), false);
    const message = "The command that starts the Nix daemon is in the terminal. Run it there.";
    await vscode.window.showInformationMessage(message);
}

/** How long a shell is waited for that does not say when it is ready, in milliseconds. */
const STARTING = 2_000;

/** Waits for a terminal's shell: what comes before its prompt is shown twice. */
async function shellOf(terminal: vscode.Terminal): Promise<void> {
    if (terminal.shellIntegration !== undefined) return;
    await new Promise<void>((resolve) => {
        const listener = vscode.window.onDidChangeTerminalShellIntegration((event) => {
            if (event.terminal === terminal) ready();
        });
        const timer = setTimeout(() => ready(), STARTING);
        const ready = (): void => {
            listener.dispose();
            clearTimeout(timer);
            resolve();
        };
    });
}

const FLAKES_LINE = "experimental-features = nix-command flakes";

/** Shows the line that turns flakes on; our own calls have them on in any case. */
export async function enableFlakes(folder: FolderShell, failure: Failure): Promise<void> {
    const [copy, open] = ["Copy Line", "Open nix.conf"];
    const message = `Nix itself has flakes turned on by this line in nix.conf: ${FLAKES_LINE}`;
    const picked = await vscode.window.showInformationMessage(message, copy, open);
    if (picked === copy) await vscode.env.clipboard.writeText(FLAKES_LINE);
    if (picked === open) await openConfiguration(folder, failure);
}

/** Opens nix.conf, at the line that nix complained about where it named one. */
export async function openConfiguration(folder: FolderShell, failure: Failure): Promise<void> {
    const { env } = folder.nix();
    const { file, line } = configurationPlace(env, env.get("HOME") ?? homedir(), failure);
    const uri = vscode.Uri.file(file);
    const target = existsSync(file) ? uri : uri.with({ scheme: "untitled" });
    const document = await vscode.workspace.openTextDocument(target);
    const at = new vscode.Position(line ?? 0, 0);
    const selection = line === undefined ? undefined : new vscode.Range(at, at);
    await vscode.window.showTextDocument(document, selection && { selection });
}

/** @returns whether something was freed. */
export async function freeDiskSpace(folder: FolderShell): Promise<boolean> {
    const free = "Delete Unused Packages";
    const detail = `${freeSpace()}Nix deletes what no project, profile or running program on this machine uses any more. Environments that this extension has in use stay. What is needed again is downloaded or built again.`;
    const message = "Delete the packages in the Nix store that nothing uses?";
    const picked = await vscode.window.showWarningMessage(message, { modal: true, detail }, free);
    if (picked !== free) return false;
    const freed = await withProgress("Nix: freeing disk space", (signal, report) =>
        collectGarbage(folder.nix(), signal, (now) => report(progressText(now))),
    );
    vscode.window.setStatusBarMessage(`Nix: ${freed || "nothing to delete"}`, 10_000);
    return true;
}

function freeSpace(): string {
    try {
        const { bavail, bsize } = statfsSync("/nix");
        return `${((bavail * bsize) / 1e9).toFixed(1)} GB are free on the disk of /nix.\n\n`;
    } catch {
        return "";
    }
}

/** @returns whether git was told to trust the repository. */
export async function trustInGit(folder: FolderShell, failure: Failure): Promise<boolean> {
    const own = folder.project.repository ?? folder.folder;
    const repository = repositoryToTrust(failure.subject, own);
    const trust = "Trust It in Git";
    const detail = `It belongs to another user. Git would then use it for you in all programs; its settings and hooks can run programs as you.\n\ngit config --global --add safe.directory ${repository}`;
    const picked = await vscode.window.showWarningMessage(
        `Trust the repository ${repository}?`,
        { modal: true, detail },
        trust,
    );
    if (picked !== trust) return false;
    await trustFolder(folder.git(), repository);
    return true;
}

/** Opens what the builder wrote, as a document that can't be changed. */
export async function showBuildLog(folder: FolderShell, failure: Failure): Promise<void> {
    const derivation = logDerivation(failure);
    if (derivation === undefined) return;
    const text = await withProgress("Nix: reading the build log", (signal) =>
        buildLog(folder.nix(), derivation, signal),
    );
    const name = derivation.replace(/^.*\/[0-9a-z]{32}-|\.drv$/g, "");
    const uri = vscode.Uri.from({ scheme: "nix-rust-log", path: `/${name}.log` });
    const provider = vscode.workspace.registerTextDocumentContentProvider(uri.scheme, {
        provideTextDocumentContent: () => text,
    });
    const document = await vscode.workspace.openTextDocument(uri);
    provider.dispose();
    await vscode.window.showTextDocument(document);
}

/** Adds `--impure` to the arguments of this machine's nix, after saying what that means. */
export async function allowImpure(): Promise<void> {
    const allow = "Allow on This Machine";
    const detail =
        "Flakes can then read files and variables of this machine while they are evaluated, so a dev shell may differ from one machine to another, and looking for changes takes longer. This adds --impure to the setting nixRust.extraArguments.";
    const picked = await vscode.window.showWarningMessage(
        "Allow impure evaluation?",
        { modal: true, detail },
        allow,
    );
    if (picked !== allow) return;
    const section = vscode.workspace.getConfiguration(SECTION);
    const now = textsFrom(section.get(Setting.extraArguments));
    if (now.includes("--impure")) return;
    const next = [...now, "--impure"];
    await section.update(Setting.extraArguments, next, vscode.ConfigurationTarget.Global);
}
