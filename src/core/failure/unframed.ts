/** What others write before a line: a time, a step of docker's, journald's unit, a quote's mark, the frame of nix-output-monitor. */
const PREFIX =
    /^(?:\d{4}-\d\d-\d\d[T ][\d:.,]{8,30}(?:Z|[+-]\d\d:?\d\d)?[ \t]+|#\d{1,4} \d{1,6}\.\d{1,3} ?|[A-Z][a-z]{2} [ \d]\d [\d:]{8} \S{1,100} \S{1,100}\[\d{1,9}\]: |[>┃] ?)/;
const ERROR = /^[ \t]*error:/;
const FRAME = /^[ \t]*… /;
/** How far nix indents an error within an error. */
const INDENT = 7;

/**
 * An error of nix that another program quoted, or that lost its beginning when it was copied, as
 * nix writes it; the text itself where there is none in it.
 */
export function unframed(text: string): string {
    const lines = text.split("\n").map((line) => line.replace(PREFIX, ""));
    const from = lines.findIndex((line) => ERROR.test(line) || FRAME.test(line));
    const first = lines[from] ?? "";
    const last = lines.findLast((line) => ERROR.test(line));
    if (last === undefined) return text;
    const before = lines.slice(0, from);
    const error = lines.slice(from);
    const isWhole = /^\s*error:\s*$/.test(first) && indentOf(last) > indentOf(first);
    if (isWhole || first.startsWith("error:")) {
        return [...before, ...error.map((line) => shifted(line, -indentOf(first)))].join("\n");
    }
    const missing = INDENT - indentOf(last);
    const [begin = "", ...rest] = error.map((line) => shifted(line, missing));
    // The cut may have gone through the first line's indentation.
    const indented = begin.startsWith(" ") ? begin : ` ${begin}`;
    return [...before, "error:", indented, ...rest].join("\n");
}

function indentOf(line: string): number {
    return line.search(/\S|$/);
}

/** A line further to the right, or to the left as far as there is space. */
function shifted(line: string, by: number): string {
    if (line.trim() === "") return "";
    return by < 0 ? line.slice(Math.min(-by, indentOf(line))) : " ".repeat(by) + line;
}
