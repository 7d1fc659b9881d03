/**
 * A text of nix with what the grammar does not know blanked out, so that every place is where it
 * was: escapes in strings (`''${`, `'''` and `''\` end an indented string for it, and `$${` begins
 * an interpolation), and the last comma of `{ a, b, }`, which is newer than the grammar.
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
    for (let at = 0; at < text.length;) {
        const kind = inside.at(-1) ?? "code";
        TOKENS[kind].lastIndex = at;
        const [token = ""] = TOKENS[kind].exec(text) ?? [];
        const end = at + Math.max(token.length, 1);
        switch (kind) {
            case "code":
                if (token === '"') inside.push("string");
                else if (token === "''") inside.push("indented");
                else if (token === "{") inside.push("code");
                else if (token === "}" && inside.length > 1) inside.pop();
                else if (token.startsWith(",")) blank(at, at + 1);
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
    return parts.join("") + text.slice(kept);
}

type Kind = "code" | "string" | "indented";

/** What can change the state, or hide something that could. All else is passed over. */
const TOKENS: Readonly<Record<Kind, RegExp>> = {
    // Names may have quotes at their end; a comma counts where nothing but a brace follows.
    code: /[A-Za-z_][\w'-]*|"|''|[{}]|#.*|\/\*[^]*?\*\/|,(?=(?:\s|#.*|\/\*[^]*?\*\/)*\})|[^A-Za-z_"'{}#/,]+/y,
    string: /\\[^]|"|\$\$|\$\{|[^"\\$]+/y,
    indented: /''\$|'''|''\\[^]|''|\$\$|\$\{|[^'$]+/y,
};
