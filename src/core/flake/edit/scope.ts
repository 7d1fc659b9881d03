import type { SyntaxNode } from "@lezer/common";
import { bare, bindings, children } from "../syntax";

/** How far expressions are followed: a file may say that a name is itself. */
const DEEPEST = 8;

/**
 * What a name stands for at a place: the value that a `let` or a `rec` set gives it, or just that a
 * function's argument or an `inherit` has it; undefined where only a `with` could.
 */
export type Definition =
    | { readonly kind: "value"; readonly value: SyntaxNode; readonly scope: SyntaxNode }
    | { readonly kind: "argument"; readonly scope: SyntaxNode };

export function definitionOf(name: string, at: SyntaxNode, text: string): Definition | undefined {
    for (let scope = at.parent; scope !== null; scope = scope.parent) {
        const found = definedIn(scope, name, text);
        if (found !== undefined) return found;
    }
    return undefined;
}

/** The sets that `with` opens around a place, from the inside out. */
export function withsAround(at: SyntaxNode): { set: SyntaxNode; node: SyntaxNode }[] {
    const result: { set: SyntaxNode; node: SyntaxNode }[] = [];
    for (let inner = at, node = at.parent; node !== null; inner = node, node = node.parent) {
        if (node.name !== "With") continue;
        const [set] = children(node);
        if (set !== undefined && set.from !== inner.from) result.push({ set, node });
    }
    return result;
}

/** An expression with the names in it that are defined nearby followed to their values. */
export function resolved(node: SyntaxNode, text: string): SyntaxNode {
    const seen = new Set<number>();
    for (let now = bare(node); ;) {
        if (now.name !== "Identifier" || seen.has(now.from)) return now;
        seen.add(now.from);
        const found = definitionOf(text.slice(now.from, now.to), now, text);
        if (found?.kind !== "value") return now;
        now = bare(found.value);
    }
}

/** What an expression comes to, as far as it is written: names, `let … in` and `with …;` are followed. */
export function finalValue(node: SyntaxNode, text: string, depth = 0): SyntaxNode {
    const value = resolved(node, text);
    const inner =
        value.name === "Let" || value.name === "With" ? children(value).at(-1) : undefined;
    return inner === undefined || depth > DEEPEST ? value : finalValue(inner, text, depth + 1);
}

/** The places that use a name as a value, in a scope. */
export function usesOf(name: string, scope: SyntaxNode, text: string): SyntaxNode[] {
    const uses: SyntaxNode[] = [];
    scope.cursor().iterate(({ node }) => {
        if (node.name !== "Identifier" || text.slice(node.from, node.to) !== name) return;
        const { parent } = node;
        // A name in `a.name`, or one that is being defined.
        if (parent?.name === "AttrPath" || parent?.name === "Formal") return;
        uses.push(node);
    });
    return uses;
}

/** The names that `inherit name;` takes into a set or a `let` from what is around it. */
export function inherited(node: SyntaxNode): SyntaxNode[] {
    const names: SyntaxNode[] = [];
    let isFrom = false;
    for (let child = node.firstChild; child !== null; child = child.nextSibling) {
        if (child.name === "inherit") isFrom = false;
        else if (child.name === "(") isFrom = true;
        else if (child.name === "Identifier" && !isFrom) names.push(child);
        else if (child.name === "in") break;
    }
    return names;
}

/** The parts of a function: `pattern: body`. */
export interface FunctionParts {
    /** The name for the whole argument: `inputs:` or `inputs@{ … }`. */
    readonly whole: SyntaxNode | undefined;
    /** The opening brace of `{ … }`; undefined for `inputs:`. */
    readonly brace: SyntaxNode | undefined;
    readonly formals: readonly SyntaxNode[];
    readonly ellipses: SyntaxNode | undefined;
    readonly body: SyntaxNode | undefined;
}

export function functionParts(node: SyntaxNode): FunctionParts {
    const parts = children(node);
    const formals = parts.filter(({ name }) => name === "Formal");
    const ellipses = parts.find(({ name }) => name === "Ellipses");
    const brace = node.getChild("{") ?? undefined;
    const rest = parts.filter((part) => part.name !== "Formal" && part.name !== "Ellipses");
    const body = rest.at(-1);
    const whole = rest.length > 1 && rest[0]?.name === "Identifier" ? rest[0] : undefined;
    return { whole, brace, formals, ellipses, body };
}

export function formalName(formal: SyntaxNode, text: string): string {
    const [name] = children(formal);
    return name === undefined ? "" : text.slice(name.from, name.to);
}

function definedIn(scope: SyntaxNode, name: string, text: string): Definition | undefined {
    switch (scope.name) {
        case "Let":
            return definedAmong(scope, name, text);
        case "AttrSet":
            return scope.parent?.name === "RecAttrSet"
                ? definedAmong(scope, name, text)
                : undefined;
        case "Function": {
            const { whole, formals } = functionParts(scope);
            const isIt =
                (whole !== undefined && text.slice(whole.from, whole.to) === name) ||
                formals.some((formal) => formalName(formal, text) === name);
            return isIt ? { kind: "argument", scope } : undefined;
        }
        default:
            return undefined;
    }
}

function definedAmong(scope: SyntaxNode, name: string, text: string): Definition | undefined {
    const bind = bindings(scope, text).find(({ path }) => path.length === 1 && path[0] === name);
    if (bind !== undefined) return { kind: "value", value: bind.value, scope };
    // What `inherit name;` names is defined further out, so only these count.
    const isTaken = inheritedFrom(scope).some(({ from, to }) => text.slice(from, to) === name);
    return isTaken ? { kind: "argument", scope } : undefined;
}

/** The names that `inherit (set) name;` takes out of a set. */
export function inheritedFrom(node: SyntaxNode): SyntaxNode[] {
    const names: SyntaxNode[] = [];
    let state: "outside" | "set" | "names" = "outside";
    for (let child = node.firstChild; child !== null; child = child.nextSibling) {
        if (child.name === "inherit" || child.name === "Bind") state = "outside";
        else if (child.name === "(") state = "set";
        else if (child.name === ")") state = "names";
        else if (child.name === "in") break;
        else if (child.name === "Identifier" && state === "names") names.push(child);
    }
    return names;
}
