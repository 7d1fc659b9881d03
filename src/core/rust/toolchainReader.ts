/**
 * What reads a project's toolchain file: an input of its flake, or rustup alone. They differ in
 * what they take: see `toolchainFileProblems.ts`.
 */
export type ToolchainReader = "rust-overlay" | "fenix" | "rustup";

/**
 * Finds who reads the toolchain file in the texts of a flake's nix files. It works on names only:
 * a flake that mentions none of them, or only in a comment, does not read the file.
 */
export function toolchainReader(nixTexts: Iterable<string>): ToolchainReader {
    for (const text of nixTexts) {
        const code = text.replace(/\/\*[^]*?\*\//g, "").replace(/(?<=^|[\s;{(])#.*$/gm, "");
        if (/\bfromRustupToolchain(?:File)?\b/.test(code)) return "rust-overlay";
        if (/\bfromToolchainFile\b/.test(code)) return "fenix";
    }
    return "rustup";
}
