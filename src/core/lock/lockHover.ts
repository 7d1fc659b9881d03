import { commandLink, escapeMarkdown } from "../markdown";
import type { Hover } from "../flake/inputHover";
import { inputMarkdown } from "./inputMarkdown";
import { allLockedInputs } from "./lockedInputs";
import { parseLock } from "./lockFile";
import { nodePlaces } from "./lockPlaces";
import { revisionPage } from "./webPage";

/** How many of the inputs that use a node are named. */
const MOST_NAMES = 3;

/**
 * The hover at a place in the text of a flake.lock; undefined where no node is.
 *
 * @param now in milliseconds since 1970
 */
export function lockHover(text: string, at: number, now: number): Hover | undefined {
    const place = nodePlaces(text).find(({ from, to }) => from <= at && at <= to);
    const lock = parseLock(text);
    if (place === undefined || !("nodes" in lock)) return undefined;
    if (place.key === lock.root) {
        return { text: "**The flake itself**\n\nIts inputs, by the names of their nodes.", place };
    }
    const users = allLockedInputs(lock).filter(({ node }) => node?.key === place.key);
    const own = users.find(({ follows }) => follows === undefined);
    if (own === undefined) return { text: "No input leads to this node.", place };
    const names = users.map(({ name }) => name);
    const page = revisionPage(own.node?.locked);
    const target = { revision: own.revision, page };
    const actions = [
        ...(own.revision === undefined
            ? []
            : [commandLink("Copy Revision", "nixRust.copyRevision", target)]),
        ...(page === undefined
            ? []
            : [commandLink("Open in Browser", "nixRust.openInputPage", target)]),
    ];
    const lines = [
        ...inputMarkdown(own, now),
        ...(names.length > 1 ? [`Used as ${escapeMarkdown(listed(names))}`] : []),
        actions.join(" · "),
    ];
    return { text: lines.join("\n\n"), place };
}

function listed(names: readonly string[]): string {
    const named = names.slice(0, MOST_NAMES).join(", ");
    return names.length > MOST_NAMES ? `${named} and ${names.length - MOST_NAMES} more` : named;
}

/** The hover at the top of a flake.lock that is not what is committed. */
export function changeHover(change: string, folder: string): string {
    return `${change} · ${commandLink("Show Lock Changes", "nixRust.showLockChanges", { folder })}`;
}
