/** A part of a text that another takes the place of; an insertion where the part is empty. */
export interface TextEdit {
    /** Offsets in UTF-16 units of the text before any edit. */
    readonly from: number;
    readonly to: number;
    readonly text: string;
}

export function insertion(at: number, text: string): TextEdit {
    return { from: at, to: at, text };
}

/** The text after the edits, which do not overlap; those at one place keep their order. */
export function edited(text: string, edits: readonly TextEdit[]): string {
    const parts: string[] = [];
    let at = 0;
    for (const edit of [...edits].sort((a, b) => a.from - b.from)) {
        parts.push(text.slice(at, edit.from), edit.text);
        at = edit.to;
    }
    return [...parts, text.slice(at)].join("");
}

/** The smallest single edit that makes one text of another; undefined where they are equal. */
export function editBetween(before: string, after: string): TextEdit | undefined {
    if (before === after) return undefined;
    const shorter = Math.min(before.length, after.length);
    let start = 0;
    while (start < shorter && before[start] === after[start]) start++;
    let end = 0;
    while (end < shorter - start && before.at(-1 - end) === after.at(-1 - end)) end++;
    return {
        from: start,
        to: before.length - end,
        text: after.slice(start, after.length - end),
    };
}
