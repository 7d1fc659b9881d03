import { timeBetween } from "../age";
import { codeText, escapeMarkdown } from "../markdown";
import { dateText, shortRevision } from "./difference";
import type { LockedInput } from "./lockedInputs";
import { refText } from "./refText";

/**
 * What is to be known of a locked input, as paragraphs of Markdown.
 *
 * @param now in milliseconds since 1970
 */
export function inputMarkdown(input: LockedInput, now: number): string[] {
    const { name, follows, revision, lastModified, node } = input;
    const from = refText(node?.original);
    return [
        `**${escapeMarkdown(name)}**`,
        ...(follows === undefined
            ? []
            : [`The same as ${codeText(follows.join("/") || "this flake")}, which it follows.`]),
        ...(revision === undefined ? [] : [`${revisionLabel(revision)} ${codeText(revision)}`]),
        ...(lastModified === undefined ? [] : [`Last changed ${changedText(lastModified, now)}`]),
        ...(from === undefined ? [] : [`Locked from ${codeText(from)}`]),
    ];
}

/** What names the one and only state of an input: a commit, or else a hash of its files. */
export function revisionLabel(revision: string): string {
    return /^[0-9a-f]+$/.test(revision) ? "Revision" : "Contents";
}

/** "2026-01-02, 12 days ago"; the first in seconds, the second in milliseconds since 1970. */
export function changedText(lastModified: number, now: number): string {
    return `${dateText(lastModified)}, ${timeBetween(lastModified, now / 1000)} ago`;
}

/** An input's revision, short, and its age: "1a2b3c4 · 12 days old". */
export function standText({ revision, lastModified }: LockedInput, now: number): string {
    const short = revision === undefined ? "no revision" : shortRevision(revision);
    if (lastModified === undefined) return short;
    return `${short} · ${timeBetween(lastModified, now / 1000)} old`;
}
