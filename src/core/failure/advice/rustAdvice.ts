import { lookUp } from "../../lookUp";
import type { AdviceTable } from "./advice";
import { about, at, capital, named, quoted, shortLine } from "./wording";

/** Failures of cargo, rustc, rustup and rust-analyzer in a dev shell. */
export const RUST_ADVICE = {
    "native-missing": {
        message: ({ detail }) =>
            `The dev shell lacks what the build needs${quoted(detail)}. Add it to flake.nix.`,
        fixes: ["open-flake"],
    },
    "build-script-failed": {
        message: (failure) =>
            `The build script of ${named(failure, "a crate")} failed${quoted(scriptError(failure.detail))}. It may need a library or program that the dev shell does not have.`,
        fixes: ["open-flake"],
    },
    "link-failed": {
        message: (failure) =>
            /xcrun|active developer path/.test(failure.detail)
                ? "The linker is Apple's, whose command line tools are not installed. Run “xcode-select --install”, or let the dev shell bring its own linker (pkgs.mkShell does, mkShellNoCC does not)."
                : /^error: (?:linker \S+ not found|could not exec)/m.test(failure.detail)
                  ? `The linker ${named(failure, "")} was not found. Make the dev shell with pkgs.mkShell, which has one (mkShellNoCC has not), and build in it.`
                  : notLinked(failure.detail),
        fixes: ["open-flake"],
    },
    "rust-compile": {
        message: (failure) =>
            `${failure.subject === "" ? "The project" : named(failure, "")} does not compile${at(failure)}${quoted(compileError(failure.detail))}.`,
        fixes: ["open-place"],
    },
    "rust-killed": {
        message:
            "The compiler was killed, most often because the system ran out of memory. Close other programs, or build with fewer jobs (cargo build -j 2).",
    },
    "cargo-lock": {
        message: (failure) =>
            /Read-only file system/.test(failure.detail)
                ? /rust(?:lib\/|c-src|-lib-src)/.test(failure.subject)
                    ? "rust-analyzer asked cargo to lock the sources of Rust itself, which are read-only in the Nix store. Use the rust-analyzer of the dev shell's toolchain, unset RUST_SRC_PATH, and leave “rustc-dev” out of the components."
                    : `Cargo would have to write ${named(failure, "Cargo.lock")}, which is read-only. Sources in the Nix store can't be locked there: lock a copy, or leave them out.`
                : /--(?:locked|frozen) was passed/.test(failure.detail)
                  ? `Cargo.lock is older than Cargo.toml, and cargo was told not to change it${about(failure)}. Run “cargo update --workspace”, and commit Cargo.lock.`
                  : `Cargo.lock can't be written or read${about(failure)}. Run “cargo update --workspace”, and commit Cargo.lock.`,
    },
    "cargo-manifest": {
        message: (failure) =>
            /could not find `Cargo\.toml`/.test(failure.detail)
                ? `There is no Cargo.toml${about(failure)} or above it. Run cargo in the folder that has it.`
                : `Cargo can't use a Cargo.toml${about(failure)}${quoted(causeOf(failure.detail))}. Correct it.`,
        fixes: ["open-place"],
    },
    "cargo-dependency": {
        message: (failure) =>
            `Cargo can't get ${failure.subject.includes(":") ? "" : "the dependency "}${named(failure, "of a crate")}${quoted(causeOf(failure.detail))}. ${wayToDependency(failure.detail)}`,
    },
    "rust-missing": {
        message: (failure) =>
            /no such (?:sub)?command/.test(failure.detail)
                ? `The dev shell has no “cargo ${failure.subject}”. Add ${lookUp(CARGO_COMMANDS, failure.subject) ?? `“cargo-${failure.subject}”`} to flake.nix.`
                : `${capital(named(failure, "Rust"))} was not found or can't run here. Enter the dev shell, and see that flake.nix has a Rust toolchain.`,
        fixes: ["open-flake"],
    },
    "rust-too-old": {
        message: (failure) =>
            `This Rust is too old for the project${failure.subject && ` (it needs ${needed(failure.subject)})`}. Choose a newer one in rust-toolchain.toml or flake.nix, or update the input that it comes from.`,
        fixes: ["update-input", "open-flake"],
    },
    "rust-not-nightly": {
        message:
            "The project uses what only a nightly Rust can do. Choose a nightly, with its date, in rust-toolchain.toml or flake.nix.",
        fixes: ["open-flake"],
    },
    "cargo-other": {
        message: (failure) => `Cargo stopped with an error${quoted(causeOf(failure.detail))}.`,
    },
    "rustc-mismatch": {
        message:
            "cargo, rustc and what was built before are of different versions of Rust. Take all of them from the dev shell, and run “cargo clean” once.",
        fixes: ["open-flake"],
    },
    "glibc-mismatch": {
        message: (failure) =>
            `Something that was built outside the dev shell is used within it, and their C libraries differ${about(failure)}. Run “cargo clean”, and build in the dev shell only.`,
    },
    "target-missing": {
        message: (failure) =>
            `The toolchain has no standard library for the target ${named(failure, "that is built for")}. Add it to “targets” in rust-toolchain.toml or flake.nix; rustup is not needed for it.`,
        fixes: ["open-flake"],
    },
    "rustup-toolchain": {
        message: (failure) =>
            `rustup answered instead of the dev shell, and does not have ${named(failure, "a toolchain to run")}. Use the dev shell's toolchain: add what is missing to its components in rust-toolchain.toml or flake.nix, and don't set RUSTUP_TOOLCHAIN.`,
        fixes: ["open-flake"],
    },
    "rust-src-missing": {
        message: (failure) =>
            `rust-analyzer does not find the source of the standard library${about(failure)}. Add “rust-src” to the toolchain's components in rust-toolchain.toml or flake.nix.`,
        fixes: ["open-flake"],
    },
    "proc-macro-server": {
        message: (failure) =>
            /newer|mismatched ABI/.test(failure.detail)
                ? "rust-analyzer and the toolchain are of different versions, so macros can't be expanded. Use the rust-analyzer of the dev shell's toolchain, or update rust-analyzer."
                : `The toolchain has no server for procedural macros${about(failure)}. Add “rust-src” and “rust-analyzer” to its components in rust-toolchain.toml or flake.nix.`,
        fixes: ["open-flake"],
    },
} satisfies AdviceTable;

/** What a build script said last that is like an error. */
function scriptError(detail: string): string {
    const lines = detail.split("\n").map((line) => line.trim());
    const panic = lines.findIndex((line) => /^thread '[^']*' .*panicked at/.test(line));
    if (panic < 0) return "";
    const said = /panicked at '(.+?)', /.exec(lines[panic] ?? "")?.[1];
    return said ?? lines.slice(panic + 1).find((line) => line !== "") ?? "";
}

function compileError(detail: string): string {
    return /^error(?:\[E\d{4}\])?: ([^\n]+)/.exec(detail)?.[1] ?? "";
}

const UNKNOWN_LIBRARY =
    /cannot find -l:?([\w.+-]+)|library not found for -l([\w.+-]+)|ld: library '([^'\n]+)' not found/;
const UNKNOWN_SYMBOL =
    /undefined (?:reference to [`']|symbol: )([^'\n]+)|Undefined symbols[^\n]*\n\s*"([^"\n]+)"/;

function notLinked(detail: string): string {
    const library = UNKNOWN_LIBRARY.exec(detail)?.slice(1).find(Boolean);
    if (library !== undefined) {
        return `The linker did not find the library “${library}”. Add the package that has it to flake.nix.`;
    }
    const symbol = UNKNOWN_SYMBOL.exec(detail)?.slice(1).find(Boolean);
    if (symbol !== undefined) {
        return `The linker did not find “${shortLine(symbol)}”. The library that has it is missing in the dev shell, or of another version than the project expects.`;
    }
    return "The linker failed. Its last words say what it did not find; the dev shell has to have it.";
}

/** What to do about a crate that can't be had. */
function wayToDependency(detail: string): string {
    if (/failed to authenticate|no authentication|Permission denied/.test(detail)) {
        return "Check the address of its repository and your access to it; where git itself can read it, set net.git-fetch-with-cli = true in cargo's config.toml.";
    }
    if (/no matching package|failed to select a version/.test(detail)) {
        return "Check its name and version in Cargo.toml; cargo finds only what is there already if it is offline or has a vendored source.";
    }
    if (/\b(?:SSL|certificate|curl|[Tt]imed? ?out|resolve host|network failure)\b/.test(detail)) {
        return "Check the network connection, and the proxy or the certificates that it needs.";
    }
    return "Check its version in Cargo.toml, and the network connection.";
}

/** The innermost of cargo's reasons. */
function causeOf(detail: string): string {
    const causes = [...detail.matchAll(/^Caused by:\n\s*(?:\d+: )?([^\n]+)/gm)];
    return causes.at(-1)?.[1] ?? /^error: ([^\n]+)/.exec(detail)?.[1] ?? "";
}

/** `edition2024` and `4` as people say it. */
function needed(subject: string): string {
    const edition = /^edition(\d{4})$/.exec(subject)?.[1];
    if (edition !== undefined) return `the ${edition} edition`;
    return /^\d+$/.test(subject) ? `version ${subject} of Cargo.lock` : subject;
}

/** The packages, or components, of cargo's own commands. */
const CARGO_COMMANDS: Readonly<Record<string, string>> = {
    clippy: "“clippy”",
    fmt: "“rustfmt”",
    miri: "“miri” (of a nightly toolchain)",
};
