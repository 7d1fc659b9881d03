import type { Environment } from "./environment";

/** What the editor adds for its own processes, and what an outer dev shell left behind. */
const NOT_PASSED_ON =
    /^(?:VSCODE_|ELECTRON_|NIX_GCROOT$|NIX_BUILD_TOP$|NIX_RUST_|shellHook$|stdenv$)/;

/** The environment that nix and the shellHook are started with. */
export function baseEnvironment(editor: Environment): Environment {
    return new Map([...editor].filter(([name]) => !NOT_PASSED_ON.test(name)));
}

/** The same for nix itself: it must not ask at a terminal that isn't there, nor translate errors. */
export function nixEnvironment(base: Environment): Environment {
    return new Map([
        ...base,
        ["GIT_TERMINAL_PROMPT", "0"],
        ["NIX_PAGER", "cat"],
        // gettext's own variable: LC_ALL=C would also make nix unable to unpack some file names.
        ["LANGUAGE", "en"],
    ]);
}
