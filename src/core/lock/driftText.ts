import { basename } from "node:path";
import type { Drift, DriftNote } from "./drift";
import type { StaleInput } from "./staleness";

export interface DriftWarning {
    /** A few words, for the status bar. */
    readonly short: string;
    /** A sentence or two: what is the case, and what follows from it. */
    readonly long: string;
}

/** The words for what is wrong with the lock; undefined where nothing is. */
export function driftWarning(drift: Drift | undefined): DriftWarning | undefined {
    if (drift === undefined) return undefined;
    const [invisible] = drift.invisible;
    if (invisible !== undefined) {
        return {
            short: `${basename(invisible)} not in git`,
            long: `Nix does not see ${invisible}, because git does not track it.`,
        };
    }
    switch (drift.state) {
        case "conflict":
            return {
                short: "flake.lock has a conflict",
                long: `A merge left flake.lock in conflict${at(drift)}, so Nix can't read it.`,
            };
        case "unreadable":
            return {
                short: "flake.lock unreadable",
                long: `flake.lock is not what Nix expects${at(drift)}: restore it from git, or lock anew.`,
            };
        case "unsupported":
            return {
                short: "flake.lock too new",
                long: "flake.lock was written by a Nix of another age, and this one can't read it.",
            };
        case "missing":
            return {
                short: "no flake.lock",
                long: "There is no flake.lock, so everyone gets other versions of the tools.",
            };
        case "ignored":
            return {
                short: "flake.lock ignored",
                long: "Git ignores flake.lock, so Nix does not see it and takes new versions each time.",
            };
        case "untracked":
            return {
                short: "flake.lock not committed",
                long: "flake.lock is not in git, so nobody else gets the versions that you use.",
            };
        case "stale":
            return {
                short: "flake.lock out of step",
                long: `flake.lock does not match flake.nix: ${list(drift.stale.map(staleText))}.`,
            };
        case "modified":
        case "staged":
            return {
                short: "flake.lock not committed",
                long: "flake.lock has changes that are not committed, so others still use the old versions.",
            };
        case "clean":
        case "no-git":
        case "unknown":
            return undefined;
    }
}

/** The sentences for what is worth telling besides. */
export function driftNotes(drift: Drift): string[] {
    return drift.notes.map(noteText);
}

function noteText(note: DriftNote): string {
    switch (note.kind) {
        case "upstream":
            return "flake.lock differs from the upstream branch's.";
        case "several-nixpkgs":
            return (
                `flake.lock holds ${note.inputs.length} versions of nixpkgs ` +
                `(${list(note.inputs)}); a "follows" would make them one.`
            );
    }
}

function staleText({ name, why }: StaleInput): string {
    switch (why) {
        case "not-locked":
            return `${name} is not locked`;
        case "not-declared":
            return `${name} is locked but no longer declared`;
        case "other-reference":
            return `${name} is locked from another place`;
        case "other-follows":
            return `${name} follows another input`;
    }
}

function at({ trouble }: Drift): string {
    return trouble !== undefined && "line" in trouble ? ` (line ${trouble.line})` : "";
}

/** At most three of them by name. */
function list(texts: readonly string[]): string {
    const named = texts.slice(0, 3).join(", ");
    return texts.length > 3 ? `${named} and ${texts.length - 3} more` : named;
}
