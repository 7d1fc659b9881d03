import type { LockFile } from "./lockFile";
import { allLockedInputs, type LockedInput } from "./lockedInputs";
import { comparePage } from "./webPage";

/** How one input differs between two locks. */
export type InputDifference =
    | { readonly kind: "added"; readonly name: string; readonly after: LockedInput }
    | { readonly kind: "removed"; readonly name: string; readonly before: LockedInput }
    | {
          readonly kind: "changed";
          readonly name: string;
          readonly before: LockedInput;
          readonly after: LockedInput;
      };

/** The inputs that differ, in the order of names: the flake's own, and `a/b` for those below. */
export function lockDifference(before: LockFile | undefined, after: LockFile): InputDifference[] {
    const byName = (lock: LockFile | undefined): Map<string, LockedInput> =>
        new Map(lock && allLockedInputs(lock).map((input) => [input.name, input]));
    const [old, now] = [byName(before), byName(after)];
    const names = [...new Set([...old.keys(), ...now.keys()])].sort();
    return names.flatMap((name): InputDifference[] => {
        const [was, is] = [old.get(name), now.get(name)];
        if (was === undefined) return is === undefined ? [] : [{ kind: "added", name, after: is }];
        if (is === undefined) return [{ kind: "removed", name, before: was }];
        return same(was, is) ? [] : [{ kind: "changed", name, before: was, after: is }];
    });
}

/** The difference in words, a line an input: "nixpkgs: 1a2b3c4 (2026-01-02) → 5d6e7f8 (2026-02-03)". */
export function differenceText(difference: InputDifference): string {
    switch (difference.kind) {
        case "added":
            return `${difference.name}: new, ${inputText(difference.after)}`;
        case "removed":
            return `${difference.name}: no longer locked, was ${inputText(difference.before)}`;
        case "changed":
            return `${difference.name}: ${inputText(difference.before)} → ${inputText(difference.after)}`;
    }
}

/** A short revision with its date, or what it follows. */
export function inputText({ revision, lastModified, follows }: LockedInput): string {
    if (follows !== undefined) return `follows ${follows.join("/") || "this flake"}`;
    const short = revision === undefined ? "no revision" : shortRevision(revision);
    const date = lastModified === undefined ? "" : ` (${dateText(lastModified)})`;
    return `${short}${date}`;
}

/** Seven digits of a commit, as git shows it; a hash of contents keeps its kind. */
export function shortRevision(revision: string): string {
    return /^[0-9a-f]{40,64}$/.test(revision) ? revision.slice(0, 7) : revision.slice(0, 15);
}

/** The day of a time in seconds since 1970, in UTC. */
export function dateText(seconds: number): string {
    const date = new Date(seconds * 1000);
    // A lock can hold any number.
    return Number.isNaN(date.getTime()) ? "unknown date" : date.toISOString().slice(0, 10);
}

/** Where two revisions can be compared in a browser; undefined for hosts that have no such page. */
export function compareLink(before: LockedInput, after: LockedInput): string | undefined {
    return comparePage(before.node?.locked, after.node?.locked);
}

/** One that follows the same as before has not changed itself. */
function same(a: LockedInput, b: LockedInput): boolean {
    if (a.follows !== undefined || b.follows !== undefined) {
        return a.follows?.join("/") === b.follows?.join("/");
    }
    return (
        a.revision === b.revision &&
        JSON.stringify(a.node?.original) === JSON.stringify(b.node?.original)
    );
}
