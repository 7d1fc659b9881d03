import { basename } from "node:path";
import { dateText } from "./difference";
import type { Drift, DriftNote, DriftState } from "./drift";
import type { StaleInput } from "./staleness";

/** What can be wrong with a lock, and be ignored by the user. */
export type DriftKind = Exclude<DriftState, Quiet> | "invisible" | "toolchain" | "old";

/** States that nobody is warned of. */
type Quiet = "clean" | "no-git" | "unknown";

export interface DriftWarning {
    readonly kind: DriftKind;
    /** A few words, for the status bar. */
    readonly short: string;
    /** A sentence or two: what is the case, and what follows from it. */
    readonly long: string;
}

/** The words for the worst that is wrong with the lock; undefined where nothing is. */
export function driftWarning(
    drift: Drift | undefined,
    ignored: readonly DriftKind[] = [],
): DriftWarning | undefined {
    return drift && driftWarnings(drift).find(({ kind }) => !ignored.includes(kind));
}

/** The words for all that is wrong with the lock, the worst first. */
export function driftWarnings(drift: Drift): DriftWarning[] {
    const [invisible] = drift.invisible;
    const states = [drift.state, ...drift.also].flatMap(
        (state) => stateWarning(drift, state) ?? [],
    );
    const notes = drift.notes.flatMap((note) => noteWarning(note) ?? []);
    const warnings: DriftWarning[] = [...states, ...notes];
    if (invisible !== undefined) {
        warnings.push({
            kind: "invisible",
            short: `${basename(invisible)} not in git`,
            long: `Nix does not see ${invisible}, because git does not track it.`,
        });
    }
    return warnings.sort((a, b) => ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind));
}

/** First what keeps the shell from being built, then what others don't get. */
const ORDER: readonly DriftKind[] = [
    "invisible",
    "conflict",
    "unreadable",
    "unsupported",
    "missing",
    "ignored",
    "untracked",
    "stale",
    "toolchain",
    "modified",
    "staged",
    "old",
];

function stateWarning(drift: Drift, state: DriftState): DriftWarning | undefined {
    switch (state) {
        case "conflict":
            if (drift.trouble === undefined) {
                return {
                    kind: state,
                    short: "flake.lock not marked as resolved",
                    long: "A merge left flake.lock in conflict. It can be read again, but Git does not know yet that it is resolved: add it to Git.",
                };
            }
            return {
                kind: state,
                short: "flake.lock has a conflict",
                long: `A merge left flake.lock in conflict${at(drift)}, so Nix can't read it.`,
            };
        case "unreadable":
            return {
                kind: state,
                short: "flake.lock unreadable",
                long: `flake.lock is not what Nix expects${at(drift)}: restore it from git, or lock anew.`,
            };
        case "unsupported":
            return {
                kind: state,
                short: "flake.lock too new",
                long: "flake.lock was written by a Nix of another age, and this one can't read it.",
            };
        case "missing":
            return {
                kind: state,
                short: "no flake.lock",
                long: "There is no flake.lock, so everyone may get other versions of the tools.",
            };
        case "ignored":
            return {
                kind: state,
                short: "flake.lock ignored",
                long: "Git ignores flake.lock, so Nix does not see it and takes new versions each time.",
            };
        case "untracked":
            return {
                kind: state,
                short: "flake.lock not committed",
                long: "flake.lock is not in git, so nobody else gets the versions that you use.",
            };
        case "stale":
            return {
                kind: state,
                short: "flake.lock out of step",
                long: `flake.lock does not match flake.nix: ${list(drift.stale.map(staleText))}.`,
            };
        case "modified":
        case "staged":
            return {
                kind: state,
                short: "flake.lock not committed",
                long: "flake.lock has changes that are not committed, so others still use the old versions.",
            };
        case "clean":
        case "no-git":
        case "unknown":
            return undefined;
    }
}

function noteWarning(note: DriftNote): DriftWarning | undefined {
    if (note.kind === "toolchain") {
        const { input, file, channel, newest } = note.gap;
        return {
            kind: note.kind,
            short: `${input} too old for Rust ${channel}`,
            long:
                `${file} asks for Rust ${channel}, but ${input} as flake.lock has it knows none ` +
                `newer than ${newest}: update that input.`,
        };
    }
    if (note.kind === "old") {
        const names = note.inputs.map(
            ({ name, lastModified }) => `${name} of ${dateText(lastModified)}`,
        );
        return {
            kind: note.kind,
            short: "flake.lock is old",
            long: `flake.lock holds inputs that are older than you want: ${list(names)}.`,
        };
    }
    return undefined;
}

/** The sentences for what is worth telling, and no reason to warn. */
export function driftNotes(drift: Drift): string[] {
    return drift.notes.flatMap((note) => noteText(note) ?? []);
}

function noteText(note: DriftNote): string | undefined {
    switch (note.kind) {
        case "toolchain":
        case "old":
            return undefined; // A warning.
        case "upstream":
            return "flake.lock differs from the upstream branch's.";
        case "several-nixpkgs":
            return (
                `flake.lock holds ${note.inputs.length} versions of nixpkgs ` +
                `(${list(note.inputs)}); a "follows" would make them one.`
            );
        case "computed-inputs":
            return (
                "Whether flake.lock matches flake.nix is unknown: " +
                (note.inputs === undefined ? "the inputs" : list(note.inputs)) +
                " can't be read without evaluating the flake."
            );
        case "git":
            return GIT_TROUBLES[note.trouble];
    }
}

const GIT_TROUBLES = {
    "git-missing": "Whether flake.lock is committed is unknown: git was not found.",
    "git-owner":
        "Whether flake.lock is committed is unknown: the repository belongs to another user, and " +
        "git refuses it until you add it to safe.directory.",
    unknown: "Whether flake.lock is committed is unknown: git could not read the repository.",
};

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
