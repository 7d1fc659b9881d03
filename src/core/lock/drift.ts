import { createHash } from "node:crypto";
import { basename, dirname, join, relative } from "node:path";
import { declaredInputs, type DeclaredInput } from "../flake/inputs";
import type { Project } from "../project/project";
import { wantedToolchain } from "../rust/toolchainFile";
import { readBytes, readTextFile } from "../textFile";
import { askGit, upstreamBlob, type Git, type GitTrouble, type PathFacts } from "./git";
import { lockedInputs, severalNixpkgs, type LockedInput } from "./lockedInputs";
import { parseLock, type LockFile, type LockTrouble } from "./lockFile";
import { staleInputs, type StaleInput } from "./staleness";
import type { ToolchainGap } from "./toolchainGap";

/** How flake.lock stands to flake.nix and the repository, the worst first. */
export const DRIFT_STATES = [
    "conflict",
    "unreadable",
    "unsupported",
    "missing",
    "ignored",
    "untracked",
    "stale",
    "modified",
    "staged",
    "unknown",
    "no-git",
    "clean",
] as const;

export type DriftState = (typeof DRIFT_STATES)[number];

/** What is worth telling besides how the lock stands. */
export type DriftNote =
    /** The toolchain file asks for a release that the locked input can't know yet. */
    | { readonly kind: "toolchain"; readonly gap: ToolchainGap }
    /** Inputs whose last change is longer ago than the user wants. */
    | { readonly kind: "old"; readonly inputs: readonly OldInput[] }
    /** Committed, and the upstream branch has another lock. */
    | { readonly kind: "upstream" }
    /** Several versions of nixpkgs are locked, where a `follows` would make them one. */
    | { readonly kind: "several-nixpkgs"; readonly inputs: readonly string[] }
    /** What flake.nix declares has to be evaluated to be told; all inputs, or those of that name. */
    | { readonly kind: "computed-inputs"; readonly inputs: readonly string[] | undefined }
    /** Git could not be asked, so how the lock stands in the repository is unknown. */
    | { readonly kind: "git"; readonly trouble: Exclude<GitTrouble, "no-git"> };

export interface OldInput {
    readonly name: string;
    /** Seconds since 1970. */
    readonly lastModified: number;
}

/** What the answer depends on besides the files. */
export interface DriftSettings {
    /** How old an input may be, in milliseconds; undefined for any age. */
    readonly oldAfter: number | undefined;
    /** Milliseconds since 1970. */
    readonly now: number;
    /** The store's folder. */
    readonly store: string;
}

const DEFAULTS: DriftSettings = { oldAfter: undefined, now: 0, store: "/nix/store" };

export interface Drift {
    /** The worst that holds. */
    readonly state: DriftState;
    /** The other states that hold. */
    readonly also: readonly DriftState[];
    readonly notes: readonly DriftNote[];
    /** Files that decide the shell, exist, and that Nix does not see because git does not know them. */
    readonly invisible: readonly string[];
    /** Inputs that the lock does not have as flake.nix wants them. */
    readonly stale: readonly StaleInput[];
    /** Where flake.lock can't be read, and why. */
    readonly trouble: LockTrouble | undefined;
    /** The flake's own inputs; none where the lock can't be read. */
    readonly inputs: readonly LockedInput[];
}

/**
 * Works out the drift of a flake from files and git alone: no evaluation, no network, and nothing
 * that grows with the repository.
 *
 * @returns undefined where the project has no flake.
 */
export async function findDrift(
    project: Project,
    git: Git,
    settings: Partial<DriftSettings> = {},
): Promise<Drift | undefined> {
    if (project.flake === undefined) return undefined;
    const folder = dirname(project.flake);
    const flake = readTextFile(project.flake) ?? "";
    const bytes = readBytes(join(folder, "flake.lock"));
    const parsed = bytes && parseLock(bytes.toString());
    const lock = parsed && "nodes" in parsed ? parsed : undefined;
    const trouble = parsed && "kind" in parsed ? parsed : undefined;

    const decisive = decisiveFiles(project, folder, flake);
    const [declared, facts] = await Promise.all([
        declaredInputs(flake),
        project.repository === undefined
            ? ("no-git" as const)
            : askGit(git, folder, ["flake.lock", ...decisive]),
    ]);
    const stale = lock && declared ? staleInputs(declared, lock) : [];
    const hasInputs = declared === undefined ? /\binputs\b/.test(flake) : declared.length > 0;
    const computed = hasInputs ? computedInputs(declared) : [];

    const states: DriftState[] = [];
    if (trouble !== undefined) states.push(trouble.kind);
    if (bytes === undefined && hasInputs) states.push("missing");
    if (stale.length > 0) states.push("stale");
    // A flake that we keep is to be in no repository.
    if (project.isKept !== true) states.push(...gitStates(bytes, facts));
    if (lock !== undefined && computed?.length !== 0) states.push("unknown");
    const [state = "clean", ...also] = DRIFT_STATES.filter(
        (candidate) => candidate !== "clean" && states.includes(candidate),
    );
    const inputs = lock === undefined ? [] : lockedInputs(lock);
    const { oldAfter, now, store } = { ...DEFAULTS, ...settings };
    const old = oldAfter === undefined ? [] : oldInputs(inputs, now - oldAfter);
    const gap = await gapOf(project, inputs, { flake, store });
    return {
        state,
        also,
        notes: [
            ...(gap === undefined ? [] : [gap]),
            ...(old.length === 0 ? [] : [{ kind: "old" as const, inputs: old }]),
            ...(await notesOn(lock, facts, state, { git, folder })),
            ...(lock === undefined || computed?.length === 0
                ? []
                : [{ kind: "computed-inputs" as const, inputs: computed }]),
        ],
        invisible:
            typeof facts === "string"
                ? []
                : decisive.filter((path) => facts.get(path)?.index === undefined),
        stale,
        trouble,
        inputs,
    };
}

/** The inputs whose address has to be evaluated; undefined for all of them. */
function computedInputs(declared: readonly DeclaredInput[] | undefined): string[] | undefined {
    return declared
        ?.filter(({ reference, follows }) => reference === undefined && follows === undefined)
        .map(({ name }) => name);
}

/** @param limit milliseconds since 1970; what is older counts */
function oldInputs(inputs: readonly LockedInput[], limit: number): OldInput[] {
    return inputs.flatMap(({ name, lastModified, follows }) =>
        follows === undefined && lastModified !== undefined && lastModified * 1000 < limit
            ? [{ name, lastModified }]
            : [],
    );
}

async function gapOf(
    { toolchainFile }: Project,
    inputs: readonly LockedInput[],
    source: { flake: string; store: string },
): Promise<DriftNote | undefined> {
    const wanted = await wantedToolchain(toolchainFile);
    if (wanted?.channel === undefined) return undefined;
    const { toolchainGap } = await import("./toolchainGap");
    const asked = { file: basename(wanted.file), channel: wanted.channel };
    const gap = toolchainGap(asked, inputs, source);
    return gap && { kind: "toolchain", gap };
}

/** The toolchain file only counts where the flake reads it, and it can lie elsewhere. */
function decisiveFiles({ toolchainFile }: Project, folder: string, flake: string): string[] {
    const isRead = toolchainFile !== undefined && flake.includes(basename(toolchainFile));
    return isRead ? ["flake.nix", relative(folder, toolchainFile)] : ["flake.nix"];
}

function gitStates(
    lock: Buffer | undefined,
    facts: ReadonlyMap<string, PathFacts> | GitTrouble,
): DriftState[] {
    if (facts === "git-owner") return ["unknown"];
    if (facts === "git-missing") return ["no-git"];
    if (typeof facts === "string") return [facts];
    const ofLock = facts.get("flake.lock");
    return lock === undefined || ofLock === undefined ? [] : [stateOf(lock, ofLock)];
}

function stateOf(lock: Buffer, facts: PathFacts): DriftState {
    if (facts.conflicted) return "conflict";
    if (facts.index === undefined) return facts.ignored ? "ignored" : "untracked";
    // Nix adds a lock that it creates with --intent-to-add: that commits nothing.
    if (facts.intentToAdd && lock.length > 0) return "untracked";
    if (!isBlob(lock, facts.index)) return "modified";
    return facts.index === facts.head ? "clean" : "staged";
}

async function notesOn(
    lock: LockFile | undefined,
    facts: ReadonlyMap<string, PathFacts> | GitTrouble,
    state: DriftState,
    { git, folder }: { git: Git; folder: string },
): Promise<DriftNote[]> {
    const notes: DriftNote[] = [];
    if (typeof facts === "string" && facts !== "no-git") {
        notes.push({ kind: "git", trouble: facts });
    }
    const head = typeof facts === "string" ? undefined : facts.get("flake.lock")?.head;
    if (state === "clean" && head !== undefined) {
        const upstream = await upstreamBlob(git, folder, "flake.lock");
        if (upstream !== undefined && upstream !== head) notes.push({ kind: "upstream" });
    }
    const inputs = lock === undefined ? [] : severalNixpkgs(lock);
    if (inputs.length > 1) notes.push({ kind: "several-nixpkgs", inputs });
    return notes;
}

/** Whether git would store these bytes under that id, with or without converting line ends. */
function isBlob(bytes: Buffer, id: string): boolean {
    if (blobId(bytes, id) === id) return true;
    return bytes.includes("\r\n") && blobId(unix(bytes), id) === id;
}

function unix(bytes: Buffer): Buffer {
    return Buffer.from(bytes.toString("latin1").replaceAll("\r\n", "\n"), "latin1");
}

function blobId(bytes: Buffer, like: string): string {
    const hash = createHash(like.length === 64 ? "sha256" : "sha1");
    return hash.update(`blob ${bytes.length}\0`).update(bytes).digest("hex");
}
