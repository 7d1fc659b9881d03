import type { Change } from "./change";
import type { Dump } from "./dump";
import type { Environment } from "./environment";
import { omissionReason, type Omission, type OmissionReason } from "./omission";

/** What turns a base environment into the dev shell's, and what was left out of that. */
export interface Delta {
    /** Sorted by name. */
    readonly changes: readonly Change[];
    /** Sorted by name. */
    readonly omitted: readonly Omission[];
}

/** The user's exceptions to the rules of omission: exact names, or patterns with `*`. */
export interface Exceptions {
    readonly keepOut: readonly string[];
    readonly letIn: readonly string[];
}

export interface DeltaRequest {
    /** The environment that the dev shell was entered from, with {@link marker} first in PATH. */
    readonly base: Environment;
    readonly shell: Dump;
    /** A PATH entry that exists nowhere; it tells what the shell put before and after the base. */
    readonly marker: string;
    /** The private folder of this capture; what points into it is gone afterwards. */
    readonly temporary: string;
    readonly exceptions: Exceptions;
}

/** Lists of folders in which the user's own entries must survive (besides PATH). */
const PATH_LIST = /(?:PATH|_DIRS)$/;

/** Lists that every program searches whole; nix 2.8 replaces them where later ones prepend. */
const SEARCHED_WHOLE = /^XDG_\w+_DIRS$/;

/** What nix's builder has as PATH where the derivation sets none. */
const NO_PATH = "/path-not-set";

/** The changes from `base` to `shell`. Takes time linear in the number of variables. */
export function deltaOf(request: DeltaRequest): Delta {
    const { base, shell, marker, temporary, exceptions } = request;
    const keptOut = matcher(exceptions.keepOut);
    const letIn = matcher(exceptions.letIn);
    const changes: Change[] = [];
    const omitted: Omission[] = [];
    const reasonFor = (name: string, value: string): OmissionReason | undefined => {
        if (keptOut(name)) return "kept-out";
        const reason =
            omissionReason(name, value) ?? (value.includes(temporary) ? "temporary" : undefined);
        // Nobody can want that no program starts any more.
        return reason !== "too-large" && letIn(name) ? undefined : reason;
    };

    for (const [name, value] of shell.variables) {
        const old = base.get(name);
        if (name === "PATH") {
            if (keptOut(name)) omitted.push({ name, reason: "kept-out" });
            else changes.push(...pathChanges(old, value, marker, temporary));
            continue;
        }
        if (value === (old ?? (PATH_LIST.test(name) ? "" : undefined))) continue;
        const reason = reasonFor(name, value);
        if (reason === undefined) changes.push(...changesOf(name, old, value));
        else omitted.push({ name, reason });
    }
    for (const name of shell.notText) {
        omitted.push({ name, reason: keptOut(name) ? "kept-out" : "not-text" });
    }
    const stillThere = new Set([...shell.variables.keys(), ...shell.notText]);
    for (const [name, old] of base) {
        if (stillThere.has(name)) continue;
        const reason = reasonFor(name, old);
        if (reason === undefined) changes.push({ op: "unset", name });
        else omitted.push({ name, reason });
    }
    return { changes: changes.sort(byName), omitted: omitted.sort(byName) };
}

function changesOf(name: string, old: string | undefined, value: string): Change[] {
    if (old && SEARCHED_WHOLE.test(name)) {
        const known = new Set(old.split(":"));
        const added = value.split(":").filter((entry) => entry !== "" && !known.has(entry));
        return added.length === 0 ? [] : [{ op: "prepend", name, value: added.join(":") }];
    }
    if (old && PATH_LIST.test(name)) {
        if (value.endsWith(`:${old}`)) {
            return [{ op: "prepend", name, value: value.slice(0, -old.length - 1) }];
        }
        if (value.startsWith(`${old}:`)) {
            return [{ op: "append", name, value: value.slice(old.length + 1) }];
        }
    }
    return [{ op: "set", name, value }];
}

/**
 * PATH is entered with a marker first, so what the shell prepended stands before the marker and
 * what it appended stands after the base. A shell that threw the caller's PATH away has no marker:
 * then its PATH is taken as it is.
 */
function pathChanges(
    base: string | undefined,
    value: string,
    marker: string,
    temporary: string,
): Change[] {
    const lasting = (list: string): string =>
        list
            .split(":")
            .filter((entry) => entry !== "" && entry !== NO_PATH && !entry.startsWith(temporary))
            .join(":");
    const entries = value.split(":");
    const at = entries.indexOf(marker);
    if (at === -1) {
        return base === value ? [] : [{ op: "set", name: "PATH", value: lasting(value) }];
    }
    const changes: Change[] = [];
    const before = lasting(entries.slice(0, at).join(":"));
    if (before !== "") changes.push({ op: "prepend", name: "PATH", value: before });
    const rest = entries.slice(at).join(":");
    if (base !== undefined && rest.startsWith(`${base}:`)) {
        const after = lasting(rest.slice(base.length + 1));
        if (after !== "") changes.push({ op: "append", name: "PATH", value: after });
    }
    return changes;
}

function matcher(patterns: readonly string[]): (name: string) => boolean {
    if (patterns.length === 0) return () => false;
    const alternatives = patterns.map((pattern) =>
        pattern.replace(/[.+?^${}()|[\]\\]/g, "\\$&").replaceAll("*", ".*"),
    );
    const expression = new RegExp(`^(?:${alternatives.join("|")})$`);
    return (name) => expression.test(name);
}

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
    return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
