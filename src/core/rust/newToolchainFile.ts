import { existsSync } from "node:fs";
import { join } from "node:path";
import { installedTargets, type Toolchain } from "./toolchain";

/** The machine that a toolchain runs on, as node names it. */
export interface Machine {
    readonly platform: string;
    readonly arch: string;
}

/**
 * The text of a rust-toolchain.toml that asks for the Rust in use: its version, and what it has of
 * rustup's components and targets.
 *
 * @returns undefined where its version is none that a toolchain file could ask for
 */
export function newToolchainFile(toolchain: Toolchain, machine: Machine): string | undefined {
    const channel = channelOf(toolchain.version);
    if (channel === undefined) return undefined;
    const targets = targetsOf(toolchain, machine);
    return [
        "[toolchain]",
        `channel = "${channel}"`,
        `components = ${list(componentsOf(toolchain))}`,
        ...(targets.length > 0 ? [`targets = ${list(targets)}`] : []),
        "",
    ].join("\n");
}

/** The channel of "rustc 1.97.1 (8bab26f4f 2026-07-14)". */
export function channelOf(version: string): string | undefined {
    const found = /^rustc (\d+\.\d+\.\d+)(?:-(beta|nightly)\S*)?(?: \(\w+ (\d{4}-\d{2}-\d{2})\))?/;
    const [, release, moving, date] = found.exec(version) ?? [];
    if (moving === "beta") return "beta";
    if (moving !== "nightly") return release;
    if (date === undefined) return "nightly";
    // A nightly is released on the day after its last commit.
    const released = new Date(Date.parse(date) + 24 * 60 * 60 * 1000);
    return `nightly-${released.toISOString().slice(0, 10)}`;
}

/** The component that brings a tool. */
const COMPONENTS: Readonly<Record<string, string>> = {
    "cargo-clippy": "clippy",
    "cargo-miri": "miri",
    "rust-analyzer": "rust-analyzer",
    rustfmt: "rustfmt",
};

function componentsOf({ tools, hasSource, sysroot }: Toolchain): string[] {
    const components = Object.entries(COMPONENTS).flatMap(([tool, component]) =>
        tool in tools ? [component] : [],
    );
    // rust-analyzer is of no use without it, and nixpkgs has it elsewhere.
    if (hasSource || components.includes("rust-analyzer")) components.push("rust-src");
    const hasTools = installedTargets(sysroot).some((target) =>
        existsSync(join(sysroot, "lib/rustlib", target, "bin/llvm-profdata")),
    );
    if (hasTools) components.push("llvm-tools");
    return components.sort();
}

/** The targets that the standard library is there for, less the machine's own. */
function targetsOf({ sysroot }: Toolchain, { platform, arch }: Machine): string[] {
    const cpu = { x64: "x86_64", arm64: "aarch64" }[arch] ?? arch;
    const own = platform === "darwin" ? `${cpu}-apple-darwin` : `${cpu}-unknown-linux-`;
    return installedTargets(sysroot).filter(
        (name) => name !== own && !(/-(gnu|musl)$/.test(name) && name.startsWith(own)),
    );
}

function list(names: readonly string[]): string {
    return `[${names.map((name) => `"${name}"`).join(", ")}]`;
}
