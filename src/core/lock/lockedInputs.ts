import { resolveInput, type LockFile, type LockNode } from "./lockFile";

/** An input of the flake as it is locked. */
export interface LockedInput {
    readonly name: string;
    /** A commit, or another identity that is never reused; undefined where there is none. */
    readonly revision: string | undefined;
    /** Seconds since 1970, of the input's last change (not of the locking). */
    readonly lastModified: number | undefined;
    /** The path of input names that it follows; undefined for one of its own. */
    readonly follows: readonly string[] | undefined;
    readonly node: LockNode | undefined;
}

/** The inputs of the flake itself, in the lock's order. */
export function lockedInputs(lock: LockFile): LockedInput[] {
    const root = lock.nodes.get(lock.root);
    return [...(root?.inputs ?? [])].map(([name, edge]) => {
        const node = resolveInput(lock, [name]);
        const { rev, narHash, lastModified } = node?.locked ?? {};
        return {
            name,
            revision: textOf(rev) ?? textOf(narHash),
            lastModified: typeof lastModified === "number" ? lastModified : undefined,
            follows: typeof edge === "string" ? undefined : edge,
            node,
        };
    });
}

/** The keys of nodes that lock different revisions of nixpkgs; none where there is one at most. */
export function severalNixpkgs(lock: LockFile): string[] {
    const revisions = new Map<string, string>();
    for (const { key, locked } of lock.nodes.values()) {
        const isNixpkgs =
            textOf(locked?.["owner"])?.toLowerCase() === "nixos" &&
            textOf(locked?.["repo"])?.toLowerCase() === "nixpkgs";
        const revision = textOf(locked?.["rev"]);
        if (isNixpkgs && revision !== undefined && !revisions.has(revision)) {
            revisions.set(revision, key);
        }
    }
    return revisions.size > 1 ? [...revisions.values()] : [];
}

function textOf(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}
