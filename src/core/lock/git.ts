import { statSync } from "node:fs";
import { isAbsolute } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Environment } from "../environment/environment";
import { CaptureError, failureOf } from "../failure/failure";
import type { Run } from "../process";

/** A git command line, asked about single paths only. */
export interface Git {
    readonly executable: string;
    readonly env: Environment;
    readonly run: Run;
}

/** What git knows of one path. */
export interface PathFacts {
    /** Object id in the index; undefined where the path is not in it. */
    readonly index: string | undefined;
    /** Several stages: a merge that nobody resolved. */
    readonly conflicted: boolean;
    /** Added with `--intent-to-add`: git knows the path and no content. */
    readonly intentToAdd: boolean;
    /** Object id in HEAD; undefined where HEAD has no such path, or there is no commit. */
    readonly head: string | undefined;
    readonly ignored: boolean;
}

/** Why git could not be asked. */
export type GitTrouble =
    /** No repository. */
    | "no-git"
    /** A repository perhaps, and no git on the machine. */
    | "git-missing"
    /** The repository belongs to another user, so git does not touch it. */
    | "git-owner"
    | "unknown";

/** The empty blob, which `--intent-to-add` leaves in the index, in SHA-1 and SHA-256. */
const EMPTY_BLOBS = new Set([
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
]);

/**
 * Asks git about paths relative to `folder`. Three small calls that look at these paths alone, so
 * the size of the repository does not count; nothing is written.
 */
export async function askGit(
    git: Git,
    folder: string,
    paths: readonly string[],
): Promise<ReadonlyMap<string, PathFacts> | GitTrouble> {
    const [index, head, ignored] = await Promise.all([
        callGit(git, folder, ["ls-files", "--stage", "-z", "--", ...paths]),
        callGit(git, folder, ["ls-tree", "-z", "HEAD", "--", ...paths]),
        callGit(git, folder, ["check-ignore", "--", ...paths]),
    ]);
    if (index.kind === "not-found") return "git-missing";
    if (index.kind !== "exited" || index.code !== 0) {
        const said = index.kind === "exited" ? index.stderr : "";
        if (/dubious ownership|unsafe repository/i.test(said)) return "git-owner";
        return /not a git repository/i.test(said) ? "no-git" : "unknown";
    }
    const heads = new Map<string, string>();
    if (head.kind === "exited" && head.code === 0) {
        for (const [fields, path] of records(head.stdout)) heads.set(path, fields[2] ?? "");
    }
    // This one takes -z only with --stdin; odd names come in quotes, but flake.lock is none.
    const ignoredPaths = new Set(ignored.kind === "exited" ? ignored.stdout.split("\n") : []);
    const facts = new Map<string, PathFacts>();
    for (const path of paths) {
        const stages = records(index.stdout).filter(([, name]) => name === path);
        const id = stages[0]?.[0][1];
        facts.set(path, {
            index: id,
            conflicted: stages.some(([fields]) => fields[2] !== "0"),
            intentToAdd: id !== undefined && EMPTY_BLOBS.has(id),
            head: heads.get(path),
            ignored: ignoredPaths.has(path),
        });
    }
    return facts;
}

/** The object id of a path in the upstream branch; undefined where there is none. */
export async function upstreamBlob(
    git: Git,
    folder: string,
    path: string,
): Promise<string | undefined> {
    const args = ["rev-parse", "--verify", "--quiet", `@{upstream}:./${path}`];
    const result = await callGit(git, folder, args);
    return result.kind === "exited" && result.code === 0 ? result.stdout.trim() : undefined;
}

/** The text of a path in HEAD, which may be large; undefined where HEAD has none. */
export async function committedText(
    git: Git,
    folder: string,
    path: string,
): Promise<string | undefined> {
    const result = await callGit(git, folder, ["cat-file", "blob", `HEAD:./${path}`]);
    return result.kind === "exited" && result.code === 0 ? result.stdout : undefined;
}

/**
 * The paths that git tracks among the given ones and all `.nix` files below `folder`, relative to
 * it; none where git can't be asked.
 */
export async function listTracked(
    git: Git,
    folder: string,
    files: readonly string[],
): Promise<string[]> {
    // Git refuses the whole question when one of the files lies outside the repository.
    const [below, named] = await Promise.all([
        callGit(git, folder, ["ls-files", "-z", "--", "*.nix"]),
        callGit(git, folder, ["ls-files", "-z", "--", ...files.map((file) => `:(literal)${file}`)]),
    ]);
    return [below, named].flatMap((result) =>
        result.kind === "exited" ? result.stdout.split("\0").filter((path) => path !== "") : [],
    );
}

/** Whether a file of a repository is none that git knows; false where there is no repository. */
export async function isUntracked(git: Git, folder: string, path: string): Promise<boolean> {
    const args = ["ls-files", "--error-unmatch", "--", `:(literal)${path}`];
    const result = await callGit(git, folder, args);
    return result.kind === "exited" && result.code === 1;
}

/** How long another git may hold the index before it counts as dead, in milliseconds. */
const INDEX_PATIENCE = 5_000;

/**
 * `git add --intent-to-add`: only ever called when the user asks for it. The editor's own git looks
 * at new files at the same time, so the index may be held for a moment.
 *
 * @throws {CaptureError} `git-refused`, with git's last words
 */
export async function intendToAdd(
    git: Git,
    folder: string,
    path: string,
    patience = INDEX_PATIENCE,
): Promise<void> {
    const deadline = Date.now() + patience;
    for (;;) {
        const args = ["add", "--intent-to-add", "--", `:(literal)${path}`];
        const result = await callGit(git, folder, args, { lacking: "fetched" });
        if (result.kind === "exited" && result.code === 0) return;
        const said = result.kind === "exited" ? result.stderr : "git could not be run";
        if (/index\.lock'/.test(said) && Date.now() < deadline) {
            await pause(100);
            continue;
        }
        const [first = ""] = said.split("\n").filter((line) => line.trim() !== "");
        throw new CaptureError(failureOf("git-refused", path, first.replace(/^fatal: /, "")));
    }
}

/**
 * The repository to be trusted, which a message may have named. Only a folder that is there counts:
 * the message can be a flake's, and to git a `*` means all repositories of the machine.
 */
export function repositoryToTrust(named: string, otherwise: string): string {
    const isFolder = isAbsolute(named) && statSync(named, { throwIfNoEntry: false })?.isDirectory();
    return isFolder ? named : otherwise;
}

/** Has git use a repository that belongs to another user: only ever called when the user asks for it. */
export async function trustFolder(git: Git, folder: string): Promise<void> {
    await callGit(git, "/", ["config", "--global", "--add", "safe.directory", folder]);
}

/** Records of `FIELD FIELD FIELD<tab>PATH`, each ended by NUL. */
function records(output: string): [fields: string[], path: string][] {
    return output
        .split("\0")
        .filter((record) => record !== "")
        .map((record) => {
            const tab = record.indexOf("\t");
            return [record.slice(0, tab).split(/\s+/), record.slice(tab + 1)];
        });
}

/** The file system monitor is a program that the repository's configuration names: not for this. */
const SAFE = ["-c", "core.fsmonitor=false", "--no-optional-locks"];

/** How git is run. */
export interface GitCall {
    readonly signal?: AbortSignal | undefined;
    /** Milliseconds. */
    readonly timeout?: number;
    /**
     * What a partial clone lacks, git fetches when it comes across it, by a program that the
     * repository's configuration may name: questions do without.
     */
    readonly lacking?: "fetched" | "left out";
}

/** Runs git on a folder, without a terminal, in English. */
export function callGit(
    git: Git,
    cwd: string,
    args: readonly string[],
    { signal, timeout = 20_000, lacking = "left out" }: GitCall = {},
): ReturnType<Run> {
    const env = new Map([...git.env, ["LC_ALL", "C"], ["GIT_TERMINAL_PROMPT", "0"]]);
    if (lacking === "left out") env.set("GIT_NO_LAZY_FETCH", "1");
    return git.run({
        command: git.executable,
        args: [...SAFE, ...args],
        cwd,
        env,
        signal,
        timeout,
        output: "keep",
    });
}
