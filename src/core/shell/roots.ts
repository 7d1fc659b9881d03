import {
    existsSync,
    lutimesSync,
    mkdirSync,
    readdirSync,
    readlinkSync,
    rmSync,
    statSync,
    utimesSync,
    writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { lockText } from "../lock/lockFile";
import { callNix, type Nix } from "../nix/nix";
import { sourcePath } from "../nix/storePath";

/** Its time of change says when the shell was used last. */
const USED = "used";

/** Where the links to the flake's inputs are. */
const INPUTS = "inputs";

/**
 * Keeps the flake's inputs from the garbage collector, so that the flake can still be evaluated
 * without a network. The shell itself is kept by its profile. Only what is in the store already is
 * rooted: nothing is fetched for it.
 *
 * @param root the shell's own store path, which tells where the store is
 */
export async function rootInputs(
    nix: Nix,
    storage: string,
    { flakeFolder, root }: { readonly flakeFolder: string; readonly root: string },
): Promise<void> {
    const folder = join(storage, INPUTS);
    const paths = inputPaths(flakeFolder, dirname(root));
    const rooted = new Set(linksIn(folder).map((name) => readlinkSync(join(folder, name))));
    if (paths.length === rooted.size && paths.every((path) => rooted.has(path))) return;
    rmSync(folder, { recursive: true, force: true });
    if (paths.length === 0) return;
    mkdirSync(folder, { recursive: true });
    const args = ["build", "--offline", "--out-link", join(folder, "input"), ...paths];
    await callNix(nix, { args, cwd: folder, signal: undefined });
}

/** The store paths of the inputs that are in the store. */
function inputPaths(flakeFolder: string, store: string): string[] {
    let lock: { nodes?: Record<string, { locked?: { narHash?: unknown } } | null> };
    try {
        lock = JSON.parse(lockText(flakeFolder) ?? "{}") as typeof lock;
    } catch {
        return []; // Missing, or not readable: nix says so where it matters.
    }
    const paths = Object.values(lock.nodes ?? {}).flatMap((node) => {
        const hash = node?.locked?.narHash;
        const path = typeof hash === "string" ? sourcePath(hash, store) : undefined;
        return path !== undefined && existsSync(path) ? [path] : [];
    });
    return [...new Set(paths)];
}

/** Notes that a shell is in use, also for cleaners that go by the age of links. */
export function touchRoots(storage: string): void {
    const now = new Date();
    const used = join(storage, USED);
    if (existsSync(used)) utimesSync(used, now, now);
    else writeFileSync(used, "");
    const folder = join(storage, INPUTS);
    const links = [...linksIn(storage), ...linksIn(folder).map((name) => join(INPUTS, name))];
    for (const link of links) lutimesSync(join(storage, link), now, now);
}

/** A window notes the use of its shells when it opens, and may stay open. In milliseconds. */
const SHORTEST_USE = 24 * 60 * 60 * 1_000;

/**
 * Removes the shells that were not in use for so long, and with them their roots: the garbage
 * collector may then take what they kept.
 *
 * @param storage the extension's own folder, with a folder for each shell
 * @param age milliseconds; a day at least
 */
export function dropUnusedShells(storage: string, age: number, now: number): string[] {
    const unused = shellsIn(storage).filter((folder) => {
        const used = join(folder, USED);
        const time = statSync(used, { throwIfNoEntry: false })?.mtimeMs;
        // Where the clock was ahead, the time begins anew instead of never ending.
        if (time !== undefined && time > now) utimesSync(used, now / 1_000, now / 1_000);
        return time !== undefined && now - time > Math.max(age, SHORTEST_USE);
    });
    for (const folder of unused) rmSync(folder, { recursive: true, force: true });
    return unused;
}

function shellsIn(storage: string): string[] {
    try {
        return readdirSync(storage)
            .filter((name) => /^[0-9a-f]{20}$/.test(name))
            .map((name) => join(storage, name));
    } catch {
        return []; // Nothing was kept yet.
    }
}

function linksIn(folder: string): string[] {
    try {
        return readdirSync(folder, { withFileTypes: true })
            .filter((entry) => entry.isSymbolicLink())
            .map((entry) => entry.name);
    } catch {
        return [];
    }
}
