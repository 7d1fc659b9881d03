/** A name as nix lets it stand without quotes. */
const IDENTIFIER = /^[A-Za-z_][\w'-]*$/;

const KEYWORDS: ReadonlySet<string> = new Set(
    "assert else if in inherit let or rec then with".split(" "),
);

export function isIdentifier(name: string): boolean {
    return IDENTIFIER.test(name) && !KEYWORDS.has(name);
}

/** Whether it names a package: `openssl`, `python3Packages.numpy`. */
export function isAttributePath(path: string): boolean {
    return path.split(".").every(isIdentifier);
}

/** A string literal of nix. */
export function nixString(text: string): string {
    const escaped = text
        .replace(/["\\]|\$(?=\{)/g, "\\$&")
        .replaceAll("\n", "\\n")
        .replaceAll("\r", "\\r")
        .replaceAll("\t", "\\t");
    return `"${escaped}"`;
}
