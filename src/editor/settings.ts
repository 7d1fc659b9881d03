import * as vscode from "vscode";
import { numberFrom, textFrom, textsFrom, wordFrom } from "../core/settingValues";
import type { ShellSettings } from "../core/shell/folderShell";
import { SECTION, Setting, type SettingName } from "./ids";

export interface Settings extends ShellSettings {
    /** Whether the extension host's own environment becomes the dev shell's. */
    readonly extensionHost: boolean;
}

/** In milliseconds. */
const DAY = 24 * 60 * 60 * 1000;

/** The bounds of settings. A timer for longer than 24 days ends at once, so a day has to do. */
const HOOK_SECONDS = { least: 1, most: 24 * 60 * 60, otherwise: 60 };
const MOST_DAYS = 36_500;

/** The settings as they are for a folder, each with the default that the manifest has. */
export function readSettings(folder: vscode.Uri | undefined): Settings {
    const section = vscode.workspace.getConfiguration(SECTION, scopeOf(folder));
    // Asked for a folder, the window's settings make VS Code write a warning into its log each time.
    const window = vscode.workspace.getConfiguration(SECTION);
    const read = (name: SettingName): unknown => section.get(name);
    const days = numberFrom(read(Setting.warnAfterDays), {
        least: 0,
        most: MOST_DAYS,
        otherwise: 0,
    });
    return {
        enter: wordFrom(read(Setting.enter), ["automatic", "manual"]),
        nixPath: textFrom(read(Setting.nixPath), "").trim(),
        extraArguments: textsFrom(read(Setting.extraArguments)),
        exceptions: {
            keepOut: textsFrom(read(Setting.keepOut)),
            letIn: textsFrom(read(Setting.letIn)),
        },
        extensionHost: window.get(Setting.extensionHost) !== false,
        hookTimeout: numberFrom(read(Setting.hookTimeout), HOOK_SECONDS) * 1000,
        oldAfter: days === 0 ? undefined : days * DAY,
        nixOutput: wordFrom(window.get(Setting.nixLog), ["normal", "quiet", "verbose"]),
    };
}

/**
 * What to ask for a folder's settings with. A folder that was opened by itself has the workspace's
 * settings, and asked for a folder, VS Code merges all settings of all extensions once more:
 * milliseconds, of a start that has few.
 */
function scopeOf(folder: vscode.Uri | undefined): vscode.Uri | null {
    const { workspaceFile, workspaceFolders } = vscode.workspace;
    const isWorkspace = workspaceFile === undefined && workspaceFolders?.length === 1;
    return folder === undefined || isWorkspace ? null : folder;
}

/** How long the dev shells of folders that are not opened are kept, in milliseconds. */
export function readKeepUnused(): number {
    const days = vscode.workspace.getConfiguration(SECTION).get(Setting.keepUnused);
    return numberFrom(days, { least: 1, most: MOST_DAYS, otherwise: 30 }) * DAY;
}

/** Globs, relative to the folder, of what the shellHook reads. */
export function readWatchedGlobs(folder: vscode.Uri): readonly string[] {
    return textsFrom(vscode.workspace.getConfiguration(SECTION, folder).get(Setting.watch));
}

/** Settings that change what a capture gives, as far as they are ours. */
const CAPTURED = [
    Setting.nixPath,
    Setting.extraArguments,
    Setting.keepOut,
    Setting.letIn,
    Setting.enter,
    Setting.watch,
];

/** Whether a change of settings changes what the lock is warned of. */
export function affectsDrift(event: vscode.ConfigurationChangeEvent): boolean {
    return event.affectsConfiguration(`${SECTION}.${Setting.warnAfterDays}`);
}

/** Whether a change of settings asks for a new capture. */
export function affectsCapture(event: vscode.ConfigurationChangeEvent): boolean {
    return CAPTURED.some((name) => event.affectsConfiguration(`${SECTION}.${name}`));
}
