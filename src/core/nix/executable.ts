import { accessSync, constants, existsSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join } from "node:path";
import type { Environment } from "../environment/environment";

/** Where to look for nix. */
export interface NixSearch {
    /** The user's setting; empty means "look for it". */
    readonly configured: string;
    readonly env: Environment;
    readonly home: string;
    /** Folders that executables are never taken from: those of the workspace. */
    readonly untrusted: readonly string[];
}

/**
 * The absolute path of `nix`, or undefined where there is none.
 *
 * A VS Code that was started from the desktop has a PATH without the user's profile, so the folders
 * that nix's installers and NixOS use are searched after it.
 */
export function findNix(search: NixSearch): string | undefined {
    if (search.configured !== "") {
        const path = search.configured.replace(/^~(?=\/)/, search.home);
        return isAbsolute(path) && isExecutable(path) ? path : undefined;
    }
    return findExecutable("nix", [
        ...pathFolders(search.env, search.untrusted),
        ...profileFolders(search),
    ]);
}

/**
 * The first executable file of that name in `folders`. Relative ones do not count: they mean another
 * folder to each process.
 */
export function findExecutable(name: string, folders: readonly string[]): string | undefined {
    return folders
        .filter((folder) => isAbsolute(folder))
        .map((folder) => join(folder, name))
        .find(isExecutable);
}

/** By these macOS tells that its developer tools are there. */
const DEVELOPER_TOOLS = [
    "/var/db/xcode_select_link",
    "/Applications/Xcode.app",
    "/Library/Developer/CommandLineTools",
];

/**
 * The git to run, or a path where there is none, so that calling it says so. Without its developer
 * tools macOS has a /usr/bin/git that only opens a window, which offers to install them.
 */
export function findGit(
    folders: readonly string[],
    platform: string = process.platform,
    isThere: (path: string) => boolean = existsSync,
): string {
    const isMac = platform === "darwin";
    const hasTools = !isMac || DEVELOPER_TOOLS.some(isThere);
    const usable = folders.filter((folder) => hasTools || join(folder, "git") !== "/usr/bin/git");
    const missing = isMac ? "/Library/Developer/CommandLineTools/usr/bin/git" : "/usr/bin/git";
    return findExecutable("git", usable) ?? missing;
}

/** The usual folders of nix's profiles, most specific first. */
export function profileFolders({ env, home }: Pick<NixSearch, "env" | "home">): string[] {
    const state = env.get("XDG_STATE_HOME") ?? join(home, ".local/state");
    return [
        join(home, ".nix-profile/bin"),
        join(state, "nix/profile/bin"),
        ...(env.has("USER") ? [`/etc/profiles/per-user/${env.get("USER")}/bin`] : []),
        "/nix/var/nix/profiles/default/bin",
        "/run/current-system/sw/bin",
        "/usr/local/bin",
        "/usr/bin",
    ];
}

/** PATH without what is relative, empty, or inside the workspace: no repository brings its own nix. */
export function pathFolders(env: Environment, untrusted: readonly string[]): string[] {
    return (env.get("PATH") ?? "")
        .split(delimiter)
        .filter((folder) => isAbsolute(folder))
        .filter((folder) => !untrusted.some((root) => `${folder}/`.startsWith(`${root}/`)));
}

function isExecutable(path: string): boolean {
    try {
        accessSync(path, constants.X_OK);
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
