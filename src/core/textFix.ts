import type { TextEdit } from "./flake/edit/textEdit";

/** A stretch of text, in UTF-16 units. */
export interface Span {
    readonly from: number;
    readonly to: number;
}

/** Replacements in one file that mend a problem, all of them together. */
export interface TextFix {
    /** What they do, for a menu. */
    readonly title: string;
    readonly edits: readonly TextEdit[];
}

/** Replaces one stretch of a text. */
export function replacement({ from, to }: Span, text: string, title: string): TextFix {
    return { title, edits: [{ from, to, text }] };
}
