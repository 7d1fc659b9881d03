import type { SyntaxNode } from "@lezer/common";
import { bindings, children } from "../syntax";
import { insertion, type TextEdit } from "./textEdit";

/** Up to which column a line is filled with more items, as nixfmt does. */
const WIDTH = 100;

export function endOfLine(text: string): string {
    return text.includes("\r\n") ? "\r\n" : "\n";
}

/** What one level of the file is indented by. */
export function indentUnit(text: string): string {
    return /^([ \t]+)[^\s#*]/m.exec(text)?.[1] ?? "  ";
}

/** The white space that the line of a place begins with. */
export function indentAt(text: string, at: number): string {
    return /^[ \t]*/.exec(text.slice(lineStart(text, at)))?.[0] ?? "";
}

export function isFirstOnLine(text: string, at: number): boolean {
    return text.slice(lineStart(text, at), at).trim() === "";
}

export function spansLines(text: string, { from, to }: { from: number; to: number }): boolean {
    return text.slice(from, to).includes("\n");
}

/** Where a line ends on which only a comment follows; else the place itself. */
export function afterComment(text: string, at: number): number {
    const rest = /^.*/.exec(text.slice(at))?.[0].replace(/\r$/, "") ?? "";
    return /^[ \t]*(#.*|\/\*(?:(?!\*\/).)*\*\/[ \t]*)$/.test(rest) ? at + rest.length : at;
}

/**
 * Adds items to a list in the way in which its items are laid out. Those of several lines, whose
 * levels are tabs, keep them only where the list has a line for each item.
 */
export function addToList(list: SyntaxNode, wanted: readonly string[], text: string): TextEdit[] {
    const eol = endOfLine(text);
    const last = children(list).at(-1);
    const items = wanted.map((item) => oneLine(item.split("\n")));
    if (last === undefined) return [fillList(list, items, text)];
    if (isFirstOnLine(text, last.from)) {
        const indent = indentAt(text, last.from);
        const at = afterComment(text, last.to);
        const lines = inUnits(
            wanted.flatMap((item) => item.split("\n")),
            text,
        );
        return [insertion(at, lines.map((line) => `${eol}${indent}${line}`).join(""))];
    }
    const indent = indentAt(text, last.from);
    const isFull = last.to - lineStart(text, last.to) + items.join(" ").length > WIDTH;
    const separator = isFull && spansLines(text, list) ? `${eol}${indent}` : " ";
    const added = items.map((item) => `${separator}${item}`).join("");
    return [insertion(last.to, added)];
}

function fillList(list: SyntaxNode, items: readonly string[], text: string): TextEdit {
    const eol = endOfLine(text);
    const close = list.to - 1;
    const content = text.slice(0, close).trimEnd().length;
    const outer = indentAt(text, list.from);
    if (spansLines(text, list)) {
        const inner = outer + indentUnit(text);
        return insertion(content, items.map((item) => `${eol}${inner}${item}`).join(""));
    }
    // The space that is there already stays before the closing bracket.
    const isTight = close === list.from + 1;
    const width = list.to - lineStart(text, list.from) + items.join(" ").length;
    if (items.length > 1 && width > WIDTH) {
        const inner = outer + indentUnit(text);
        const lines = items.map((item) => `${eol}${inner}${item}`).join("");
        return insertion(list.from + 1, `${lines}${eol}${isTight ? outer : outer.slice(1)}`);
    }
    return insertion(list.from + 1, ` ${items.join(" ")}${isTight ? " " : ""}`);
}

/** Adds a binding to a set: after `anchor`, else as the last. Tabs are the levels of its lines. */
export function addToSet(
    set: SyntaxNode,
    lines: readonly string[],
    text: string,
    anchor: SyntaxNode | undefined = bindings(set, text).at(-1)?.node,
): TextEdit {
    const eol = endOfLine(text);
    const outer = indentAt(text, set.from);
    const isTight = set.to === set.from + 2;
    if (text.slice(set.from + 1, set.to - 1).trim() === "" && (isTight || outer !== "")) {
        const inner = outer + indentUnit(text);
        const laidOut = inUnits(lines, text).map((line) => `${eol}${inner}${line}`);
        // A space or a break that is there already stays before the closing brace.
        const rest = spansLines(text, set) ? "" : eol + (isTight ? outer : outer.slice(1));
        return insertion(set.from + 1, laidOut.join("") + rest);
    }
    if (!spansLines(text, set)) {
        const binding = oneLine(lines);
        const at = anchor?.to ?? text.slice(0, set.to - 1).trimEnd().length;
        return insertion(at, ` ${binding}`);
    }
    const indent =
        anchor !== undefined && isFirstOnLine(text, anchor.from)
            ? indentAt(text, anchor.from)
            : indentAt(text, set.to - 1) + indentUnit(text);
    const gap = anchor !== undefined && standsApart(anchor, text) ? eol : "";
    const at =
        anchor === undefined
            ? text.slice(0, set.to - 1).trimEnd().length
            : afterComment(text, anchor.to);
    const laidOut = inUnits(lines, text).map((line) => `${eol}${indent}${line}`);
    return insertion(at, gap + laidOut.join(""));
}

/** Lines whose levels are tabs, with the file's own indentation. */
export function inUnits(lines: readonly string[], text: string): string[] {
    const unit = indentUnit(text);
    return lines.map((line) => line.replace(/^\t+/, (tabs) => unit.repeat(tabs.length)));
}

/** Lines that have levels, on one. */
export function oneLine(lines: readonly string[]): string {
    return lines.reduce((all, line) => {
        const part = line.trim();
        return all === "" || all.endsWith("(") || part.startsWith(")")
            ? all + part
            : `${all} ${part}`;
    }, "");
}

/** Lines as they are offered where there is no file whose layout they could have. */
export function pasted(lines: readonly string[]): string {
    return inUnits(lines, "").join("\n");
}

/** Adds a binding to a set before all others. */
export function addFirst(set: SyntaxNode, lines: readonly string[], text: string): TextEdit {
    const first = bindings(set, text)[0]?.node;
    if (first === undefined || !spansLines(text, set)) return addToSet(set, lines, text);
    const indent = isFirstOnLine(text, first.from)
        ? indentAt(text, first.from)
        : indentAt(text, set.to - 1) + indentUnit(text);
    const eol = endOfLine(text);
    const laidOut = inUnits(lines, text).map((line) => `${eol}${indent}${line}`);
    return insertion(afterComment(text, set.from + 1), laidOut.join(""));
}

/** Whether a binding has an empty line before it that is not the first in its set. */
function standsApart(node: SyntaxNode, text: string): boolean {
    const { prevSibling } = node;
    if (prevSibling === null || prevSibling.name === "{") return false;
    return /\n[ \t]*\r?\n/.test(text.slice(prevSibling.to, node.from));
}

function lineStart(text: string, at: number): number {
    return text.lastIndexOf("\n", at - 1) + 1;
}
