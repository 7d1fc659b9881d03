import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import { apply } from "../environment/change";
import type { Environment } from "../environment/environment";
import type { Run } from "../process";
import { meetsChannel } from "../rust/channelVersion";
import type { WantedToolchain } from "../rust/toolchainFile";
import type { Snapshot } from "../snapshot";
import { opensLine, page, runs, type Finding, type Remedy } from "./finding";

/** What is known of the Rust in the dev shell that is in use. */
export interface ToolchainFacts {
    /** As rustc prints it; undefined where the dev shell has no Rust. */
    readonly rustc: string | undefined;
    /** Where the standard library's source was found. */
    readonly source: "sysroot" | "RUST_SRC_PATH" | undefined;
    /** Whether RUST_SRC_PATH is set to a folder that has no source. */
    readonly isSourcePathWrong: boolean;
    /** Whether the server that expands procedural macros is in the sysroot. */
    readonly hasMacroServer: boolean;
    /** What the dev shell's own rust-analyzer prints as its version; undefined where there is none. */
    readonly rustAnalyzer: string | undefined;
    readonly wanted: WantedToolchain | undefined;
    readonly flake: string | undefined;
}

export interface ToolchainQuestion {
    readonly snapshot: Snapshot;
    readonly base: Environment;
    readonly wanted: WantedToolchain | undefined;
    readonly flake: string | undefined;
    readonly run: Run;
    readonly signal: AbortSignal | undefined;
}

/** How long a tool may take to print its version, in milliseconds. */
const PATIENCE = 8_000;

/** Looks at the toolchain that the dev shell really has on disk. */
export async function lookAtToolchain(question: ToolchainQuestion): Promise<ToolchainFacts> {
    const { snapshot, base, wanted, flake, run, signal } = question;
    const { toolchain } = snapshot;
    const env = apply(snapshot.changes, base);
    const sourcePath = env.get("RUST_SRC_PATH");
    const isSourceNamed = sourcePath !== undefined && existsSync(join(sourcePath, "core"));
    const has = (path: string): boolean =>
        toolchain !== undefined && existsSync(join(toolchain.sysroot, path));
    const server = toolchain?.tools["rust-analyzer"];
    const answer =
        server === undefined
            ? undefined
            : await run({
                  command: server,
                  args: ["--version"],
                  cwd: snapshot.flakeFolder,
                  env,
                  signal,
                  timeout: PATIENCE,
                  output: "keep",
              });
    return {
        rustc: toolchain?.version,
        source: isSourceNamed
            ? "RUST_SRC_PATH"
            : has("lib/rustlib/src/rust/library/core")
              ? "sysroot"
              : undefined,
        isSourcePathWrong: sourcePath !== undefined && !isSourceNamed,
        hasMacroServer:
            has("libexec/rust-analyzer-proc-macro-srv") || has("lib/rust-analyzer-proc-macro-srv"),
        rustAnalyzer:
            answer?.kind === "exited" && answer.code === 0
                ? answer.stdout.split("\n")[0]?.trim()
                : undefined,
        wanted,
        flake,
    };
}

const COMPONENTS = page(
    "About Rust's components",
    "https://rust-lang.github.io/rustup/concepts/components.html",
);
const TOOLCHAIN_FILE = page(
    "About rust-toolchain.toml",
    "https://rust-lang.github.io/rustup/overrides.html#the-toolchain-file",
);
const RUST_ANALYZER = page(
    "About rust-analyzer's toolchain",
    "https://rust-analyzer.github.io/book/installation.html",
);

/** What is to be said of the toolchain. */
export function toolchainFindings(facts: ToolchainFacts): Finding[] {
    const { rustc } = facts;
    if (rustc === undefined) {
        return [
            {
                level: "note",
                summary: "The dev shell has no Rust.",
                detail: "Whatever cargo and rustc are on your PATH are used there.",
                remedies: [...openingFlake(facts), COMPONENTS],
            },
        ];
    }
    return [
        channelFinding(facts, rustc),
        sourceFinding(facts),
        macroFinding(facts),
        serverFinding(facts, rustc),
    ];
}

function channelFinding({ wanted, flake }: ToolchainFacts, rustc: string): Finding {
    const version = shortVersion(rustc);
    if (wanted?.channel === undefined) {
        const summary = `The dev shell has ${version}.`;
        return { level: "good", summary, detail: "", remedies: [COMPONENTS] };
    }
    const file = basename(wanted.file);
    const opening = opensLine(`Open ${file}`, wanted.file, 1);
    if (meetsChannel(rustc, wanted.channel) === false) {
        return {
            level: "problem",
            summary: `The dev shell has ${version}, though ${file} asks for ${wanted.channel}.`,
            detail:
                "People who use rustup get another Rust than people who use the flake. Let the flake read " +
                "the file, or change one of the two.",
            remedies: [opening, ...openingFlake({ flake }), TOOLCHAIN_FILE],
        };
    }
    return {
        level: "good",
        summary: `The dev shell has ${version}; ${file} asks for ${wanted.channel}.`,
        detail: "",
        remedies: [opening],
    };
}

function sourceFinding(facts: ToolchainFacts): Finding {
    const { source, isSourcePathWrong, wanted } = facts;
    if (source === undefined || isSourcePathWrong) {
        return {
            level: source === undefined ? "problem" : "note",
            summary: isSourcePathWrong
                ? "RUST_SRC_PATH names a folder without the standard library's source."
                : "The standard library's source is missing, so rust-analyzer knows nothing of std.",
            detail: isSourcePathWrong
                ? "Leave the variable out where the toolchain has the component rust-src, or let it end in /lib/rustlib/src/rust/library."
                : `Add the component rust-src to ${wanted === undefined ? "the flake's toolchain" : basename(wanted.file)}.`,
            remedies: [...openingToolchain(facts), COMPONENTS],
        };
    }
    return {
        level: "good",
        summary: "The standard library's source is there.",
        detail: source === "sysroot" ? "It is in the toolchain." : "RUST_SRC_PATH names it.",
        remedies: [COMPONENTS],
    };
}

function macroFinding(facts: ToolchainFacts): Finding {
    if (facts.hasMacroServer) {
        return {
            level: "good",
            summary: "The server for procedural macros is there.",
            detail: "",
            remedies: [RUST_ANALYZER],
        };
    }
    return {
        level: "note",
        summary: "The toolchain has no server for procedural macros.",
        detail:
            "rust-analyzer takes its own, which works only with a Rust of the same age; otherwise " +
            "derives and attributes stay unexpanded. The component rust-analyzer brings the right one.",
        remedies: [...openingToolchain(facts), RUST_ANALYZER],
    };
}

function serverFinding(facts: ToolchainFacts, rustc: string): Finding {
    const { rustAnalyzer } = facts;
    if (rustAnalyzer === undefined) {
        return {
            level: "note",
            summary:
                "The dev shell has no rust-analyzer that works, so the extension's own is used.",
            detail: "The component rust-analyzer of the same toolchain fits its Rust best.",
            remedies: [...openingToolchain(facts), RUST_ANALYZER],
        };
    }
    const [ours, theirs] = [releaseOf(rustAnalyzer), releaseOf(rustc)];
    if (ours !== undefined && theirs !== undefined && ours !== theirs) {
        return {
            level: "note",
            summary: `The dev shell's ${shortVersion(rustAnalyzer)} is not of the same release as ${shortVersion(rustc)}.`,
            detail: "Procedural macros may not expand. Take both from the same toolchain.",
            remedies: [...openingToolchain(facts), RUST_ANALYZER],
        };
    }
    return {
        level: "good",
        summary: `The dev shell's own ${shortVersion(rustAnalyzer)} fits its Rust.`,
        detail: "",
        remedies: [RUST_ANALYZER],
    };
}

/** "1.97" of "rust-analyzer 1.97.1 (8bab26f4f 2026-07-14)"; undefined of a date or a nightly's hash. */
function releaseOf(version: string): string | undefined {
    return /\b(\d+\.\d+)\.\d+/.exec(version)?.[1];
}

function shortVersion(version: string): string {
    return version.replace(/(?: \([^)]*\))+$/, "");
}

function openingToolchain(facts: ToolchainFacts): Remedy[] {
    const { wanted } = facts;
    if (wanted === undefined) return openingFlake(facts);
    return [opensLine(`Open ${basename(wanted.file)}`, wanted.file, 1)];
}

function openingFlake({ flake }: Pick<ToolchainFacts, "flake">): Remedy[] {
    return flake === undefined
        ? [runs("Generate flake.nix…", "nixRust.generateFlake")]
        : [opensLine("Open flake.nix", flake, 1)];
}
