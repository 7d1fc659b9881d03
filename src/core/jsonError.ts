const SPACE = /[ \t\r\n]*/y;
const SCALAR =
    /"(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*"|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;

/**
 * Where a text stops being JSON, as an offset in UTF-16 units; undefined where it is JSON.
 * `JSON.parse` tells that only for some mistakes.
 */
export function jsonErrorOffset(text: string): number | undefined {
    /** What closes the arrays and objects that are open. */
    const open: ("]" | "}")[] = [];
    let at = 0;
    const skip = (pattern: RegExp): boolean => {
        pattern.lastIndex = at;
        const matched = pattern.exec(text)?.[0];
        at += matched?.length ?? 0;
        return matched !== undefined;
    };
    const take = (character: string): boolean => {
        if (text[at] !== character) return false;
        at += 1;
        skip(SPACE);
        return true;
    };
    /** The name of a member and its colon. */
    const takeName = (): boolean => text[at] === '"' && skip(SCALAR) && skip(SPACE) && take(":");

    skip(SPACE);
    for (;;) {
        // A value is expected here.
        if (take("{")) {
            open.push("}");
            if (text[at] !== "}") {
                if (!takeName()) return at;
                continue;
            }
        } else if (take("[")) {
            open.push("]");
            if (text[at] !== "]") continue;
        } else if (!skip(SCALAR)) {
            return at;
        }
        skip(SPACE);
        // A value is complete here, or a container is empty.
        for (let close = open.at(-1); close !== undefined && take(close); close = open.at(-1)) {
            open.pop();
        }
        if (open.length === 0) return at === text.length ? undefined : at;
        if (!take(",") || (open.at(-1) === "}" && !takeName())) return at;
    }
}
