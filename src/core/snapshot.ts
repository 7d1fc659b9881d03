import { createHash } from "node:crypto";
import {
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    renameSync,
    rmSync,
    statSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { Change } from "./environment/change";
import type { Omission } from "./environment/omission";
import type { Toolchain } from "./rust/toolchain";

/** A dev shell's delta with what it was made from: plain data, kept on disk between windows. */
export interface Snapshot {
    /** The folder of flake.nix. */
    readonly flakeFolder: string;
    /** The dev shell's name; undefined for the default one. */
    readonly shell: string | undefined;
    readonly changes: readonly Change[];
    readonly omitted: readonly Omission[];
    readonly toolchain: Toolchain | undefined;
    /**
     * The store path that nix makes of the shell's derivation. It is the garbage-collector root of
     * all that the shell needs, and tells exactly whether the shell has changed since.
     */
    readonly root: string;
    /** Must all exist, or the snapshot is worth nothing; {@link root} is one of them. */
    readonly storePaths: readonly string[];
    /** The fingerprint's digest from before the capture. */
    readonly fingerprint: string;
    /** A digest of the files that the user named as read by the shellHook. */
    readonly watched: string;
    /** A digest of what else the delta depends on; see `environment/basis.ts`. */
    readonly basis: string;
    /** As nix prints it. */
    readonly nixVersion: string;
    /** Milliseconds since 1970. */
    readonly takenAt: number;
}

/** A snapshot larger than this, in bytes, is none of ours. */
const LARGEST = 64 << 20;

/** Changes with every change of the shape above: a snapshot of another version is a miss. */
const FORMAT = 3;

const FILE = "snapshot.json";

/** A snapshot that is being written, by the number of the process that does. */
const UNFINISHED = /^snapshot\.json\.\d+$/;

/** The folder in `storage` that belongs to one dev shell of one flake, as one nix sees it. */
export function shellStorage(
    storage: string,
    { flakeFolder, shell, nix }: { flakeFolder: string; shell: string | undefined; nix: string },
): string {
    const key = JSON.stringify([flakeFolder, shell ?? null, nix]);
    return join(storage, createHash("sha256").update(key).digest("hex").slice(0, 20));
}

/**
 * Reads the snapshot in a shell's storage, synchronously, because it has to be in place before
 * anything else starts. Whatever is wrong with it (missing, cut off, of another version, its store
 * paths collected) makes it a miss, never an error.
 */
export function readSnapshot(storage: string): Snapshot | undefined {
    let stored: unknown;
    try {
        const file = join(storage, FILE);
        if (statSync(file).size > LARGEST) return undefined;
        stored = JSON.parse(readFileSync(file, "utf8"));
    } catch {
        return undefined;
    }
    if (!isStored(stored) || stored.format !== FORMAT) return undefined;
    const { snapshot } = stored;
    return isSnapshot(snapshot) && snapshot.storePaths.every((path) => existsSync(path))
        ? snapshot
        : undefined;
}

/**
 * Writes a snapshot so that a reader sees the old or the new one, and only the user sees any. One
 * process at a time writes to a storage; what earlier ones left when they were killed is removed.
 */
export function writeSnapshot(storage: string, snapshot: Snapshot): void {
    mkdirSync(storage, { recursive: true, mode: 0o700 });
    const file = join(storage, FILE);
    const unfinished = `${file}.${process.pid}`;
    try {
        writeFileSync(unfinished, JSON.stringify({ format: FORMAT, snapshot }), { mode: 0o600 });
        renameSync(unfinished, file);
    } finally {
        for (const name of readdirSync(storage)) {
            if (UNFINISHED.test(name)) rmSync(join(storage, name), { force: true });
        }
    }
}

const STORE_PATH = /\/nix\/store\/[0-9a-z]{32}-[^/:\s"']+/g;

/** How many store paths are checked: each costs a look at the disk when a window opens. */
const MOST_STORE_PATHS = 200;

/** The store paths that an environment cannot do without: its root, and all that its PATH names. */
export function storePathsOf(root: string, changes: readonly Change[]): string[] {
    const paths = new Set([root]);
    for (const change of changes) {
        if (change.op === "unset" || change.value.length > 1 << 16) continue;
        for (const [path] of change.value.matchAll(STORE_PATH)) {
            if (paths.size < MOST_STORE_PATHS && existsSync(path)) paths.add(path);
        }
    }
    return [...paths];
}

function isStored(value: unknown): value is { format: unknown; snapshot: unknown } {
    return typeof value === "object" && value !== null && "format" in value && "snapshot" in value;
}

/** The parts that are used without another look; the file is ours, so this is against accidents. */
function isSnapshot(value: unknown): value is Snapshot {
    const snapshot = value as Partial<Snapshot> | null;
    return (
        typeof snapshot === "object" &&
        snapshot !== null &&
        typeof snapshot.flakeFolder === "string" &&
        typeof snapshot.root === "string" &&
        typeof snapshot.fingerprint === "string" &&
        typeof snapshot.watched === "string" &&
        typeof snapshot.basis === "string" &&
        Array.isArray(snapshot.changes) &&
        snapshot.changes.every(isChange) &&
        Array.isArray(snapshot.omitted) &&
        Array.isArray(snapshot.storePaths) &&
        snapshot.storePaths.every((path) => typeof path === "string") &&
        isToolchain(snapshot.toolchain) &&
        typeof snapshot.takenAt === "number"
    );
}

function isToolchain(value: unknown): value is Toolchain | undefined {
    const toolchain = value as Partial<Toolchain> | null | undefined;
    return toolchain === undefined || typeof toolchain?.version === "string";
}

function isChange(value: unknown): value is Change {
    const change = value as Partial<Change & { value: unknown }> | null;
    return (
        typeof change?.name === "string" &&
        (change.op === "unset" || typeof change.value === "string")
    );
}
