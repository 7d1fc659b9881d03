import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { basename, dirname, relative } from "node:path";
import type { Project } from "../project/project";
import { askGit, type Git, type PathFacts } from "./git";

/** How flake.lock stands to the repository. The first that holds, the worst first. */
export type DriftState =
    "missing" | "ignored" | "untracked" | "modified" | "staged" | "clean" | "no-git" | "unknown";

export interface Drift {
    readonly state: DriftState;
    /** Files that decide the shell, exist, and that Nix does not see because git does not know them. */
    readonly invisible: readonly string[];
}

/**
 * Works out the drift of a flake from files and git alone: no evaluation, no network, and nothing
 * that grows with the repository.
 *
 * @returns undefined where the project has no flake.
 */
export async function findDrift(project: Project, git: Git): Promise<Drift | undefined> {
    if (project.flake === undefined) return undefined;
    const folder = dirname(project.flake);
    const lock = read(`${folder}/flake.lock`);
    const flake = read(project.flake)?.toString() ?? "";
    if (project.repository === undefined) {
        return {
            state: lock === undefined && hasInputs(flake) ? "missing" : "no-git",
            invisible: [],
        };
    }
    const decisive = ["flake.nix"];
    // The toolchain file only counts where the flake reads it, and it can lie elsewhere.
    const { toolchainFile } = project;
    if (toolchainFile !== undefined && flake.includes(basename(toolchainFile))) {
        decisive.push(relative(folder, toolchainFile));
    }
    const facts = await askGit(git, folder, ["flake.lock", ...decisive]);
    if (typeof facts === "string") return { state: facts, invisible: [] };
    const invisible = decisive.filter((path) => facts.get(path)?.index === undefined);
    const ofLock = facts.get("flake.lock");
    if (lock === undefined || ofLock === undefined) {
        return { state: hasInputs(flake) ? "missing" : "clean", invisible };
    }
    return { state: stateOf(lock, ofLock), invisible };
}

function stateOf(lock: Buffer, facts: PathFacts): DriftState {
    if (facts.index === undefined) return facts.ignored ? "ignored" : "untracked";
    // Nix adds a lock that it creates with --intent-to-add: that commits nothing.
    if (facts.intentToAdd && lock.length > 0) return "untracked";
    if (!isBlob(lock, facts.index)) return "modified";
    return facts.index === facts.head ? "clean" : "staged";
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

/** A flake without inputs needs no lock, and nix writes none. */
function hasInputs(flake: string): boolean {
    return /^[^#\n]*\binputs\s*[.=]/m.test(flake);
}

function read(file: string): Buffer | undefined {
    try {
        return readFileSync(file);
    } catch {
        return undefined;
    }
}
