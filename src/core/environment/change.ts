import type { Environment } from "./environment";

/**
 * One step from the base environment to the dev shell's.
 *
 * `prepend` and `append` exist for path lists only: `value` holds the entries that the dev shell
 * adds, joined by ":" and without the separator towards the old value. They keep what the user's
 * own shell adds to the list later.
 */
export type Change =
    | { readonly op: "set"; readonly name: string; readonly value: string }
    | { readonly op: "unset"; readonly name: string }
    | { readonly op: "prepend"; readonly name: string; readonly value: string }
    | { readonly op: "append"; readonly name: string; readonly value: string };

/** The environment that `changes` make of `base`. */
export function apply(changes: readonly Change[], base: Environment): Environment {
    const result = new Map(base);
    for (const change of changes) {
        const old = result.get(change.name);
        switch (change.op) {
            case "set":
                result.set(change.name, change.value);
                break;
            case "unset":
                result.delete(change.name);
                break;
            case "prepend":
                result.set(change.name, old ? `${change.value}:${old}` : change.value);
                break;
            case "append":
                result.set(change.name, old ? `${old}:${change.value}` : change.value);
                break;
        }
    }
    return result;
}

/** Whether two lists of changes have the same effect; their order within one name counts. */
export function sameChanges(a: readonly Change[], b: readonly Change[]): boolean {
    return a.length === b.length && a.every((change, i) => sameChange(change, b[i]));
}

function sameChange(a: Change, b: Change | undefined): boolean {
    if (b === undefined || a.op !== b.op || a.name !== b.name) return false;
    return a.op === "unset" || b.op === "unset" || a.value === b.value;
}
