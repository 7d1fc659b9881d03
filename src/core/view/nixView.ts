import { driftNotes, driftWarning, driftWarnings } from "../lock/driftText";
import { parseLock, type LockFile } from "../lock/lockFile";
import type { Drift, DriftState } from "../lock/drift";
import { escapeMarkdown } from "../markdown";
import { inputItems } from "./inputItems";
import { shellSection } from "./shellItems";
import { toolchainSection } from "./toolchainItems";
import type { ViewFacts } from "./viewFacts";
import type { ViewItem } from "./viewItem";

/** The sections of the view "Nix" for a folder with a flake; nothing for one without. */
export function nixView(facts: ViewFacts): ViewItem[] {
    if (facts.project.flake === undefined) return [];
    const parsed = facts.lockText === undefined ? undefined : parseLock(facts.lockText);
    const lock = parsed && "nodes" in parsed ? parsed : undefined;
    return [
        inputSection(lock, facts),
        lockSection(lock, facts),
        toolchainSection(facts),
        shellSection(facts),
    ];
}

function inputSection(lock: LockFile | undefined, facts: ViewFacts): ViewItem {
    const items = inputItems(lock, facts);
    return {
        id: "inputs",
        label: "Inputs",
        description: items.length === 0 ? "none" : String(items.length),
        tooltip:
            "What the flake is made from. flake.nix names each input, and flake.lock says at which revision it is taken.",
        icon: "library",
        abilities: lock === undefined || items.length === 0 ? [] : ["updateAll"],
        target: { folder: facts.uri },
        children: () => items,
        isOpen: true,
    };
}

function lockSection(lock: LockFile | undefined, facts: ViewFacts): ViewItem {
    const { drift, lockText, uri } = facts;
    const warning = driftWarning(drift, facts.ignoredDrift);
    const isThere = lockText !== undefined;
    const isKept = isThere && facts.project.isKept === true;
    const holds = (...states: DriftState[]): boolean =>
        drift !== undefined && [drift.state, ...drift.also].some((it) => states.includes(it));
    const states = stateItems(lock, facts);
    return {
        id: "lock",
        label: "flake.lock",
        description:
            warning !== undefined
                ? withoutFile(warning.short)
                : isKept
                  ? "kept outside of the folder"
                  : shortState(drift),
        tooltip: "The file that keeps the exact version of every input, so that all get the same.",
        icon: warning === undefined ? "lock" : "warning",
        ...(warning !== undefined && { isWarning: true }),
        abilities: [
            ...(isThere ? (["openLock", "showChanges"] as const) : []),
            ...(holds("missing", "stale") ? (["lock"] as const) : []),
            ...(holds("untracked", "modified", "staged") ? (["commit"] as const) : []),
        ],
        ...(isThere && { action: "openLock" as const }),
        target: { folder: uri },
        children: () => states,
    };
}

function stateItems(
    lock: LockFile | undefined,
    { drift, lockText, project, uri }: ViewFacts,
): ViewItem[] {
    const target = { folder: uri };
    const warnings = drift === undefined ? [] : driftWarnings(drift);
    const notes = drift === undefined ? [] : driftNotes(drift);
    const isFine = warnings.length === 0;
    const fine = !isFine ? undefined : project.isKept === true ? KEPT : longState(drift);
    const sentences = [
        ...(fine === undefined ? [] : [{ label: fine, text: fine, icon: "pass" }]),
        ...warnings.map(({ short, long }) => ({
            label: capitalised(withoutFile(short)),
            text: long,
            icon: "warning",
        })),
        ...notes.map((text) => ({ label: text, text, icon: "info" })),
    ];
    const size: ViewItem[] =
        lockText === undefined
            ? []
            : [
                  {
                      id: "lock/size",
                      label: "Size",
                      description: sizeText(lock, lockText),
                      tooltip: "A node is an input, or an input of an input, at one revision.",
                      abilities: [],
                      target,
                  },
              ];
    return [
        ...sentences.map(({ label, text, icon }, i): ViewItem => {
            const isWarning = icon === "warning";
            return {
                id: `lock/state/${i}`,
                label,
                description: label === text ? "" : text,
                tooltip: escapeMarkdown(text),
                icon,
                ...(isWarning && { isWarning, action: "showActions" }),
                abilities: [],
                target,
            };
        }),
        ...size,
    ];
}

/** A lock of a flake that is kept for the folder is in no repository. */
const KEPT = "Fits flake.nix; both are kept outside of the folder";

function shortState(drift: Drift | undefined): string {
    if (drift?.state === "clean") return drift.inputs.length === 0 ? "not needed" : "committed";
    return drift?.state === "no-git" ? "no git repository" : "";
}

/** Where nothing is wrong; for what can't be told, the notes have the reason. */
function longState(drift: Drift | undefined): string | undefined {
    if (drift?.state === "clean") {
        return drift.inputs.length === 0
            ? "The flake has no inputs, so nothing needs to be locked"
            : "Committed, and fits flake.nix";
    }
    return drift?.state === "no-git" ? "Fits flake.nix; in no git repository" : undefined;
}

/** The line is about flake.lock already. */
function withoutFile(text: string): string {
    return text.replace(/^flake\.lock (?:is )?/, "");
}

function capitalised(text: string): string {
    return `${text.slice(0, 1).toUpperCase()}${text.slice(1)}`;
}

function sizeText(lock: LockFile | undefined, text: string): string {
    const bytes = Buffer.byteLength(text);
    const size = bytes < 1_000 ? `${bytes} bytes` : `${(bytes / 1_000).toFixed(1)} kB`;
    if (lock === undefined) return size;
    const nodes = lock.nodes.size - 1;
    return `${nodes} ${nodes === 1 ? "node" : "nodes"}, ${size}`;
}
