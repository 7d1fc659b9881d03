import type { SyntaxNode } from "@lezer/common";
import { bindings, children, type Binding } from "../syntax";
import { LISTS, type ShellCall } from "./devShells";
import { definitionOf, inherited, inheritedFrom } from "./scope";

/** An attribute of a dev shell, where its value is written. */
export type ShellAttribute =
    | {
          readonly kind: "bound";
          readonly value: SyntaxNode;
          readonly binding: Binding;
          /** Whether the set that it is in is not the shell's alone. */
          readonly isShared: boolean;
      }
    /** `inherit name;` of a `let`. */
    | { readonly kind: "inherited"; readonly value: SyntaxNode }
    /** It has it, but out of something that has to be evaluated. */
    | { readonly kind: "out of reach" };

/** What usually stands before the lists of packages, in the order in which it is written. */
const BEFORE_LISTS = ["name", "pname", "inputsFrom", "checks", "stdenv", "strictDeps"];

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
        if (binding !== undefined) {
            const { isShared } = part;
            return { kind: "bound", value: binding.value, binding, isShared };
        }
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
export function ownSet({ parts }: ShellCall): SyntaxNode | undefined {
    if (parts.some(({ kind }) => kind === "unknown")) return undefined;
    const own = parts.findLast((part) => part.kind === "set" && !part.isShared);
    return own?.kind === "set" ? own.set : undefined;
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
