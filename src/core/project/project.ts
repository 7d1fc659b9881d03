import { existsSync, readdirSync, statSync, type Dirent } from "node:fs";
import { dirname, join, relative } from "node:path";

/** What a workspace folder has to do with Nix and Rust. Paths are absolute. */
export interface Project {
    readonly folder: string;
    /** The folder of the nearest `.git`, upwards. */
    readonly repository: string | undefined;
    /** `flake.nix`, in the folder or the nearest parent up to the repository's root. */
    readonly flake: string | undefined;
    /** `rust-toolchain` or `rust-toolchain.toml`, as rustup would choose it, likewise. */
    readonly toolchainFile: string | undefined;
    /** `Cargo.toml`, in the folder or a parent likewise, else in a subfolder. */
    readonly cargo: string | undefined;
    /** Whether the flake is not the repository's own, but kept in the extension's storage. */
    readonly isKept?: boolean;
}

/** How deep a crate may lie below the folder. */
const DEEPEST_CRATE = 3;

/** Folders that hold other people's crates, or none. */
const NOT_SEARCHED = new Set(["node_modules", "target", "vendor", "result", "dist", "build"]);

/** How many folders are looked at for a crate, so that a huge tree costs no more than a small one. */
const SEARCHED_FOLDERS = 300;

/** Looks at the files on disk, and runs nothing. */
export function detectProject(folder: string): Project {
    const repository = repositoryOf(folder);
    const root = repository ?? folder;
    return {
        folder,
        repository,
        flake: nearest(folder, ["flake.nix"], root),
        // rustup prefers the legacy name where a folder has both.
        toolchainFile: nearest(folder, ["rust-toolchain", "rust-toolchain.toml"], root),
        cargo: nearest(folder, ["Cargo.toml"], root) ?? crateBelow(folder),
    };
}

/** The folder of the nearest `.git`, upwards. */
export function repositoryOf(folder: string): string | undefined {
    const git = nearest(folder, [".git"], undefined);
    return git === undefined ? undefined : dirname(git);
}

/** Whether the folder has anything of Rust in it. */
export function isRust(project: Project): boolean {
    return project.cargo !== undefined || project.toolchainFile !== undefined;
}

/** The folder that nix is run in: the flake's. */
export function flakeFolder(project: Project): string | undefined {
    return project.flake === undefined ? undefined : dirname(project.flake);
}

/** The path within a folder without a flake to the one that has its crate's; undefined without. */
export function flakeBelow({ folder, flake, cargo }: Project): string | undefined {
    if (flake !== undefined || cargo === undefined) return undefined;
    if (relative(folder, cargo).startsWith("..")) return undefined;
    const below = nearest(dirname(cargo), ["flake.nix"], folder);
    return below && relative(folder, dirname(below));
}

/** The first of `names` in `folder` or the nearest of its parents, up to and including `root`. */
function nearest(
    folder: string,
    names: readonly string[],
    root: string | undefined,
): string | undefined {
    for (let at = folder; ; at = dirname(at)) {
        for (const name of names) {
            const path = join(at, name);
            if (name === ".git" ? existsSync(path) : isFile(path)) return path;
        }
        if (at === root || at === dirname(at)) return undefined;
    }
}

function isFile(path: string): boolean {
    try {
        return statSync(path).isFile();
    } catch {
        return false; // No such file, or one behind a folder that can't be read.
    }
}

/** Breadth first, so that the outermost crate is found, in the order of names. */
function crateBelow(folder: string): string | undefined {
    let level = [folder];
    let searched = 0;
    for (let depth = 0; depth < DEEPEST_CRATE && level.length > 0; depth++) {
        const next: string[] = [];
        for (const parent of level) {
            if (++searched > SEARCHED_FOLDERS) return undefined;
            for (const name of subfolders(parent)) {
                const child = join(parent, name);
                const manifest = join(child, "Cargo.toml");
                if (isFile(manifest)) return manifest;
                next.push(child);
            }
        }
        level = next;
    }
    return undefined;
}

/** The names of the folders in one, without those that hold no crates of the project. */
export function subfolders(folder: string): string[] {
    let entries: Dirent[];
    try {
        entries = readdirSync(folder, { withFileTypes: true });
    } catch {
        return [];
    }
    return entries
        .filter((entry) => entry.isDirectory())
        .map((entry) => entry.name)
        .filter((name) => !name.startsWith(".") && !NOT_SEARCHED.has(name))
        .sort();
}
