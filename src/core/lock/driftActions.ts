import type { Drift } from "./drift";
import { driftWarnings, type DriftKind, type DriftWarning } from "./driftText";

/** Something that can be done about how the lock stands. */
export type DriftAction =
    | { readonly kind: "track"; readonly path: string }
    | { readonly kind: "commit" }
    /** Takes one of the sides of a conflict. */
    | { readonly kind: "resolve" }
    /** Tells git that a conflict is over. */
    | { readonly kind: "resolved" }
    | { readonly kind: "lock" }
    /** Drops a lock that can't be read, and takes the newest of everything. */
    | { readonly kind: "lock-anew" }
    | { readonly kind: "update"; readonly input: string }
    | { readonly kind: "update-some" }
    | { readonly kind: "check-updates" }
    | { readonly kind: "undo" }
    | { readonly kind: "show-changes" }
    | { readonly kind: "open"; readonly file: "flake.lock" | "flake.nix" }
    | { readonly kind: "ignore"; readonly warning: DriftWarning }
    | { readonly kind: "stop-ignoring" };

/**
 * What can be done, the best first, without what comes twice.
 *
 * @param canUndo whether our last change of the lock can be undone
 */
export function driftActions(
    drift: Drift,
    { ignored, canUndo }: { ignored: readonly DriftKind[]; canUndo: boolean },
): DriftAction[] {
    const warnings = driftWarnings(drift).filter(({ kind }) => !ignored.includes(kind));
    const actions: DriftAction[] = warnings.flatMap((warning) => mending(warning.kind, drift));
    if (canUndo) actions.push({ kind: "undo" });
    actions.push(...warnings.map((warning) => ({ kind: "ignore" as const, warning })));
    if (ignored.length > 0) actions.push({ kind: "stop-ignoring" });
    const seen = new Set<string>();
    return actions.filter((action) => {
        const text = driftActionText(action);
        return seen.size !== seen.add(text).size;
    });
}

/** The words for an action, for a list. */
export function driftActionText(action: DriftAction): string {
    switch (action.kind) {
        case "track":
            return `Add ${action.path} to Git`;
        case "commit":
            return "Commit flake.lock…";
        case "resolve":
            return "Resolve flake.lock…";
        case "resolved":
            return "Mark flake.lock as Resolved in Git";
        case "lock":
            return "Lock Flake";
        case "lock-anew":
            return "Lock Anew…";
        case "update":
            return `Update ${action.input}`;
        case "update-some":
            return "Update Input…";
        case "check-updates":
            return "Check for Updates";
        case "undo":
            return "Undo Last Update";
        case "show-changes":
            return "Show Lock Changes";
        case "open":
            return `Open ${action.file}`;
        case "ignore":
            return `Ignore “${action.warning.short}” in This Workspace`;
        case "stop-ignoring":
            return "Show Lock Warnings Again";
    }
}

function mending(kind: DriftKind, drift: Drift): DriftAction[] {
    const open: DriftAction = { kind: "open", file: "flake.lock" };
    const changes: DriftAction = { kind: "show-changes" };
    switch (kind) {
        case "invisible":
            return drift.invisible.map((path) => ({ kind: "track", path }));
        case "conflict":
            if (drift.trouble === undefined) return [{ kind: "resolved" }, changes, open];
            return [{ kind: "resolve" }, open, changes];
        case "unreadable":
            return [open, { kind: "lock-anew" }, changes];
        case "unsupported":
            return [{ kind: "lock-anew" }, open];
        case "missing":
            return [{ kind: "lock" }];
        case "ignored":
            return [{ kind: "commit" }, open];
        case "untracked":
            return [{ kind: "commit" }, { kind: "track", path: "flake.lock" }, open];
        case "stale":
            return [{ kind: "lock" }, { kind: "open", file: "flake.nix" }, open];
        case "toolchain":
            return drift.notes.flatMap((note) =>
                note.kind === "toolchain" ? [{ kind: "update", input: note.gap.input }] : [],
            );
        case "modified":
        case "staged":
            return [{ kind: "commit" }, changes, open];
        case "old":
            return [{ kind: "check-updates" }, { kind: "update-some" }];
    }
}
