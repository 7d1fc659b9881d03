/**
 * The text of a Rust file without what is left out of a build: the items after `#[cfg(…)]` and the
 * blocks of `if cfg!(…)` whose condition does not hold. What can't be told apart stays.
 *
 * @param isActive answers for a condition as it is written: `cfg(feature = "x")`
 */
export function activeSource(text: string, isActive: (condition: string) => boolean): string {
    let kept = "";
    let from = 0;
    for (const match of text.matchAll(/#\[cfg(?=\()|\bif\s+cfg!(?=\()/g)) {
        if (match.index < from) continue;
        const start = match.index + match[0].length;
        const end = closing(text, start);
        if (end === undefined) break;
        if (isActive(`cfg${text.slice(start, end + 1)}`)) continue;
        kept += text.slice(from, match.index);
        from = match[0].startsWith("#") ? itemEnd(text, end + 2) : blockEnd(text, end + 1);
    }
    return kept + text.slice(from);
}

/** Strings and characters, in which brackets mean nothing, and brackets. */
const TOKENS = /"(?:[^"\\]|\\[^])*"|'(?:[^'\\]|\\.)'|[()[\]{};]/g;

const CLOSING: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };

/** Where the bracket ends that opens at a position. */
function closing(text: string, at: number): number | undefined {
    const open: string[] = [];
    TOKENS.lastIndex = at;
    for (let match = TOKENS.exec(text); match !== null; match = TOKENS.exec(text)) {
        const [token] = match;
        const close = CLOSING[token];
        if (close !== undefined) open.push(close);
        else if (token === open.at(-1)) open.pop();
        if (open.length === 0) return match.index;
    }
    return undefined;
}

/** Where an item ends: after its block, or after its semicolon. */
function itemEnd(text: string, at: number): number {
    TOKENS.lastIndex = at;
    for (let match = TOKENS.exec(text); match !== null; match = TOKENS.exec(text)) {
        const [token] = match;
        if (token === ";") return match.index + 1;
        if (CLOSING[token] === undefined) {
            if (/[)\]}]/.test(token)) return match.index;
            continue;
        }
        const end = closing(text, match.index);
        if (end === undefined) return text.length;
        if (token === "{") return end + 1;
        TOKENS.lastIndex = end + 1;
    }
    return text.length;
}

/** Where the block ends that follows a condition; nothing is left out where none does. */
function blockEnd(text: string, at: number): number {
    const block = /^\s*\{/.exec(text.slice(at, at + 100));
    if (block === null) return at;
    return (closing(text, at + block[0].length - 1) ?? text.length) + 1;
}
