import { join } from "node:path";
import { jsonErrorOffset } from "../jsonError";
import { readTextFile } from "../textFile";

/** A flake reference as attributes, as flake.lock has it under `locked` and `original`. */
export type FlakeRef = Readonly<Record<string, unknown>>;

/** One node of the graph of locked inputs. */
export interface LockNode {
    readonly key: string;
    /** Undefined for the root. */
    readonly locked: FlakeRef | undefined;
    readonly original: FlakeRef | undefined;
    /**
     * The node's own inputs by name: the key of another node, or a path of input names from the
     * root where the input follows another one.
     */
    readonly inputs: ReadonlyMap<string, string | readonly string[]>;
    readonly isFlake: boolean;
}

/** What flake.lock says. Only what is used is looked at; nothing here is ever written back. */
export interface LockFile {
    readonly version: number;
    readonly root: string;
    readonly nodes: ReadonlyMap<string, LockNode>;
}

/** Why flake.lock can't be used. */
export type LockTrouble =
    /** A merge left its markers in it. */
    | { readonly kind: "conflict"; readonly line: number }
    /** No JSON, or not of a lock's shape; lines and columns count from 1. */
    | { readonly kind: "unreadable"; readonly line: number; readonly column: number }
    /** A version that nix as it is today can't read. */
    | { readonly kind: "unsupported"; readonly version: number };

/** The versions that nix reads (nix/src/libflake/lockfile.cc). */
const VERSIONS = { oldest: 5, newest: 7 };

/** The text of a folder's flake.lock; undefined where there is none, or it can't be read. */
export function lockText(folder: string): string | undefined {
    return readTextFile(join(folder, "flake.lock"));
}

/** Reads the text of a flake.lock. */
export function parseLock(text: string): LockFile | LockTrouble {
    const conflict = /^(?:<{7}|={7}|>{7})(?: |$)/m.exec(text);
    if (conflict !== null) return { kind: "conflict", line: place(text, conflict.index).line };
    let json: unknown;
    try {
        json = JSON.parse(text);
    } catch {
        return { kind: "unreadable", ...place(text, jsonErrorOffset(text) ?? 0) };
    }
    if (!isRecord(json)) return { kind: "unreadable", line: 1, column: 1 };
    const { version } = json;
    if (typeof version === "number" && (version < VERSIONS.oldest || version > VERSIONS.newest)) {
        return { kind: "unsupported", version };
    }
    const { nodes, root } = json;
    const isLock = typeof version === "number" && isRecord(nodes) && typeof root === "string";
    if (!isLock || !isRecord(nodes[root])) return { kind: "unreadable", line: 1, column: 1 };
    return {
        version,
        root,
        nodes: new Map(Object.entries(nodes).map(([key, node]) => [key, nodeOf(key, node)])),
    };
}

/** A lock by its text: undefined where there is none, which is no trouble. */
export function readLock(text: string | undefined): LockFile | undefined | "unreadable" {
    if (text === undefined) return undefined;
    const parsed = parseLock(text);
    return "nodes" in parsed ? parsed : "unreadable";
}

/** What paths of input names lead to, for several questions about one lock. */
export type Resolved = Map<string, LockNode | undefined>;

/** More inputs than any real lock has that follow each other in a row. */
const LONGEST_CHAIN = 1_000;

/**
 * The node that a path of input names leads to from the root; undefined for one that leads nowhere,
 * or round and round.
 *
 * @param resolved what was found before, for the same lock; with it, each path is walked only once
 */
export function resolveInput(
    lock: LockFile,
    path: readonly string[],
    resolved: Resolved = new Map(),
    depth = 0,
): LockNode | undefined {
    const key = JSON.stringify(path);
    if (resolved.has(key) || depth > LONGEST_CHAIN) return resolved.get(key);
    resolved.set(key, undefined); // Who comes by again on the way has gone round.
    let node = lock.nodes.get(lock.root);
    for (const name of path) {
        const next = node?.inputs.get(name);
        if (next === undefined) return undefined;
        node =
            typeof next === "string"
                ? lock.nodes.get(next)
                : resolveInput(lock, next, resolved, depth + 1);
    }
    resolved.set(key, node);
    return node;
}

function nodeOf(key: string, json: unknown): LockNode {
    const node = isRecord(json) ? json : {};
    const inputs = isRecord(node["inputs"]) ? node["inputs"] : {};
    return {
        key,
        locked: isRecord(node["locked"]) ? node["locked"] : undefined,
        original: isRecord(node["original"]) ? node["original"] : undefined,
        inputs: new Map(Object.entries(inputs).flatMap(([name, to]) => edgeOf(name, to))),
        isFlake: node["flake"] !== false,
    };
}

function edgeOf(name: string, to: unknown): [string, string | string[]][] {
    if (typeof to === "string") return [[name, to]];
    return Array.isArray(to) ? [[name, to.map(String)]] : [];
}

function place(text: string, at: number): { line: number; column: number } {
    const before = text.slice(0, at).split("\n");
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
