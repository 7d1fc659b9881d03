import { timeBetween } from "../age";
import {
    compareLink,
    dateText,
    lockDifference,
    shortRevision,
    type InputDifference,
} from "./difference";
import type { LockedInput } from "./lockedInputs";
import { readLock, type LockFile } from "./lockFile";
import { refText } from "./refText";

/** The texts of two locks; undefined where there is no flake.lock. */
export interface TwoLocks {
    readonly before: string | undefined;
    readonly after: string | undefined;
}

/** The difference of two locks for people to read: what each input was and is, and where to compare. */
export function differenceReport(title: string, { before, after }: TwoLocks): string {
    return [title, ...body(before, after), ""].join("\n");
}

/** "2 inputs changed, 1 added", over the flake's own inputs and those below them. */
export function differenceSummary(differences: readonly InputDifference[]): string {
    const count = (kind: InputDifference["kind"]): number =>
        differences.filter((difference) => difference.kind === kind).length;
    const parts = (["changed", "added", "removed"] as const).flatMap((kind) =>
        count(kind) === 0 ? [] : [[count(kind), kind] as const],
    );
    const [first, ...rest] = parts;
    if (first === undefined) return "no input changed";
    const noun = first[0] === 1 ? "input" : "inputs";
    return [`${first[0]} ${noun} ${first[1]}`, ...rest.map((part) => part.join(" "))].join(", ");
}

/** The differences of two texts; undefined where one of them is there and can't be read. */
export function differencesOf({ before, after }: TwoLocks): InputDifference[] | undefined {
    const [old, now] = [readLock(before), readLock(after)];
    if (old === "unreadable" || now === "unreadable") return undefined;
    return lockDifference(old, now ?? NOTHING);
}

const NOTHING: LockFile = { version: 7, root: "root", nodes: new Map() };

function body(before: string | undefined, after: string | undefined): string[] {
    const differences = differencesOf({ before, after });
    if (differences === undefined) {
        const which = readLock(before) === "unreadable" ? "The earlier" : "The later";
        return ["", `${which} flake.lock can't be read, so there is nothing to compare.`];
    }
    if (differences.length === 0) {
        const isSame = before === after;
        return ["", isSame ? "Nothing changed." : "No input changed; only the file's form did."];
    }
    const summary = differenceSummary(differences);
    const own = differences.filter(({ name }) => !name.includes("/"));
    const below = differences.filter(({ name }) => name.includes("/"));
    return [
        "",
        `${summary[0]?.toUpperCase()}${summary.slice(1)}.`,
        ...(before === undefined ? ["There was no flake.lock before."] : []),
        ...(after === undefined ? ["There is no flake.lock any more."] : []),
        ...section("Inputs of this flake", own),
        ...section("Inputs of those inputs", below),
    ];
}

function section(heading: string, differences: readonly InputDifference[]): string[] {
    if (differences.length === 0) return [];
    return ["", `# ${heading}`, ...differences.flatMap((it) => ["", ...entry(it)])];
}

function entry(difference: InputDifference): string[] {
    const { name } = difference;
    switch (difference.kind) {
        case "added":
            return [`${name} (new)`, `    → ${stand(difference.after)}`, ...from(difference.after)];
        case "removed":
            return [
                `${name} (removed)`,
                `      ${stand(difference.before)}`,
                ...from(difference.before),
            ];
        case "changed": {
            const { before, after } = difference;
            const [source, other] = [from(after), from(before)];
            const isMoved = source.join() !== other.join();
            const link = compareLink(before, after);
            return [
                name,
                `      ${stand(before)}`,
                ...(isMoved ? other : []),
                `    → ${stand(after)}${newer(before, after)}`,
                ...source,
                ...(link === undefined ? [] : [`      ${link}`]),
            ];
        }
    }
}

function stand({ follows, revision, lastModified }: LockedInput): string {
    if (follows !== undefined) return `follows ${follows.join("/") || "this flake"}`;
    const short = revision === undefined ? "no revision" : shortRevision(revision);
    return lastModified === undefined ? short : `${short}  ${dateText(lastModified)}`;
}

function from({ follows, node }: LockedInput): string[] {
    const text = follows === undefined ? refText(node?.original) : undefined;
    return text === undefined ? [] : [`      from ${text}`];
}

function newer(before: LockedInput, after: LockedInput): string {
    const [then, now] = [before.lastModified, after.lastModified];
    const isOwn = before.follows === undefined && after.follows === undefined;
    if (then === undefined || now === undefined || then === now || !isOwn) return "";
    return `, ${timeBetween(then, now)} ${now > then ? "newer" : "older"}`;
}
