import type { Environment } from "./environment";

/** What the editor adds for its own processes, and what an outer dev shell or git hook left behind. */
const NOT_PASSED_ON =
    /^(?:VSCODE_|ELECTRON_|NIX_GCROOT$|NIX_BUILD_TOP$|NIX_RUST_|shellHook$|stdenv$|GIT_(?:DIR|WORK_TREE|COMMON_DIR|INDEX_FILE|OBJECT_DIRECTORY|PREFIX)$)/;

/** The environment that nix and the shellHook are started with. */
export function baseEnvironment(editor: Environment): Environment {
    return new Map([...editor].filter(([name]) => !NOT_PASSED_ON.test(name)));
}

/**
 * The same for nix itself: it must not ask at a terminal that isn't there, nor translate errors, and
 * the `git diff` that old versions of it run must not write to the repository's index.
 */
export function nixEnvironment(base: Environment): Environment {
    const settings = Number(base.get("GIT_CONFIG_COUNT") ?? "0") || 0;
    return new Map([
        ...base,
        ["GIT_TERMINAL_PROMPT", "0"],
        ["GIT_CONFIG_COUNT", String(settings + 1)],
        [`GIT_CONFIG_KEY_${settings}`, "diff.autoRefreshIndex"],
        [`GIT_CONFIG_VALUE_${settings}`, "false"],
        ["NIX_PAGER", "cat"],
        // gettext's own variable: LC_ALL=C would also make nix unable to unpack some file names.
        ["LANGUAGE", "en"],
    ]);
}
