import type { SyntaxNode } from "@lezer/common";
import { bindings, children, type Binding } from "../syntax";
import type { ShellCall } from "./devShells";
import { notUnderstood, type FlakeEdit } from "./flakeEdit";
import { definitionOf, inherited, inheritedFrom } from "./scope";

/** An attribute of a dev shell, where its value is written. */
export type ShellAttribute =
    | { readonly kind: "bound"; readonly value: SyntaxNode; readonly binding: Binding }
    /** `inherit name;` of a `let`. */
    | { readonly kind: "inherited"; readonly value: SyntaxNode }
    /** It has it, but out of something that has to be evaluated. */
    | { readonly kind: "out of reach" };

export const LISTS = ["packages", "nativeBuildInputs", "buildInputs"] as const;

/** What usually stands before the lists of packages, in the order in which it is written. */
const BEFORE_LISTS = ["name", "pname", "inputsFrom", "checks", "stdenv", "strictDeps"];

/** The dev shell of that label, or an outcome that says why there is none. */
export function chosenShell(
    calls: readonly ShellCall[],
    label: string | undefined,
    text: string,
    snippet: string,
): ShellCall | FlakeEdit {
    const [only] = calls;
    if (only === undefined) return notUnderstood(whyNone(text), snippet);
    if (label === undefined && calls.length === 1) return only;
    const name = label ?? "default";
    const exact = calls.filter((call) => call.label === name);
    const meant = exact.length > 0 ? exact : calls.filter((it) => it.label?.endsWith(`.${name}`));
    const [first] = meant;
    if (first !== undefined && meant.length === 1) return first;
    if (calls.length === 1 && only.label === undefined) return only;
    const labels = (meant.length > 0 ? meant : calls).flatMap((call) => call.label ?? []);
    const areDistinct = new Set(labels).size === calls.length || meant.length === labels.length;
    if (labels.length > 1 && areDistinct && new Set(labels).size === labels.length) {
        return { kind: "several", shells: labels };
    }
    return notUnderstood(`it is not clear which of its shells is "${name}"`, snippet);
}

function whyNone(text: string): string {
    const file = /\b(?:import|callPackage)\s+(\.{1,2}\/[\w./+-]+)/.exec(text)?.[1];
    return file === undefined
        ? "no dev shell is made in it in a way that could be recognised"
        : `its dev shell seems to be made in another file (${file})`;
}

/** An attribute of the shell; undefined where it has none. */
export function shellAttribute(
    call: ShellCall,
    name: string,
    text: string,
): ShellAttribute | undefined {
    for (const part of [...call.parts].reverse()) {
        if (part.kind === "unknown") continue;
        const binding = bindings(part.set, text).find(
            ({ path }) => path.length === 1 && path[0] === name,
        );
        if (binding !== undefined) return { kind: "bound", value: binding.value, binding };
        const isIt = ({ from, to }: SyntaxNode): boolean => text.slice(from, to) === name;
        const taken = inherited(part.set).find(isIt);
        if (taken !== undefined) {
            const found = definitionOf(name, part.set, text);
            return found?.kind === "value"
                ? { kind: "inherited", value: found.value }
                : { kind: "out of reach" };
        }
        if (inheritedFrom(part.set).some(isIt)) return { kind: "out of reach" };
    }
    return undefined;
}

/** The set that takes attributes that the shell does not have; undefined where none is sure to. */
export function ownSet(call: ShellCall): SyntaxNode | undefined {
    const sets = call.parts.flatMap((part) => (part.kind === "set" ? [part.set] : []));
    return sets.length === call.parts.length ? sets.at(-1) : undefined;
}

/** The binding after which a list of packages belongs, in a set; undefined for its beginning. */
export function listAnchor(set: SyntaxNode, text: string): SyntaxNode | undefined {
    return lastOf(set, [...BEFORE_LISTS, ...LISTS], text);
}

export function lastOf(
    set: SyntaxNode,
    names: readonly string[],
    text: string,
): SyntaxNode | undefined {
    return bindings(set, text).findLast(({ path }) => names.includes(path[0] ?? ""))?.node;
}

/** The lists of packages that a shell has, as far as they are written out. */
export function shellLists(call: ShellCall, text: string): SyntaxNode[] {
    return LISTS.flatMap((name) => {
        const found = shellAttribute(call, name, text);
        return found === undefined || found.kind === "out of reach" ? [] : [found.value];
    });
}

/** The lists that `makeLibraryPath` is called with in a dev shell. */
export function libraryPaths(call: ShellCall, text: string): SyntaxNode[] {
    const found: SyntaxNode[] = [];
    for (const part of call.parts) {
        (part.kind === "set" ? part.set : part.node).cursor().iterate(({ node }) => {
            if (node.name !== "App") return;
            const [callee, argument] = children(node);
            if (callee === undefined || argument === undefined) return;
            if (/makeLibraryPath$/.test(text.slice(callee.from, callee.to))) found.push(argument);
        });
    }
    return found;
}
