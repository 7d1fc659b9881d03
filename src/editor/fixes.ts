import { join } from "node:path";
import * as vscode from "vscode";
import { CaptureError, failureOf, type Failure } from "../core/failure/failure";
import { fixLabel, isTextFix, type FixId } from "../core/failure/fix";
import { sentenceFor } from "../core/failure/sentence";
import { flakeBelow } from "../core/project/project";
import type { FolderShell } from "../core/shell/folderShell";
import { applyRepair, openFile, openPlace, repairsOf, resolveConflict } from "./flakeFixes";
import { Command, SECTION, Setting } from "./ids";
import {
    allowImpure,
    enableFlakes,
    freeDiskSpace,
    openConfiguration,
    showBuildLog,
    startDaemon,
    trustInGit,
} from "./machineFixes";

const SHOW_LOG = "Show Log";

/** A way out that can be taken now. */
interface Offer {
    readonly label: string;
    run(): Thenable<unknown>;
}

/** Tells the user what went wrong with something that they asked for, with the ways out as buttons. */
export async function showFailure(folder: FolderShell, told: Failure): Promise<void> {
    const below = told.kind === "no-flake" ? flakeBelow(folder.project) : undefined;
    const failure = below === undefined ? told : failureOf("flake-below", below);
    const offers = await offersFor(folder, failure);
    const labels = [...new Set(offers.map(({ label }) => label)), SHOW_LOG];
    const picked = await vscode.window.showErrorMessage(sentenceFor(failure).message, ...labels);
    if (picked === SHOW_LOG) await vscode.commands.executeCommand(Command.showLog);
    const offer = offers.find(({ label }) => label === picked);
    if (offer !== undefined) await attempt(folder, () => offer.run());
}

/** Takes one of the ways out of a folder's failure. */
export async function applyFix(folder: FolderShell, fix: string): Promise<void> {
    const { state } = folder;
    if (state.kind !== "failed") return;
    const { failure } = state;
    const known = Object.entries(FIXES).find(([id]) => id === fix);
    // Nobody asked for a terminal here.
    const again = (): Thenable<unknown> => folder.reload();
    if (known !== undefined) await attempt(folder, () => known[1](folder, failure, again));
}

/** Has the user choose what to make of a flake.lock in conflict. */
export async function resolveLock(folder: FolderShell): Promise<void> {
    await attempt(folder, () => resolveConflict(folder));
}

/** A change of a file is offered where one is known, and says itself what it does. */
async function offersFor(folder: FolderShell, failure: Failure): Promise<Offer[]> {
    const { fixes } = sentenceFor(failure);
    const repairs = fixes.some(isTextFix) ? await repairsOf(folder, failure) : [];
    return fixes.flatMap((fix): Offer[] => {
        if (!isTextFix(fix)) {
            return [{ label: fixLabel(fix), run: () => FIXES[fix](folder, failure, enter) }];
        }
        return repairs
            .filter(({ id }) => id === fix)
            .map((repair) => ({ label: repair.title, run: () => applyRepair(repair) }));
    });
}

/** What fails on the way out is told like any other failure. */
async function attempt(folder: FolderShell, run: () => Thenable<unknown>): Promise<void> {
    try {
        await run();
    } catch (error) {
        if (error instanceof DOMException && error.name === "AbortError") return;
        if (!(error instanceof CaptureError)) throw error;
        await showFailure(folder, error.failure);
    }
}

/** @param again tries what failed once more */
type Fix = (folder: FolderShell, failure: Failure, again: Again) => Thenable<unknown>;

type Again = () => Thenable<unknown>;

/** What each button does. */
const FIXES: Record<FixId, Fix> = {
    retry: (_folder, _failure, again) => again(),
    "retry-offline": async (folder) => {
        const state = await folder.reloadOffline();
        if (state.kind === "failed") await showFailure(folder, state.failure);
    },
    "choose-nix": chooseNix,
    "install-nix": () => vscode.env.openExternal(vscode.Uri.parse("https://nixos.org/download/")),
    "start-daemon": startDaemon,
    "open-nix-conf": openConfiguration,
    "enable-flakes": enableFlakes,
    "collect-garbage": async (folder, _failure, again) => {
        if (await freeDiskSpace(folder)) await again();
    },
    "safe-directory": async (folder, failure, again) => {
        if (await trustInGit(folder, failure)) await again();
    },
    "track-file": async (folder, failure, again) => {
        // Without its content: that is enough for nix to see it.
        await folder.track(failure.subject);
        await again();
    },
    "open-flake-folder": (folder, { subject }) =>
        vscode.commands.executeCommand(
            "vscode.openFolder",
            vscode.Uri.file(join(folder.folder, subject)),
        ),
    "generate-flake": () => vscode.commands.executeCommand(Command.generateFlake),
    "open-flake": (folder) => openFile(folder.project.flake),
    "open-place": openPlace,
    "select-shell": () => vscode.commands.executeCommand(Command.selectShell),
    lock: () => vscode.commands.executeCommand(Command.lock),
    "resolve-lock": resolveConflict,
    "update-input": (folder, failure) =>
        vscode.commands.executeCommand(Command.updateInput, {
            folder: vscode.Uri.file(folder.folder).toString(),
            input: inputToUpdate(folder, failure),
        }),
    "show-builder-log": showBuildLog,
    "open-setting-impure": allowImpure,
    "raise-hook-timeout": () =>
        vscode.commands.executeCommand(
            "workbench.action.openSettings",
            `${SECTION}.${Setting.hookTimeout}`,
        ),
    "replace-attribute": repairBy("replace-attribute"),
    "replace-hash": repairBy("replace-hash"),
    "add-argument": repairBy("add-argument"),
    "add-rust-overlay": repairBy("add-rust-overlay"),
    "add-system": repairBy("add-system"),
    "allow-package": repairBy("allow-package"),
};

/** The input that a failure is about; undefined where the user has to choose. */
function inputToUpdate(folder: FolderShell, { kind, input }: Failure): string | undefined {
    const names = folder.drift?.inputs.map(({ name }) => name) ?? [];
    // What an evaluation can't find, or a build unpack, is newer than what the toolchains are from.
    const ofOverlay = kind === "eval-other" || kind === "builder-failed";
    const wanted = ofOverlay ? "rust-overlay" : input;
    return names.find((name) => name === wanted);
}

function enter(): Thenable<unknown> {
    return vscode.commands.executeCommand(Command.enter);
}

function repairBy(fix: FixId): Fix {
    return async (folder, failure) => {
        const [repair] = (await repairsOf(folder, failure)).filter(({ id }) => id === fix);
        await (repair === undefined ? openPlace(folder, failure) : applyRepair(repair));
    };
}

async function chooseNix(): Promise<void> {
    const [file] =
        (await vscode.window.showOpenDialog({
            title: "Where is the nix executable?",
            defaultUri: vscode.Uri.file("/nix/var/nix/profiles/default/bin"),
        })) ?? [];
    if (file === undefined) return;
    await vscode.workspace
        .getConfiguration(SECTION)
        .update(Setting.nixPath, file.fsPath, vscode.ConfigurationTarget.Global);
    await enter();
}
