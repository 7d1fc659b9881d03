import type { Range } from "./problem";

/** What a mistake can be in: a name with the attributes that are selected from it, or a string. */
const WORD = /[\w'-]+(?:\.[\w'-]+)*|<[\w./-]+>|"[^"\n]*"?|\S/y;

/** The word at a place as nix counts: from 1, columns in bytes. Without a column, the line's text. */
export function rangeAt(text: string, line: number, column: number | undefined): Range {
    const content = lineAt(text, line - 1);
    if (content === undefined) return rangeAt(text, 1, undefined);
    const start = column === undefined ? content.search(/\S|$/) : unitsOf(content, column - 1);
    WORD.lastIndex = start;
    const word = column === undefined ? content.trim() : (WORD.exec(content)?.[0] ?? "");
    const row = line - 1;
    return { line: row, column: start, endLine: row, endColumn: start + word.length };
}

/** A stretch of text in UTF-16 units. */
export function rangeOf(text: string, from: number, to: number): Range {
    const [line, column] = position(text, from);
    const [endLine, endColumn] = position(text, to);
    return { line, column, endLine, endColumn };
}

/** Where a place as nix counts is in the text, in UTF-16 units. */
export function offsetAt(text: string, { line, column }: Range): number {
    let start = 0;
    for (let n = 0; n < line; n++) {
        const end = text.indexOf("\n", start);
        if (end < 0) return text.length;
        start = end + 1;
    }
    return Math.min(start + column, text.length);
}

function lineAt(text: string, line: number): string | undefined {
    return text.split("\n")[line]?.replace(/\r$/, "");
}

/** Bytes of UTF-8 as UTF-16 units. */
function unitsOf(text: string, bytes: number): number {
    return Buffer.from(text, "utf8").subarray(0, bytes).toString("utf8").length;
}

function position(text: string, offset: number): [number, number] {
    const before = text.slice(0, offset).split("\n");
    return [before.length - 1, before.at(-1)?.length ?? 0];
}
