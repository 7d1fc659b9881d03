import { basename, dirname, join } from "node:path";
import * as vscode from "vscode";
import { failureOf } from "../core/failure/failure";
import { newBeside } from "../core/flake/write/newBeside";
import {
    planFlake,
    readFlakeSource,
    suggestedTemplate,
    type FlakeSource,
} from "../core/flake/write/choose";
import { factsOfFlake } from "../core/flake/write/flakeFacts";
import type { Part } from "../core/flake/write/plan";
import { shellNeeds } from "../core/flake/write/shellNeeds";
import { partSnippet } from "../core/flake/write/snippet";
import {
    isFileOption,
    OPTIONS,
    type FileOptionId,
    type OptionId,
} from "../core/flake/write/templates";
import { unmarked } from "../core/markdown";
import { mainBranch } from "../core/project/mainBranch";
import { flakeFolder } from "../core/project/project";
import type { FolderShell } from "../core/shell/folderShell";
import { readTextFile } from "../core/textFile";
import { showFailure } from "./fixes";
import { writeFiles, type Preview } from "./preview";

/** Adds to a flake that is there: files beside it, and parts of it as text to put in. */
export async function addToFlake(folder: FolderShell, preview: Preview): Promise<void> {
    const { project } = folder;
    const root = flakeFolder(project);
    if (root === undefined || project.flake === undefined || project.isKept === true) {
        await showFailure(folder, failureOf("no-flake", folder.folder));
        return;
    }
    const picked = await pickOptions();
    if (picked.length === 0) return;
    const needs = shellNeeds(await folder.nativeNeeds());
    const source = await readFlakeSource(project, root, needs, new Date());
    const flake = readTextFile(project.flake) ?? "";
    await writeBeside(root, picked.filter(isFileOption), {
        flake,
        source,
        preview,
        branch: mainBranch(folder.repository),
    });
    const parts = picked.map(partOf).filter((part) => part !== undefined);
    if (parts.length > 0) await showSnippets(source, parts, dirname(project.flake));
}

async function pickOptions(): Promise<OptionId[]> {
    const items = OPTIONS.map(({ id, label, reason }) => ({
        id,
        label,
        description: isFileOption(id) ? "a file" : "text for flake.nix",
        detail: unmarked(reason),
    })).toSorted((a, b) => Number(isFileOption(b.id)) - Number(isFileOption(a.id)));
    const picked = await vscode.window.showQuickPick(items, {
        title: "Nix: Add CI, direnv, Containers or Hooks",
        placeHolder: "What should there be besides the dev shell?",
        canPickMany: true,
    });
    return (picked ?? []).map(({ id }) => id);
}

interface BesideWish {
    readonly flake: string;
    readonly source: FlakeSource;
    readonly branch: string;
    readonly preview: Preview;
}

async function writeBeside(
    root: string,
    options: readonly FileOptionId[],
    { flake, source, branch, preview }: BesideWish,
): Promise<void> {
    if (options.length === 0) return;
    const facts = factsOfFlake(flake, source, branch);
    const files = newBeside(root, options, facts).map(({ path, text }) => ({
        uri: vscode.Uri.file(join(root, path)),
        text,
    }));
    if (files.length === 0) {
        void vscode.window.showInformationMessage("All of that is there already.");
        return;
    }
    const answer = await preview.ask(files, "Add Files", [
        { id: "write", label: files.length === 1 ? "$(check) Write It" : "$(check) Write Them" },
    ]);
    if (answer === undefined) return;
    if (!(await writeFiles(files))) return;
    const [first] = files;
    if (first !== undefined) await vscode.window.showTextDocument(first.uri);
}

/** Somebody else's flake has its own ways, so where a part goes is for its owner to say. */
async function showSnippets(
    source: FlakeSource,
    parts: readonly (readonly [Part, "crane" | "nixpkgs"])[],
    folder: string,
): Promise<void> {
    const { plan } = planFlake(source, suggestedTemplate(source), new Set());
    const texts = parts.map(([part, builder]) => {
        const { inputs, text } = partSnippet(part, { plan, toolchain: undefined, builder });
        const declared = inputs.map(({ name, url }) => `#   ${name}.url = "${url}";\n`).join("");
        const head =
            declared === "" ? "" : `# Inputs, and arguments of outputs (Nix: Add Flake Input…):\n`;
        const file = join(basename(folder), "flake.nix");
        return `# ${part}, for ${file}\n${HOW_TO_USE}${head}${declared}\n${text}`;
    });
    const document = await vscode.workspace.openTextDocument({ content: texts.join("\n") });
    await vscode.window.showTextDocument(document, vscode.ViewColumn.Beside);
}

const HOW_TO_USE =
    "# A function of pkgs, which gives outputs of a system: add them to those that are there.\n";

function partOf(option: OptionId): readonly [Part, "crane" | "nixpkgs"] | undefined {
    if (isFileOption(option)) return undefined;
    return option === "package-nixpkgs" ? ["package", "nixpkgs"] : [option, "crane"];
}
