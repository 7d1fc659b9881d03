import { createHash, type Hash } from "node:crypto";
import { readFileSync, statSync, type Stats } from "node:fs";
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

/** A file that is larger, in bytes, is told by its size and times, as others are. */
const LARGEST = 4 << 20;

/** A digest of the contents of files; for the few that the user names. */
export function contentDigest(files: readonly string[]): string {
    const hash = createHash("sha256");
    for (const file of [...files].sort()) {
        hash.update(`${file}\0`);
        // To read what is no file could take for ever.
        const stat = statOf(file);
        if (stat === undefined || !stat.isFile()) hash.update(`${stat?.isDirectory()}\0`);
        else if (stat.size > LARGEST) stamp(hash, file, undefined);
        else update(hash, file);
    }
    return hash.digest("hex");
}

/** Size and times say that a file changed without its being read. */
function stamp(hash: Hash, file: string, tracked: boolean | undefined): void {
    const stat = statOf(file);
    const { mtimeMs, ctimeMs, size, ino } = stat ?? {};
    const text = stat === undefined ? "missing" : `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    hash.update(`${file}\0${text}\0${tracked}\0`);
}

/** Undefined for what is missing, a dangling link, or behind a folder that can't be read. */
function statOf(file: string): Stats | undefined {
    try {
        return statSync(file);
    } catch {
        return undefined;
    }
}

function update(hash: Hash, file: string): void {
    try {
        hash.update(readFileSync(file));
    } catch {
        hash.update("unreadable");
    }
}
