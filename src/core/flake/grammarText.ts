/**
 * A text of nix with what the grammar does not know blanked out, so that every place is where it
 * was: escapes in strings (`''${`, `'''` and `''\` end an indented string for it, and `$${` begins
 * an interpolation), and the last comma of `{ a, b, }`, which is newer than the grammar. What is
 * interpolated into a path, `./nix/${name}.nix`, becomes letters of it, and so does an attribute
 * that is called `true` or `false`.
 */
export function grammarText(text: string): string {
    const parts: string[] = [];
    let kept = 0;
    const blank = (from: number, to: number): void => {
        parts.push(text.slice(kept, from), " ".repeat(to - from));
        kept = to;
    };
    /** What the text is inside of, the innermost last. */
    const inside: Kind[] = ["code"];
    /** Where an interpolation into a path begins, and how deep inside. */
    let path: { readonly from: number; readonly depth: number } | undefined;
    let lastPath = -1;
    const letters: { readonly from: number; readonly to: number }[] = [];
    for (let at = 0; at < text.length;) {
        const kind = inside.at(-1) ?? "code";
        TOKENS[kind].lastIndex = at;
        const [token = ""] = TOKENS[kind].exec(text) ?? [];
        const end = at + Math.max(token.length, 1);
        switch (kind) {
            case "code":
                if (token === '"') inside.push("string");
                else if (token === "''") inside.push("indented");
                else if (token === "{") {
                    if (path === undefined && isInPath(text, at, lastPath)) {
                        path = { from: at - 1, depth: inside.length };
                    }
                    inside.push("code");
                } else if (token === "}" && inside.length > 1) {
                    inside.pop();
                    if (path?.depth === inside.length) {
                        letters.push({ from: path.from, to: end });
                        [path, lastPath] = [undefined, end];
                    }
                } else if (token.startsWith(",")) blank(at, at + 1);
                else if (path === undefined && isBoolean(token) && isBinding(text, at, end)) {
                    letters.push({ from: at, to: end });
                }
                break;
            case "string":
                if (token === '"') inside.pop();
                else if (token === "${") inside.push("code");
                else if (token === "$$") blank(at, end);
                break;
            case "indented":
                if (token === "''") inside.pop();
                else if (token === "${") inside.push("code");
                else if (token === "$$" || token.startsWith("''")) blank(at, end);
                break;
        }
        at = end;
    }
    return lettered(parts.join("") + text.slice(kept), letters);
}

/** Whether the brace at a place begins an interpolation into a path: `./a/${`, and `/${` after one. */
function isInPath(text: string, at: number, lastPath: number): boolean {
    if (text[at - 1] !== "$") return false;
    const [run = ""] = PATH_BEFORE.exec(text.slice(Math.max(0, at - 1 - LONGEST), at - 1)) ?? [];
    return at - 1 - run.length === lastPath || (run.includes("/") && !run.includes("//"));
}

/** What a path can have before an interpolation. */
const PATH_BEFORE = /[\w.+~/-]*$/;

/** No path is longer, in UTF-16 units. */
const LONGEST = 300;

function isBoolean(token: string): boolean {
    return token === "true" || token === "false";
}

/** Whether a name is the first of a binding: `{ true.url = …; }`. */
function isBinding(text: string, from: number, to: number): boolean {
    return (
        /[{;]\s*$/.test(text.slice(Math.max(0, from - LONGEST), from)) &&
        /^\s*(?:\.|=(?!=))/.test(text.slice(to, to + LONGEST))
    );
}

/** A text with letters in some places. */
function lettered(
    text: string,
    places: readonly { readonly from: number; readonly to: number }[],
): string {
    let kept = 0;
    const parts = places.map(({ from, to }) => {
        const part = text.slice(kept, from) + "x".repeat(to - from);
        kept = to;
        return part;
    });
    return parts.join("") + text.slice(kept);
}

type Kind = "code" | "string" | "indented";

/**
 * Up to the end of a comment, and no further: where that could be any later one, too, a pattern that
 * fails after many comments would try all of them together. One without an end goes on to the text's.
 */
const COMMENT = String.raw`#.*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?`;

/** What can change the state, or hide something that could. All else is passed over. */
const TOKENS: Readonly<Record<Kind, RegExp>> = {
    // Names may have quotes at their end; a comma counts where nothing but a brace follows.
    code: new RegExp(
        String.raw`[A-Za-z_][\w'-]*|"|''|[{}]|${COMMENT}|,(?=(?:\s|${COMMENT})*\})|[^A-Za-z_"'{}#/,]+`,
        "y",
    ),
    string: /\\[^]|"|\$\$|\$\{|[^"\\$]+/y,
    indented: /''\$|'''|''\\[^]|''|\$\$|\$\{|[^'$]+/y,
};
