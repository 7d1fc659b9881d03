import {
    appendFileSync,
    mkdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { DriftNote, DriftState } from "../../../../src/core/lock/drift";
import { commitAll, git } from "./testRepository";

/** A way for a project to drift, as people bring it about, and what has to be made of it. */
export interface DriftCase {
    readonly name: string;
    /**
     * Brings a committed project into the state. Its flake.nix has one input, `rust-overlay`, by an
     * address that ends in `?ref=main`, and flake.lock locks that.
     *
     * @returns the folder to open, where it is not the project's
     */
    readonly change: (folder: string) => string | undefined;
    readonly state: DriftState;
    readonly also?: readonly DriftState[];
    readonly notes?: readonly DriftNote["kind"][];
    readonly invisible?: readonly string[];
    /** The status bar item of a window that has the folder open. */
    readonly status: string;
}

const NOT_COMMITTED = "Nix: flake.lock not committed";

const INSIDE = "Nix: default";

export const DRIFT_CASES: readonly DriftCase[] = [
    { name: "committed", change: () => undefined, state: "clean", status: INSIDE },
    {
        name: "missing",
        change: (folder) => remove(folder, "flake.lock"),
        state: "missing",
        status: "Nix: no flake.lock",
    },
    {
        name: "not JSON",
        change: (folder) => write(folder, "flake.lock", '{\n  "nodes": }\n'),
        state: "unreadable",
        also: ["modified"],
        status: "Nix: flake.lock unreadable",
    },
    {
        name: "in conflict",
        change: mergeInConflict,
        state: "conflict",
        status: "Nix: flake.lock has a conflict",
    },
    {
        name: "resolved, which git was not told",
        change: (folder) => {
            const before = readFileSync(join(folder, "flake.lock"), "utf8");
            mergeInConflict(folder);
            return write(folder, "flake.lock", before);
        },
        state: "conflict",
        status: "Nix: flake.lock not marked as resolved",
    },
    {
        name: "of a version to come",
        change: (folder) =>
            edit(folder, "flake.lock", (text) => text.replace('"version": 7', '"version": 99')),
        state: "unsupported",
        also: ["modified"],
        status: "Nix: flake.lock too new",
    },
    {
        name: "ignored",
        change: (folder) => {
            git(folder, "rm", "-q", "--cached", "flake.lock");
            write(folder, ".gitignore", "*.lock\n");
            return done(() => commitAll(folder));
        },
        state: "ignored",
        status: "Nix: flake.lock ignored",
    },
    {
        name: "untracked",
        change: (folder) => done(() => git(folder, "rm", "-q", "--cached", "flake.lock")),
        state: "untracked",
        status: NOT_COMMITTED,
    },
    {
        name: "known to git, and no more",
        change: (folder) => {
            git(folder, "rm", "-q", "--cached", "flake.lock");
            return done(() => git(folder, "add", "--intent-to-add", "flake.lock"));
        },
        state: "untracked",
        status: NOT_COMMITTED,
    },
    {
        name: "modified",
        change: (folder) => done(() => appendFileSync(join(folder, "flake.lock"), "\n")),
        state: "modified",
        status: NOT_COMMITTED,
    },
    {
        name: "modified, while git's index is locked",
        change: (folder) => {
            write(folder, ".git/index.lock", "");
            return done(() => appendFileSync(join(folder, "flake.lock"), "\n"));
        },
        state: "modified",
        status: NOT_COMMITTED,
    },
    {
        name: "staged",
        change: (folder) => {
            appendFileSync(join(folder, "flake.lock"), "\n");
            return done(() => git(folder, "add", "flake.lock"));
        },
        state: "staged",
        status: NOT_COMMITTED,
    },
    {
        name: "of a repository without commits",
        change: (folder) => {
            rmSync(join(folder, ".git"), { recursive: true });
            git(folder, "init", "-q");
            return done(() => git(folder, "add", "--all"));
        },
        state: "staged",
        status: NOT_COMMITTED,
    },
    {
        name: "without an input that is declared",
        change: (folder) =>
            edit(folder, "flake.nix", (text) =>
                text.replace(/^.*inputs.*"rust-overlay"?\.url = (.*);$/m, (line, url: string) =>
                    [line, `    inputs.more.url = ${url};`].join("\n"),
                ),
            ),
        state: "stale",
        status: "Nix: flake.lock out of step",
    },
    {
        name: "from another reference",
        change: (folder) =>
            edit(folder, "flake.nix", (text) => text.replace("?ref=main", "?ref=other")),
        state: "stale",
        status: "Nix: flake.lock out of step",
    },
    {
        name: "with an input that is no longer declared",
        change: (folder) =>
            edit(folder, "flake.nix", (text) => text.replace(/^.*inputs.*url = .*;$/m, "")),
        state: "stale",
        status: "Nix: flake.lock out of step",
    },
    {
        name: "of inputs that are computed",
        change: (folder) =>
            edit(folder, "flake.nix", (text) => text.replace(/"([^"]*\?ref=main)"/, '("" + "$1")')),
        state: "unknown",
        notes: ["computed-inputs"],
        status: "Nix: failed",
    },
    {
        name: "of a flake.nix that git does not know",
        change: (folder) => done(() => git(folder, "rm", "-q", "--cached", "flake.nix")),
        state: "clean",
        invisible: ["flake.nix"],
        status: "Nix: flake.nix not in git",
    },
    {
        name: "beside a toolchain file that git does not know",
        change: (folder) => {
            edit(folder, "flake.nix", (text) => `# It reads ./rust-toolchain.toml.\n${text}`);
            return write(folder, "rust-toolchain.toml", '[toolchain]\nchannel = "stable"\n');
        },
        state: "clean",
        invisible: ["rust-toolchain.toml"],
        status: "Nix: rust-toolchain.toml not in git",
    },
    {
        name: "too old for the toolchain file",
        change: (folder) => {
            edit(folder, "flake.nix", (text) => `# It reads ./rust-toolchain.toml.\n${text}`);
            write(folder, "rust-toolchain.toml", '[toolchain]\nchannel = "1.999.0"\n');
            return done(() => commitAll(folder));
        },
        state: "clean",
        notes: ["toolchain"],
        status: "Nix: rust-overlay too old for Rust 1.999.0",
    },
    {
        name: "another than upstream's",
        change: (folder) => {
            git(folder, "branch", "theirs");
            git(folder, "branch", "-q", "--set-upstream-to=theirs");
            appendFileSync(join(folder, "flake.lock"), "\n");
            return done(() => commitAll(folder));
        },
        state: "clean",
        notes: ["upstream"],
        status: INSIDE,
    },
    {
        name: "with several versions of nixpkgs",
        change: (folder) => {
            edit(folder, "flake.lock", withTwoNixpkgs);
            return done(() => commitAll(folder));
        },
        state: "clean",
        notes: ["several-nixpkgs"],
        status: INSIDE,
    },
    {
        name: "without git",
        change: (folder) => remove(folder, ".git"),
        state: "no-git",
        status: INSIDE,
    },
    {
        name: "of a repository that git can't read",
        change: (folder) => write(folder, ".git/index", "no index"),
        state: "unknown",
        notes: ["git"],
        status: "Nix: failed",
    },
    {
        name: "modified in a subfolder",
        change: (folder) => {
            const outer = `${folder}-outer`;
            rmSync(join(folder, ".git"), { recursive: true });
            mkdirSync(outer);
            renameSync(folder, join(outer, "app"));
            git(outer, "init", "-q");
            commitAll(outer);
            appendFileSync(join(outer, "app/flake.lock"), "\n");
            return join(outer, "app");
        },
        state: "modified",
        status: NOT_COMMITTED,
    },
    {
        name: "modified in a worktree",
        change: (folder) => {
            const worktree = `${folder}-worktree`;
            git(folder, "worktree", "add", "-q", worktree);
            appendFileSync(join(worktree, "flake.lock"), "\n");
            return worktree;
        },
        state: "modified",
        status: NOT_COMMITTED,
    },
    {
        name: "modified in a submodule",
        change: (folder) => {
            const outer = `${folder}-super`;
            mkdirSync(outer);
            git(outer, "init", "-q");
            git(outer, "submodule", "--quiet", "add", folder, "library");
            appendFileSync(join(outer, "library/flake.lock"), "\n");
            return join(outer, "library");
        },
        state: "modified",
        status: NOT_COMMITTED,
    },
];

/** For a table of one-liners: does it, and names no other folder. */
function done(doing: () => unknown): undefined {
    doing();
}

function mergeInConflict(folder: string): undefined {
    git(folder, "checkout", "-q", "-b", "other");
    edit(folder, "flake.lock", (text) => text.replace(/"lastModified": \d+/, '"x": 1'));
    commitAll(folder);
    git(folder, "checkout", "-q", "-");
    edit(folder, "flake.lock", (text) => text.replace(/"lastModified": \d+/, '"x": 2'));
    commitAll(folder);
    try {
        git(folder, "merge", "-q", "other");
    } catch {
        // That is the point of it.
    }
}

function write(folder: string, name: string, text: string): undefined {
    writeFileSync(join(folder, name), text);
}

function remove(folder: string, name: string): undefined {
    rmSync(join(folder, name), { recursive: true });
}

function edit(folder: string, name: string, change: (text: string) => string): undefined {
    const file = join(folder, name);
    const before = readFileSync(file, "utf8");
    const after = change(before);
    if (after === before) throw new Error(`nothing to change in ${file}:\n${before}`);
    writeFileSync(file, after);
}

function withTwoNixpkgs(text: string): string {
    const lock = JSON.parse(text) as { nodes: Record<string, unknown> };
    for (const digit of ["a", "b"]) {
        const nixpkgs = { type: "github", owner: "NixOS", repo: "nixpkgs" };
        const locked = { ...nixpkgs, rev: digit.repeat(40), narHash: HASH, lastModified: 1 };
        lock.nodes[`nixpkgs_${digit}`] = { locked, original: nixpkgs };
    }
    return `${JSON.stringify(lock, null, 2)}\n`;
}

const HASH = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
