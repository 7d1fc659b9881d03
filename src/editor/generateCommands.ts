import { join } from "node:path";
import * as vscode from "vscode";
import { CaptureError, failureOf } from "../core/failure/failure";
import { newBeside } from "../core/flake/write/newBeside";
import { factsOf, planFlake, readFlakeSource, suggestedTemplate } from "../core/flake/write/choose";
import { flakeText } from "../core/flake/write/flakeText";
import { NO_NEEDS, type ShellNeeds } from "../core/flake/write/plan";
import { flakeRoot } from "../core/flake/write/root";
import { shellNeeds } from "../core/flake/write/shellNeeds";
import { isFileOption } from "../core/flake/write/templates";
import { unmarked } from "../core/markdown";
import { progressText } from "../core/nix/progress";
import { mainBranch } from "../core/project/mainBranch";
import { isRust } from "../core/project/project";
import { chosenNeeds } from "../core/rust/native/choice";
import type { NativeNeeds } from "../core/rust/native/needs";
import type { FolderShell } from "../core/shell/folderShell";
import { changeLockOf } from "../core/shell/lockOutcome";
import { currentOf } from "../core/shell/state";
import { showFailure } from "./fixes";
import { askForFlake, GENERATE, type FlakeWanted } from "./generateQuestions";
import { Command } from "./ids";
import { writeFiles, type Preview, type PreviewChoice, type ProposedFile } from "./preview";
import { withProgress } from "./progress";

/** Writes a flake.nix as the user wants it, once it was seen, and enters its dev shell. */
export async function generateFlake(folder: FolderShell, preview: Preview): Promise<void> {
    const { project } = folder;
    const root = flakeRoot(project);
    const needs = await folder.nativeNeeds();
    const source = await readFlakeSource(project, root, NO_NEEDS, new Date());
    let wanted: FlakeWanted | undefined;
    for (;;) {
        wanted = await askForFlake(source, needs, wanted);
        if (wanted === undefined) return;
        const taken = takenNeeds(needs, wanted.needs);
        const { plan, notes } = planFlake(
            { ...source, needs: taken },
            wanted.template,
            wanted.options,
        );
        const facts = factsOf({ plan, source }, mainBranch(folder.repository));
        const beside = [...wanted.options].filter(isFileOption);
        const files = [
            fileIn(root, "flake.nix", flakeText(plan)),
            ...newBeside(root, beside, facts).map(({ path, text }) => fileIn(root, path, text)),
        ];
        const answer = await preview.ask(files, GENERATE, [
            ...writeChoices(folder.repository, notes),
            { id: "change", label: "$(arrow-left) Change What I Chose" },
        ]);
        if (answer === "change") continue;
        if (answer !== undefined) await write(folder, files, answer);
        return;
    }
}

/** Enters the dev shell of a flake that is kept in the extension's storage, not in the folder. */
export async function enterWithoutFlake(folder: FolderShell): Promise<void> {
    const { project } = folder;
    if (project.flake !== undefined && project.isKept !== true) {
        await vscode.commands.executeCommand(Command.enter);
        return;
    }
    if (!isRust(project)) {
        await vscode.window.showInformationMessage(
            "This folder has neither a Cargo.toml nor a toolchain file to make a dev shell from.",
        );
        return;
    }
    const needs = shellNeeds(await folder.nativeNeeds());
    const source = await readFlakeSource(project, flakeRoot(project), needs, new Date());
    const { plan } = planFlake(source, suggestedTemplate(source), new Set());
    try {
        folder.kept.keep(flakeText(plan));
    } catch (error) {
        await showFailure(folder, failureOf("storage", "", String(error)));
        return;
    }
    await tryOut(folder);
}

/** Makes the flake that was kept outside of the folder a file of it. */
export async function saveKeptFlake(folder: FolderShell, preview: Preview): Promise<void> {
    const kept = folder.kept.texts;
    if (kept === undefined) {
        await vscode.window.showInformationMessage(
            "No flake is kept for this folder: “Nix: Enter Without a Flake” makes one.",
        );
        return;
    }
    const { project } = folder;
    const root = flakeRoot(project);
    const files = Object.entries(kept).map(([name, text]) => fileIn(root, name, text));
    const repository = folder.repository;
    const choices = writeChoices(repository, []);
    const answer = await preview.ask(files, "Save the Generated Flake", choices);
    if (answer === undefined) return;
    if (await write(folder, files, answer)) folder.kept.drop();
}

function takenNeeds(
    needs: NativeNeeds | undefined,
    ids: ReadonlySet<string> | undefined,
): ShellNeeds {
    const isAsked = needs !== undefined && ids !== undefined;
    return isAsked ? chosenNeeds(needs, ids) : shellNeeds(needs);
}

type Write = "write" | "track";

/** In a git repository nix sees only the files that git knows of, so that is offered at once. */
function writeChoices(
    repository: string | undefined,
    notes: readonly string[],
): PreviewChoice<Write>[] {
    const detail = notes.length === 0 ? {} : { detail: unmarked(notes.join(" ")) };
    if (repository === undefined) {
        return [{ id: "write", label: "$(check) Write It and Enter", ...detail }];
    }
    return [
        {
            id: "track",
            label: "$(check) Write It, Add It to Git, and Enter",
            description: "so that Nix sees it; nothing is staged",
            ...detail,
        },
        { id: "write", label: "$(file) Write It Only" },
    ];
}

/** @returns whether all was written; where it was not, the user has been told why. */
async function write(
    folder: FolderShell,
    files: readonly ProposedFile[],
    how: Write,
): Promise<boolean> {
    if (!(await writeFiles(files))) return false;
    const [flake] = files;
    if (flake !== undefined) await vscode.window.showTextDocument(flake.uri);
    const isTracked = how === "track" || folder.repository === undefined;
    if (how === "track" && !(await track(folder, files))) return true;
    // Not waited for: the question is answered.
    if (isTracked) void tryOut(folder);
    return true;
}

/** @returns whether nix sees the files now; where it does not, the user has been told why. */
async function track(folder: FolderShell, files: readonly ProposedFile[]): Promise<boolean> {
    const { toolchainFile } = folder.project;
    const paths = files.map(({ uri }) => uri.fsPath);
    try {
        for (const path of toolchainFile === undefined ? paths : [...paths, toolchainFile]) {
            await folder.track(path);
        }
        return true;
    } catch (error) {
        if (!(error instanceof CaptureError)) throw error;
        await showFailure(folder, error.failure);
        return false;
    }
}

/** Locks, captures and enters, and says what came of it. */
async function tryOut(folder: FolderShell): Promise<void> {
    const controller = new AbortController();
    controller.signal.addEventListener("abort", () => folder.cancel());
    const work = async (signal: AbortSignal, report: (message: string) => void) => {
        await changeLockOf(folder, { kind: "lock" }, signal, (now) => {
            report(progressText(now));
        });
        if (!signal.aborted) await folder.enter();
        return folder.drift?.inputs.length ?? 0;
    };
    try {
        const inputs = await withProgress("Nix: the new dev shell", work, controller);
        const { state } = folder;
        if (state.kind === "failed") await showFailure(folder, state.failure);
        if (state.kind !== "inside") return;
        const terminal = "Open Terminal";
        const message = outcome(folder, inputs);
        if ((await vscode.window.showInformationMessage(message, terminal)) === terminal) {
            await vscode.commands.executeCommand(Command.enter);
        }
    } catch (error) {
        if (controller.signal.aborted) return;
        if (!(error instanceof CaptureError)) throw error;
        await showFailure(folder, error.failure);
    }
}

function outcome(folder: FolderShell, inputs: number): string {
    const [rust = "no Rust of its own"] =
        /^\S+ \S+/.exec(currentOf(folder.state)?.toolchain?.version ?? "") ?? [];
    const entered = `You are in the new dev shell, which has ${rust}.`;
    if (folder.project.isKept === true) {
        return `${entered} Its flake is kept outside of this folder.`;
    }
    const locked = `${inputs} ${inputs === 1 ? "input" : "inputs"} locked`;
    return `${entered} Commit flake.nix and flake.lock (${locked}), so that others have the same.`;
}

function fileIn(root: string, name: string, text: string): ProposedFile {
    return { uri: vscode.Uri.file(join(root, name)), text };
}
