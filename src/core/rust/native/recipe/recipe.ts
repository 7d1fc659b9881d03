import { readdirSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { readTextFile } from "../../../textFile";

/** A file, other than cargo's and a flake, that tells what a project is built or worked on with. */
export interface Recipe {
    /** Relative to the workspace. */
    readonly file: string;
    readonly kind: RecipeKind;
    readonly text: string;
}

/**
 * `shell`: a dev shell of Nix without a flake; `tasks`: what people run while they work on it;
 * `image` and `workflow`: how another machine is made ready for it.
 */
export type RecipeKind = "shell" | "tasks" | "image" | "workflow";

/** A file that is larger, in bytes, was not written by people. */
const LARGEST = 256 << 10;

/** How many files are read, so that a huge project costs no more than a small one. */
const MOST_FILES = 40;

/** Folders in which such files lie, besides the project's own. */
const FOLDERS = [
    "",
    "nix",
    "docker",
    "ci",
    ".ci",
    ".devcontainer",
    ".github/workflows",
    ".circleci",
];

const KINDS: readonly (readonly [name: RegExp, kind: RecipeKind])[] = [
    [/^(?:shell|default)\.nix$/, "shell"],
    [/^(?:\.?justfile|GNUmakefile|makefile|makefile\.toml|taskfile\.ya?ml)$/i, "tasks"],
    [/^(?:dockerfile|containerfile)(?:[.-][\w.-]+)?$|\.(?:dockerfile|containerfile)$/i, "image"],
    [/^\.(?:gitlab-ci|travis|cirrus)\.ya?ml$|^azure-pipelines\.ya?ml$/, "workflow"],
];

/** The recipes of a workspace and of the repository that it is in, by the names of their kinds. */
export function recipesIn(workspace: string, repository: string | undefined): Recipe[] {
    const roots = new Set([workspace, repository ?? workspace]);
    const files = [...roots].flatMap((root) =>
        FOLDERS.flatMap((folder) => namesIn(join(root, folder), folder)),
    );
    return files.slice(0, MOST_FILES).flatMap(({ path, kind }) => {
        const text = readTextFile(path);
        return text === undefined ? [] : [{ file: relative(workspace, path), kind, text }];
    });
}

function namesIn(path: string, folder: string): { path: string; kind: RecipeKind }[] {
    let names: string[];
    try {
        names = readdirSync(path).sort();
    } catch {
        return []; // Most projects have few of these folders.
    }
    return names.flatMap((name) => {
        const kind = kindOf(name, folder);
        const file = join(path, name);
        return kind !== undefined && isReadable(file) ? [{ path: file, kind }] : [];
    });
}

function kindOf(name: string, folder: string): RecipeKind | undefined {
    if (/^\.(?:github|circleci)/.test(folder))
        return /\.ya?ml$/.test(name) ? "workflow" : undefined;
    return KINDS.find(([pattern]) => pattern.test(name))?.[1];
}

function isReadable(file: string): boolean {
    try {
        const stat = statSync(file);
        return stat.isFile() && stat.size <= LARGEST;
    } catch {
        return false;
    }
}
