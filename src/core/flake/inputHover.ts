import { inputMarkdown } from "../lock/inputMarkdown";
import { lockedInputs } from "../lock/lockedInputs";
import { readLock, type LockFile } from "../lock/lockFile";
import { staleInputs, type StaleInput } from "../lock/staleness";
import { revisionPage } from "../lock/webPage";
import { commandLink, escapeMarkdown } from "../markdown";
import type { Target } from "../view/target";
import { declaredInputs, type DeclaredInput, type Place } from "./inputs";

/** What a hover shows, and for which part of the text. */
export interface Hover {
    /** Markdown with command links. */
    readonly text: string;
    readonly place: Place;
}

export interface HoverContext {
    /** The text of flake.lock; undefined where there is none. */
    readonly lockText: string | undefined;
    /** The workspace folder, as a URI. */
    readonly folder: string;
    /** Milliseconds since 1970. */
    readonly now: number;
}

/** The hover at a place of flake.nix, in UTF-16 units; undefined where no input is. */
export async function inputHover(
    text: string,
    at: number,
    context: HoverContext,
): Promise<Hover | undefined> {
    const declared = await declaredInputs(text);
    if (declared === undefined) {
        const place = wordAt(text, at);
        return text.slice(place.from, place.to) === "inputs" ? { text: UNKNOWN, place } : undefined;
    }
    for (const input of declared) {
        const places =
            input.argument === undefined ? input.places : [...input.places, input.argument];
        const place = places.find(({ from, to }) => from <= at && at <= to);
        if (place === undefined) continue;
        const lock = readLock(context.lockText);
        return lock === "unreadable"
            ? { text: "flake.lock can't be read, so the revision is unknown.", place }
            : { text: describe(input, lock, context), place };
    }
    return undefined;
}

const UNKNOWN =
    "**Inputs unknown**\n\nThey can't be read without evaluating the flake, so nothing is said of them here.";

const WHY: Readonly<Record<StaleInput["why"], string>> = {
    "not-locked": "flake.lock does not have it yet.",
    "not-declared": "flake.nix no longer declares it.",
    "other-reference": "flake.lock has it from another place than flake.nix says.",
    "other-follows": "flake.lock has it follow something else than flake.nix says.",
};

function describe(
    input: DeclaredInput,
    lock: LockFile | undefined,
    { folder, now }: HoverContext,
): string {
    const { name, reference, follows } = input;
    const locked =
        lock === undefined ? undefined : lockedInputs(lock).find((each) => each.name === name);
    const stale =
        lock === undefined ? undefined : staleInputs([input], lock).find((it) => it.name === name);
    const isUnknown = reference === undefined && follows === undefined;
    const page = revisionPage(locked?.node?.locked);
    const target: Target = { folder, input: name, revision: locked?.revision, page };
    const link = (title: string, command: string): string => commandLink(title, command, target);
    const needsLock = locked === undefined || stale !== undefined;
    const actions = [
        ...(needsLock ? [link("Lock Flake", "nixRust.lock")] : []),
        ...(!needsLock && follows === undefined ? [link("Update", "nixRust.updateInput")] : []),
        ...(locked?.revision === undefined ? [] : [link("Copy Revision", "nixRust.copyRevision")]),
        ...(page === undefined ? [] : [link("Open in Browser", "nixRust.openInputPage")]),
    ];
    return [
        ...(locked === undefined ? [`**${escapeMarkdown(name)}**`] : inputMarkdown(locked, now)),
        ...(isUnknown
            ? ["What flake.nix asks for is unknown: it can't be read without evaluating the flake."]
            : []),
        ...(locked === undefined ? [WHY["not-locked"]] : []),
        ...(stale === undefined || locked === undefined ? [] : [WHY[stale.why]]),
        actions.join(" · "),
    ].join("\n\n");
}

function wordAt(text: string, at: number): Place {
    let [from, to] = [at, at];
    while (from > 0 && /\w/.test(text[from - 1] ?? "")) from--;
    while (/\w/.test(text[to] ?? "")) to++;
    return { from, to };
}
