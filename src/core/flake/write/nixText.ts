/** Words of the language, which can't be attribute names without quotes. */
const KEYWORDS = new Set([
    "assert",
    "else",
    "if",
    "in",
    "inherit",
    "let",
    "or",
    "rec",
    "then",
    "with",
]);

/** A Nix string that stands for exactly this text: nothing in it is evaluated. */
export function nixString(text: string): string {
    const escaped = text
        .replace(/["\\]/g, "\\$&")
        .replace(/\$(?=\{)/g, "\\$&")
        .replaceAll("\n", "\\n")
        .replaceAll("\r", "\\r")
        .replaceAll("\t", "\\t")
        // Nix takes no NUL, and a control character would not be seen by who reads the file.
        .replace(/[\u0000-\u001f\u007f]/g, "");
    return `"${escaped}"`;
}

/** A name as it is written in an attribute set: in quotes where it is no identifier. */
export function nixName(name: string): string {
    return isIdentifier(name) ? name : nixString(name);
}

/** Whether a name needs no quotes as an attribute, and can be a variable. */
export function isIdentifier(name: string): boolean {
    return /^[A-Za-z_][\w'-]*$/.test(name) && !KEYWORDS.has(name);
}

/**
 * A path of the flake's own tree, relative to flake.nix, with `/` between its parts; "" is the
 * folder of flake.nix itself. Nix's literal paths have no spaces and few other signs.
 */
export function nixPath(relative: string): string {
    if (relative === "") return "./.";
    if (/^[\w.+/-]+$/.test(relative)) {
        const literal = /^\.\.(?:\/|$)/.test(relative) ? relative : `./${relative}`;
        return literal.endsWith("..") ? `${literal}/.` : literal;
    }
    return `(./. + ${nixString(`/${relative}`)})`;
}

/** Text for a comment: one line, whatever a file's name or a description holds. */
export function commentText(text: string): string {
    return text.replace(/\s+/g, " ").trim();
}
