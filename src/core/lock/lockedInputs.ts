import { resolveInput, type LockFile, type LockNode, type Resolved } from "./lockFile";

/** An input of the flake as it is locked. */
export interface LockedInput {
    readonly name: string;
    /** A commit, or another identity that is never reused; undefined where there is none. */
    readonly revision: string | undefined;
    /**
     * Seconds since 1970, of the input's last change (not of the locking); undefined where it has
     * none, or the stand-in that files in the store and reproducible archives have.
     */
    readonly lastModified: number | undefined;
    /** The path of input names that it follows; undefined for one of its own. */
    readonly follows: readonly string[] | undefined;
    readonly node: LockNode | undefined;
}

/** The end of 1980: the store dates its files to 1970, reproducible archives theirs to 1980. */
const NO_DATE = 347_155_200;

/** Longer paths of names say nothing to anybody, and cost much where there are many. */
const LONGEST_PATH = 300;

/** The inputs of the flake itself, in the lock's order. */
export function lockedInputs(lock: LockFile): LockedInput[] {
    const resolved: Resolved = new Map();
    const root = lock.nodes.get(lock.root);
    return [...(root?.inputs ?? [])].map(([name, edge]) => lockedInput(lock, name, edge, resolved));
}

/**
 * All inputs: those of the flake by their names, those of other inputs by a path of names such as
 * `rust-overlay/nixpkgs`, the flake's own first. Of several paths to a node, the shortest one goes
 * on to its inputs, so the work grows with the lock and a cycle ends.
 */
export function allLockedInputs(lock: LockFile): LockedInput[] {
    const resolved: Resolved = new Map();
    const all: LockedInput[] = [];
    const seen = new Set([lock.root]);
    const queue = [{ prefix: "", node: lock.nodes.get(lock.root) }];
    for (const { prefix, node } of queue) {
        for (const [name, edge] of node?.inputs ?? []) {
            const input = lockedInput(lock, `${prefix}${name}`, edge, resolved);
            all.push(input);
            if (typeof edge !== "string" || seen.has(edge)) continue;
            seen.add(edge);
            const path = input.name.length > LONGEST_PATH ? `…/${edge}` : input.name;
            queue.push({ prefix: `${path}/`, node: input.node });
        }
    }
    return all;
}

/** How many inputs a node has, and to how many different nodes they lead in the end. */
export function countInputsBelow(lock: LockFile, node: LockNode): { own: number; all: number } {
    const resolved: Resolved = new Map();
    const seen = new Set([node.key]);
    const queue = [node];
    for (const { inputs } of queue) {
        for (const edge of inputs.values()) {
            const next =
                typeof edge === "string"
                    ? lock.nodes.get(edge)
                    : resolveInput(lock, edge, resolved);
            if (next === undefined || next.key === lock.root || seen.has(next.key)) continue;
            seen.add(next.key);
            queue.push(next);
        }
    }
    return { own: node.inputs.size, all: seen.size - 1 };
}

function lockedInput(
    lock: LockFile,
    name: string,
    edge: string | readonly string[],
    resolved: Resolved,
): LockedInput {
    const follows = typeof edge === "string" ? undefined : edge;
    const node =
        typeof edge === "string" ? lock.nodes.get(edge) : resolveInput(lock, edge, resolved);
    const { rev, narHash, lastModified } = node?.locked ?? {};
    return {
        name,
        revision: textOf(rev) ?? textOf(narHash),
        lastModified:
            typeof lastModified === "number" && lastModified > NO_DATE ? lastModified : undefined,
        follows,
        node,
    };
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
