import { createHash, type Hash } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { filesReadBy } from "../flake/reads";
import { listTracked, type Git } from "../lock/git";
import type { Project } from "../project/project";

/** The files that can decide a dev shell, and a digest of how they are now. */
export interface Fingerprint {
    /** Absolute paths; also of files that do not exist. */
    readonly files: readonly string[];
    readonly digest: string;
}

/**
 * The cheap gate before nix is asked anything: while it is the same, the dev shell is, too.
 *
 * It covers flake.nix, flake.lock, the toolchain file, every `.nix` file that git tracks, whatever
 * the flake's files name by path, and for each of them whether git tracks it, which decides whether
 * nix sees it. Files are not read for it, but for those of the flake itself.
 */
export async function fingerprint(project: Project, git: Git): Promise<Fingerprint> {
    const { flake, toolchainFile, repository } = project;
    if (flake === undefined) return { files: [], digest: "" };
    const folder = dirname(flake);
    const named = [...filesReadBy(flake), join(folder, "flake.lock")];
    if (toolchainFile !== undefined) named.push(toolchainFile);
    const tracked =
        repository === undefined
            ? undefined
            : new Set((await listTracked(git, folder, named)).map((path) => resolve(folder, path)));
    const files = [...new Set([...named, ...(tracked ?? [])])].sort();
    const hash = createHash("sha256");
    for (const file of files) stamp(hash, file, tracked?.has(file));
    return { files, digest: hash.digest("hex") };
}

/** A digest of the contents of files; for the few that the user names. */
export function contentDigest(files: readonly string[]): string {
    const hash = createHash("sha256");
    for (const file of [...files].sort()) {
        hash.update(`${file}\0`);
        try {
            hash.update(readFileSync(file));
        } catch {
            hash.update("missing");
        }
    }
    return hash.digest("hex");
}

/** Size and times say that a file changed without its being read. */
function stamp(hash: Hash, file: string, tracked: boolean | undefined): void {
    let stat: string;
    try {
        const { mtimeMs, ctimeMs, size, ino } = statSync(file);
        stat = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    } catch {
        stat = "missing"; // Or a dangling link, or behind a folder that can't be read.
    }
    hash.update(`${file}\0${stat}\0${tracked}\0`);
}
