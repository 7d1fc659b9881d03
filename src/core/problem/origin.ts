import { join, relative } from "node:path";
import type { LockFile } from "../lock/lockFile";
import { allLockedInputs } from "../lock/lockedInputs";
import { sourcePath } from "../nix/storePath";

/** Where nix has the sources of a flake and of its inputs from. */
export interface SourceTree {
    /** The folder that nix copies to the store: the repository's, or else the flake's. */
    readonly root: string;
    /** Names of inputs, as paths such as `rust-overlay/nixpkgs`, by where nix has them. */
    readonly inputs: ReadonlyMap<string, string>;
}

/** Whose a file is that nix names. */
export type Origin =
    /** The user's own, by its absolute path. */
    | { readonly kind: "own"; readonly file: string }
    /** An input's, by its path within that. */
    | { readonly kind: "input"; readonly input: string; readonly file: string };

const STORE_FILE = /^(\/.*\/[0-9a-z]{32}-[^/]+)\/+(.+)$/s;
const FETCHED_FILE = /^«([^»\n]+)»\/+(.+)$/s;

/** @param lock what flake.lock says; undefined where there is none to be read */
export function sourceTree(root: string, lock: LockFile | undefined, store: string): SourceTree {
    const inputs = new Map<string, string>();
    for (const { name, node } of lock === undefined ? [] : allLockedInputs(lock)) {
        const { narHash, rev } = node?.locked ?? {};
        const path = typeof narHash === "string" ? sourcePath(narHash, store) : undefined;
        // The shortest name comes first: the flake's own input.
        for (const key of [path, rev]) {
            if (typeof key === "string" && !inputs.has(key)) inputs.set(key, name);
        }
    }
    return { root, inputs };
}

/** Whose file it is that nix names in the store, in the work tree, or by where it comes from. */
export function originOf(file: string, { root, inputs }: SourceTree): Origin | undefined {
    const [, source, path] = STORE_FILE.exec(file) ?? [];
    if (source !== undefined && path !== undefined) {
        const input = inputs.get(source);
        return input === undefined
            ? { kind: "own", file: join(root, path) }
            : { kind: "input", input, file: path };
    }
    const [, fetched = "", inside] = FETCHED_FILE.exec(file) ?? [];
    if (inside !== undefined) {
        const [rev = ""] = /[0-9a-f]{40}/.exec(fetched) ?? [];
        const input = inputs.get(rev) ?? fetched;
        return { kind: "input", input, file: inside };
    }
    const isBelow = !relative(root, file).startsWith("..");
    return file.startsWith("/") && isBelow ? { kind: "own", file } : undefined;
}
