import { changedText, inputMarkdown, revisionLabel, standText } from "../lock/inputMarkdown";
import type { LockFile } from "../lock/lockFile";
import { countInputsBelow, lockedInputs, type LockedInput } from "../lock/lockedInputs";
import { branchOf, refText, sourceText } from "../lock/refText";
import { revisionPage } from "../lock/webPage";
import { codeText } from "../markdown";
import type { Target } from "./target";
import type { ViewFacts } from "./viewFacts";
import type { Ability, ViewItem } from "./viewItem";

/** The inputs of the flake: those that are locked, then those that are not. */
export function inputItems(lock: LockFile | undefined, facts: ViewFacts): ViewItem[] {
    const locked = lock === undefined ? [] : lockedInputs(lock);
    const missing = (facts.drift?.stale ?? []).filter(({ why }) => why === "not-locked");
    return [
        ...locked.map((input) => inputItem(input, lock, facts)),
        ...missing.map(({ name }) => unlockedItem(name, facts)),
    ];
}

function inputItem(input: LockedInput, lock: LockFile | undefined, facts: ViewFacts): ViewItem {
    const { name, revision, follows, node } = input;
    const page = revisionPage(node?.locked);
    const target: Target = { folder: facts.uri, input: name, revision, page };
    const source = [sourceText(node?.original), branchOf(node?.original)];
    const places = source.filter((part) => part !== undefined);
    const abilities: readonly (readonly [boolean, Ability])[] = [
        [follows === undefined, "update"],
        [true, "openInput"],
        [revision !== undefined, "copy"],
        [page !== undefined, "browse"],
    ];
    const followed = follows && (follows.join("/") || "this flake");
    const isLost = node === undefined && follows?.length !== 0;
    const stand = isLost ? "leads nowhere" : standText(input, facts.now);
    return {
        id: `inputs/${encodeURIComponent(name)}`,
        label: name,
        description:
            followed === undefined
                ? [stand, ...places].join(" · ")
                : [`follows ${followed}`, ...(node === undefined && !isLost ? [] : [stand])].join(
                      " · ",
                  ),
        tooltip: inputMarkdown(input, facts.now).join("\n\n"),
        icon: isLost ? "warning" : follows === undefined ? "package" : "link",
        ...(isLost && { isWarning: true }),
        abilities: abilities.flatMap(([is, ability]) => (is ? [ability] : [])),
        action: "openInput",
        target,
        children: () => detailItems(input, lock, target, facts),
    };
}

function detailItems(
    input: LockedInput,
    lock: LockFile | undefined,
    target: Target,
    { now }: ViewFacts,
): ViewItem[] {
    const { name, revision, lastModified, node, follows } = input;
    const from = refText(node?.original);
    const below = lock && node ? countInputsBelow(lock, node) : undefined;
    const detail = (label: string, description: string, ...abilities: Ability[]): ViewItem => ({
        id: `inputs/${encodeURIComponent(name)}/${label}`,
        label,
        description,
        tooltip: `${label}: ${codeText(description)}`,
        abilities,
        target,
    });
    const items = [
        revision === undefined ? undefined : detail(revisionLabel(revision), revision, "copy"),
        from === undefined ? undefined : detail("Locked from", from),
        lastModified === undefined
            ? undefined
            : detail("Last changed", changedText(lastModified, now)),
        follows === undefined ? undefined : detail("Follows", follows.join("/") || "this flake"),
        node?.isFlake === false ? detail("Kind", "files only, not a flake") : undefined,
        below === undefined ? undefined : detail("Its own inputs", belowText(below)),
    ];
    return items.filter((item) => item !== undefined);
}

function belowText({ own, all }: { own: number; all: number }): string {
    if (own === 0) return "none";
    return all > own ? `${own} (${all} with theirs)` : String(own);
}

function unlockedItem(name: string, { uri }: ViewFacts): ViewItem {
    return {
        id: `inputs/${encodeURIComponent(name)}`,
        label: name,
        description: "not locked yet",
        tooltip: `flake.nix names ${codeText(name)}, and flake.lock has no version of it.`,
        icon: "warning",
        isWarning: true,
        abilities: ["lock", "openInput"],
        action: "openInput",
        target: { folder: uri, input: name },
    };
}
