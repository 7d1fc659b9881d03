import { existsSync, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";
import { apply, type Change } from "../environment/change";
import type { Environment } from "../environment/environment";

/** The folder that `cargo install` and rustup put programs into. */
export function cargoBin(env: Environment, home: string): string {
    return join(env.get("CARGO_HOME") || join(home, ".cargo"), "bin");
}

/**
 * The changes with cargo's own folder at the end of PATH, where it exists and PATH lacks it.
 *
 * Cargo looks for the program of `cargo NAME` in that folder before it looks on PATH, unless PATH
 * has the folder; then it goes by PATH alone (cargo's src/bin/cargo/main.rs, `search_directories`).
 * So this is what lets the dev shell's own subcommands win over the user's.
 */
export function withCargoBin(changes: readonly Change[], base: Environment): Change[] {
    const env = apply(changes, base);
    const home = env.get("HOME");
    if (home === undefined) return [...changes];
    const folder = cargoBin(env, home);
    const path = (env.get("PATH") ?? "").split(delimiter);
    if (path.includes(folder) || !existsSync(folder)) return [...changes];
    const end = changes.findLastIndex(({ name }) => name === "PATH");
    const last = changes[end];
    return last?.op === "append"
        ? changes.with(end, { ...last, value: `${last.value}${delimiter}${folder}` })
        : changes.toSpliced(end + 1, 0, { op: "append", name: "PATH", value: folder });
}

/**
 * The subcommands of cargo that are both in its own folder and in one of the dev shell's. rustup's
 * proxies are not among them: they run the dev shell's tools.
 */
export function doubleSubcommands(folder: string, shellFolders: readonly string[]): string[] {
    const isRustups = existsSync(join(folder, "rustup"));
    return subcommandsIn(folder)
        .filter((name) => !(isRustups && PROXIES.has(name)))
        .filter((name) => shellFolders.some((other) => existsSync(join(other, name))));
}

const PROXIES: ReadonlySet<string> = new Set(["cargo-clippy", "cargo-fmt", "cargo-miri"]);

function subcommandsIn(folder: string): string[] {
    try {
        return readdirSync(folder).filter((name) => name.startsWith("cargo-"));
    } catch {
        return [];
    }
}
