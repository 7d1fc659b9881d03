import { shortRevision, type InputDifference } from "./difference";
import type { TwoLocks } from "./differenceReport";

/** A message for a commit of flake.lock alone: "flake.lock: update nixpkgs (1a2b3c4 → 5d6e7f8)". */
export function commitMessage(differences: readonly InputDifference[]): string {
    const kinds = new Set(differences.map(({ kind }) => kind));
    const [first, ...others] = differences;
    if (first === undefined) return "flake.lock: update";
    const [kind] = kinds;
    const verb = kinds.size > 1 || kind === undefined ? "update" : VERBS[kind];
    if (others.length === 0) return `flake.lock: ${verb} ${first.name}${revisions(first)}`;
    const lines = differences.map((difference) => `${difference.name}${revisions(difference)}`);
    return `flake.lock: ${verb} ${names(differences)}\n\n${lines.join("\n")}`;
}

/**
 * Why a commit of flake.lock would have nothing in it, as a sentence; undefined where it would.
 *
 * @param locks as it is committed, and as it is on disk
 */
export function nothingToCommit({ before, after }: TwoLocks): string | undefined {
    if (after === undefined)
        return "There is no flake.lock to commit: “Nix: Lock Flake” writes it.";
    return before === after
        ? "flake.lock is committed as it is: nothing is to be done."
        : undefined;
}

const VERBS = { added: "lock", removed: "drop", changed: "update" };

/** More than these would make a subject too long to read. */
const MOST_NAMES = 3;

function names(differences: readonly InputDifference[]): string {
    const all = differences.map(({ name }) => name);
    if (all.length > MOST_NAMES) return `${all.length} inputs`;
    return `${all.slice(0, -1).join(", ")} and ${all.at(-1)}`;
}

function revisions(difference: InputDifference): string {
    const { before, after } = { before: undefined, after: undefined, ...difference };
    const both = [before, after].flatMap((input) =>
        input?.revision === undefined ? [] : [shortRevision(input.revision)],
    );
    return both.length === 0 || both[0] === both[1] ? "" : ` (${both.join(" → ")})`;
}
