import type { SyntaxNode } from "@lezer/common";
import { bare, children } from "../syntax";
import { addToList, oneLine } from "./layout";
import { definitionOf, usesOf } from "./scope";
import { insertion, type TextEdit } from "./textEdit";

/** Where a value that is a list can take more items. */
export interface ListPlace {
    /** Whose surroundings say which names are in reach. */
    readonly at: SyntaxNode;
    /** The items that are there in the same list. */
    readonly items: readonly SyntaxNode[];
    readonly add: (items: readonly string[]) => TextEdit[];
    /** Adds another list's expression behind the value: `++ …`. */
    readonly append: (expression: string) => TextEdit[];
    /** The value as a whole. */
    readonly value: SyntaxNode;
}

/** Whether a list that is named elsewhere may be changed there. */
export type Reach = "own uses" | "all uses";

export function listPlace(value: SyntaxNode, reach: Reach, text: string): ListPlace {
    const list = ownList(value, reach, text);
    const base = list ?? value;
    const append = (expression: string): TextEdit[] => appended(base, expression, text);
    if (list === undefined) {
        const add = (items: readonly string[]): TextEdit[] =>
            append(`[ ${items.map((item) => oneLine(item.split("\n"))).join(" ")} ]`);
        return { at: innermost(value), items: [], add, append, value };
    }
    return {
        at: list,
        items: children(list),
        add: (items) => addToList(list, items, text),
        append,
        value: base,
    };
}

/** A list in `lib.optionals CONDITION [ … ]` among the operands of a value. */
export function conditionalList(
    value: SyntaxNode,
    condition: RegExp,
    text: string,
): SyntaxNode | undefined {
    for (const operand of operandsOf(innermost(value), text)) {
        const node = bare(operand);
        if (node.name !== "App") continue;
        const [call, list] = children(node);
        if (call === undefined || list === undefined) continue;
        const source = text.slice(call.from, call.to);
        if (!/optionals\b/.test(source) || /[!&|]|isDarwin.*isLinux/.test(source)) continue;
        const found = condition.test(source) ? ownList(list, "own uses", text) : undefined;
        if (found !== undefined) return found;
    }
    return undefined;
}

/** The literal list that is always part of a value. */
function ownList(value: SyntaxNode, reach: Reach, text: string, depth = 0): SyntaxNode | undefined {
    const node = innermost(value);
    switch (node.name) {
        case "List":
            return node;
        case "BinaryExpr":
            for (const operand of operandsOf(node, text)) {
                const list = innermost(operand);
                if (list.name === "List") return list;
            }
            return undefined;
        case "Identifier": {
            const name = text.slice(node.from, node.to);
            const found = definitionOf(name, node, text);
            if (found?.kind !== "value") return undefined;
            const isShared = usesOf(name, found.scope, text).length > 1;
            if (isShared && reach === "own uses") return undefined;
            // A file may say that a name is itself.
            return depth > 8 ? undefined : ownList(found.value, reach, text, depth + 1);
        }
        default:
            return undefined;
    }
}

/** What `with …;`, `let … in` and brackets are around. */
function innermost(value: SyntaxNode): SyntaxNode {
    const node = bare(value);
    if (node.name !== "With" && node.name !== "Let") return node;
    const body = children(node).at(-1);
    return body === undefined ? node : innermost(body);
}

/** `a`, `b`, `c` of `a ++ b ++ c`; the value itself where it is no such chain. */
function operandsOf(node: SyntaxNode, text: string): SyntaxNode[] {
    if (!isConcatenation(node, text)) return [node];
    return children(node).flatMap((operand) => operandsOf(operand, text));
}

function isConcatenation(node: SyntaxNode, text: string): boolean {
    if (node.name !== "BinaryExpr") return false;
    const [left, right] = children(node);
    return (
        left !== undefined &&
        right !== undefined &&
        text
            .slice(left.to, right.from)
            .replace(/#.*|\/\*[^]*?\*\//g, "")
            .trim() === "++"
    );
}

function appended(value: SyntaxNode, expression: string, text: string): TextEdit[] {
    const inner = value.name === "With" || value.name === "Let" ? innermost(value) : value;
    const isOperand =
        ["List", "App", "Select", "Identifier", "Parenthesized"].includes(inner.name) ||
        isConcatenation(inner, text);
    // A function's argument and a list's item end where the next begins.
    const isOpen = inner.parent !== null && !["App", "List", "Select"].includes(inner.parent.name);
    if (isOperand && isOpen) {
        const next = /^(\r?\n[ \t]*)\+\+/.exec(text.slice(inner.to))?.[1];
        const separator = next ?? operatorBreak(inner, text) ?? " ";
        return [insertion(inner.to, `${separator}++ ${expression}`)];
    }
    if (isOperand) return [insertion(inner.from, "("), insertion(inner.to, ` ++ ${expression})`)];
    return [insertion(inner.from, `${expression} ++ (`), insertion(inner.to, ")")];
}

/** The break and indentation before the last `++` of a chain whose lines begin with them. */
function operatorBreak(chain: SyntaxNode, text: string): string | undefined {
    const [, last] = chain.name === "BinaryExpr" ? children(chain) : [];
    return last && /(\r?\n[ \t]*)\+\+\s*$/.exec(text.slice(chain.from, last.from))?.[1];
}
