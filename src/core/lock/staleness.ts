import type { DeclaredInput } from "../flake/inputs";
import { sameReference } from "./flakeRef";
import { resolveInput, type LockFile } from "./lockFile";

/** An input of flake.nix that flake.lock does not have as flake.nix wants it. */
export interface StaleInput {
    /** As nix names it on its command line: `a`, or `a/b` for an input of an input. */
    readonly name: string;
    readonly why: "not-locked" | "not-declared" | "other-reference" | "other-follows";
}

/** Compares what flake.nix declares with what flake.lock holds. What can't be told is not told. */
export function staleInputs(declared: readonly DeclaredInput[], lock: LockFile): StaleInput[] {
    const root = lock.nodes.get(lock.root);
    const names = new Set(declared.map(({ name }) => name));
    const stale: StaleInput[] = [];
    for (const name of root?.inputs.keys() ?? []) {
        if (!names.has(name)) stale.push({ name, why: "not-declared" });
    }
    for (const input of declared) {
        const edge = root?.inputs.get(input.name);
        if (edge === undefined) stale.push({ name: input.name, why: "not-locked" });
        else if (!isLockedAs(input, edge, lock)) {
            const why = input.follows === undefined ? "other-reference" : "other-follows";
            stale.push({ name: input.name, why });
        }
        stale.push(...staleOverrides(input, lock));
    }
    return stale;
}

function isLockedAs(
    { follows, reference }: DeclaredInput,
    edge: string | readonly string[],
    lock: LockFile,
): boolean {
    if (follows !== undefined) return isPath(edge, follows);
    if (typeof edge !== "string") return false;
    const original = lock.nodes.get(edge)?.original;
    if (reference === undefined || original === undefined) return true;
    return sameReference(reference, original) ?? true;
}

/** Only a missing `follows` shows in the lock: one that was dropped may be the input's own. */
function staleOverrides({ name, overrides }: DeclaredInput, lock: LockFile): StaleInput[] {
    const inputs = resolveInput(lock, [name])?.inputs;
    return [...overrides].flatMap(([input, follows]) => {
        const edge = inputs?.get(input);
        // An override of an input that does not exist is a warning of nix, and changes nothing.
        if (edge === undefined || isPath(edge, follows)) return [];
        return [{ name: `${name}/${input}`, why: "other-follows" as const }];
    });
}

function isPath(edge: string | readonly string[], path: readonly string[]): boolean {
    return typeof edge !== "string" && edge.join("/") === path.join("/");
}
