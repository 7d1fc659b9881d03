import { existsSync, readdirSync, realpathSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { Environment } from "../environment/environment";
import { findExecutable } from "../nix/executable";
import type { Run } from "../process";

/** The Rust that a dev shell brings. Paths are absolute. */
export interface Toolchain {
    readonly rustc: string;
    /** The first line of `rustc --version`, such as "rustc 1.97.1 (8bab26f4f 2026-07-14)". */
    readonly version: string;
    readonly sysroot: string;
    /** The tools of rustup's proxies that the shell has, by name; `rustc` among them. */
    readonly tools: Readonly<Record<string, string>>;
    /** The standard library's source, as rust-analyzer looks for it in the sysroot. */
    readonly hasSource: boolean;
}

/** The tools that rustup has proxies for (rustup/src/lib.rs, TOOLS and DUP_TOOLS). */
const TOOLS = [
    "rustc",
    "rustdoc",
    "cargo",
    "rust-lldb",
    "rust-gdb",
    "rust-gdbgui",
    "cargo-clippy",
    "clippy-driver",
    "cargo-miri",
    "cargo-fmt",
    "rustfmt",
    "rust-analyzer",
] as const;

/** How long `rustc --print sysroot` may take, in milliseconds: a network store can be slow once. */
const PATIENCE = 20_000;

export interface ToolchainSearch {
    /** The environment inside the dev shell. */
    readonly env: Environment;
    /** The PATH entries that the dev shell adds. Tools elsewhere on PATH are not the dev shell's. */
    readonly folders: readonly string[];
    readonly cwd: string;
    readonly run: Run;
    readonly signal: AbortSignal | undefined;
}

/** The dev shell's own Rust; undefined where it brings none, or only rustup's proxies. */
export async function findToolchain(search: ToolchainSearch): Promise<Toolchain | undefined> {
    const tools: Record<string, string> = {};
    for (const name of TOOLS) {
        const path = findExecutable(name, search.folders);
        if (path !== undefined && !isProxy(path)) tools[name] = path;
    }
    const rustc = tools["rustc"];
    if (rustc === undefined) return undefined;
    const [version, sysroot] = await Promise.all([
        ask(search, rustc, ["--version"]),
        ask(search, rustc, ["--print", "sysroot"]),
    ]);
    if (version === undefined || sysroot === undefined) return undefined;
    const hasSource = existsSync(join(sysroot, "lib/rustlib/src/rust/library/core"));
    return { rustc, version, sysroot, tools, hasSource };
}

/** Whether rustup could run every one of the shell's tools out of the sysroot itself. */
export function isComplete(toolchain: Toolchain): boolean {
    return Object.keys(toolchain.tools).every(
        (name) => name === "rust-analyzer" || existsSync(join(toolchain.sysroot, "bin", name)),
    );
}

/** The platforms whose standard library is in a sysroot, by the names that `--target` takes. */
export function installedTargets(sysroot: string): string[] {
    const folder = join(sysroot, "lib/rustlib");
    try {
        return readdirSync(folder)
            .filter((name) => existsSync(join(folder, name, "lib")))
            .sort();
    } catch {
        return []; // It was collected, or is no sysroot of this shape.
    }
}

/** nixpkgs has rustup too: its `rustc` is a link to `rustup`, and chooses the toolchain itself. */
function isProxy(path: string): boolean {
    if (/rustup/.test(basename(realpathSync(path)))) return true;
    return basename(path) !== "rust-analyzer" && existsSync(join(dirname(path), "rustup"));
}

async function ask(
    search: ToolchainSearch,
    rustc: string,
    args: readonly string[],
): Promise<string | undefined> {
    const result = await search.run({
        command: rustc,
        args,
        cwd: search.cwd,
        env: search.env,
        signal: search.signal,
        timeout: PATIENCE,
        output: "keep",
    });
    if (result.kind !== "exited" || result.code !== 0) return undefined;
    return result.stdout.split("\n")[0]?.trim() || undefined;
}
