import { stripControls } from "../nix/logRecord";
import { missingParts } from "../rust/native/buildFailure";
import { failureOf, type Failure, type Place, type RustFailureKind } from "./failure";
import { shortened } from "./report";

/** Of a long output the end tells, in characters. */
const LONGEST = 200_000;
const LONGEST_DETAIL = 2000;
/** The exit code of cargo's own errors; nix has it for builds that took too long. */
const CARGO_FAILED = 101;

/**
 * What cargo, rustc, rustup or rust-analyzer failed at, by what they write; undefined where it is
 * not theirs. A build log within an error of nix belongs to that build, and is not looked at.
 */
export function recogniseRust(stderr: string, exitCode = 1): Failure | undefined {
    const text = stripControlsOf(stderr.slice(-LONGEST));
    if (IS_OF_NIX.test(text)) return undefined;
    for (const { kind, pattern } of RULES) {
        const match = pattern.exec(text);
        if (match === null) continue;
        const isBuild = kind === "build-script-failed" || kind === "link-failed";
        return (isBuild ? nativeMissing(text) : undefined) ?? found(kind, match, text);
    }
    const words = exitCode === CARGO_FAILED ? /^error: /m.exec(text) : null;
    return words === null ? undefined : found("cargo-other", words, text);
}

/** What is missing outside of Rust, each with its packages in nixpkgs. */
function nativeMissing(text: string): Failure | undefined {
    const missing = missingParts(text);
    if (missing.length === 0) return undefined;
    const names = missing.map(({ name }) => name).join(", ");
    const words = missing.map(({ name, packages }) => {
        const attributes = packages.map(({ attribute }) => attribute);
        return attributes.join() === name ? name : `${name} (in ${attributes.join(", ")})`;
    });
    return failureOf("native-missing", names, words.join(", "));
}

function stripControlsOf(text: string): string {
    return text.split("\n").map(stripControls).join("\n");
}

/** Derivations, steps of an evaluation, records, and a full disk: not the business of Rust's tools. */
const IS_OF_NIX = /\.drv['".^!]|^[ \t]*… |^@nix |^[ \t]*at \/nix\/store\/|No space left on device/m;

interface Rule {
    readonly kind: RustFailureKind;
    /** The first group that took part is what the failure is about. */
    readonly pattern: RegExp;
}

/** The first that matches wins, so what explains comes before what follows from it. */
const RULES: readonly Rule[] = [
    // rustup, which answers in the dev shell's place.
    {
        kind: "rustup-toolchain",
        pattern:
            /error: (?:rustup could not choose a version of \S+|Unknown binary '([^'\n]+)' in (?:official )?toolchain|'([^'\n]+)' is not installed for the (?:custom )?toolchain|component '([^'\n]+)' for target '[^'\n]+' is unavailable|toolchain '([^'\n]+)' (?:is not installed|does not (?:support|contain|have))|override toolchain '([^'\n]+)' is not installed|no override and no default toolchain)/,
    },
    // rust-analyzer.
    {
        kind: "proc-macro-server",
        pattern:
            /proc.macro server's api version \(\d+\) is newer|version of the proc.macro server \(\d+\) in your Rust toolchain is newer|(?:proc macro server error: |Cannot create expander for )[^\n]{0,500}(?:mismatched ABI|UnsupportedABI)/i,
    },
    {
        kind: "rust-src-missing",
        pattern:
            /can't load standard library[^\n]{0,200}(?:\n(\/[^\n]+)|sysroot_path=(\S+)|)|Is rust-src installed\?/,
    },
    {
        kind: "proc-macro-server",
        pattern:
            /cannot find proc-macro(?:-srv| server)[^\n]{0,100}?(?:sysroot [`']([^`'\n]+)|,|$)/m,
    },
    {
        kind: "rust-missing",
        pattern:
            /\b(cargo|rustc|rustup|rust-analyzer) ?: (?:command not found|not found|cannot execute)|command not found: (cargo|rustc|rustup|rust-analyzer)\b|command failed: '([\w-]+)': No such file|Failed to run `[^`\n]*"(cargo)" "metadata"[^`\n]*`: No such file/,
    },
    { kind: "rust-missing", pattern: /^error: no such (?:sub)?command: `([\w-]+)`/m },
    // The toolchain, before the builds that fail for it.
    {
        kind: "rust-not-nightly",
        pattern:
            /is only accepted on the nightly compiler|may not be used on the (?:stable|beta) release channel|only allowed on the nightly channel/,
    },
    {
        kind: "glibc-mismatch",
        pattern: /version [`']((?:GLIBC|GLIBCXX|CXXABI)_[\d.]+)' not found/,
    },
    {
        kind: "target-missing",
        pattern:
            /the [`']([\w.-]+)[`'] target may not be installed|error: (?:toolchain|could not find)[^\n]{0,200}target '([\w.-]+)'/,
    },
    {
        kind: "rustc-mismatch",
        pattern:
            /unknown [`']--json[`'] option|compiled by an incompatible version of rustc|error\[E0514\]|found invalid metadata files for crate/,
    },
    {
        kind: "rust-too-old",
        pattern:
            /^[ \t]*feature `(\w+)` is required$|lock ?file version [`']?(\d+)[`']? (?:requires|was found, but)|it requires (rustc \d[\w.]*)(?: or newer)?|rustc \d[\w.-]* is not supported by the following package|unsupported output in build script of/m,
    },
    {
        kind: "rust-killed",
        pattern: /\(signal: 9, SIGKILL/,
    },

    // cargo, before it builds.
    {
        kind: "cargo-lock",
        pattern:
            /error: (?:the lock file |)(\S*) ?needs to be updated but --(?:locked|frozen)|failed to (?:write|parse lock file at:?) `?([^\s`]*Cargo\.lock)|error: cannot (?:create|update) the lock file (\S+)/,
    },
    {
        kind: "cargo-manifest",
        pattern:
            /error: (?:failed to (?:parse|load|read) (?:manifest(?: for workspace member)?(?: at)?|`[^`\n]+Cargo\.toml`)|could not find `Cargo\.toml`|no targets specified in the manifest)(?: (?:at )?`([^`\n]+)`| in `([^`\n]+)`)?/,
    },
    {
        kind: "cargo-dependency",
        pattern:
            /error: (?:failed to select a version for (?:the requirement )?`([\w-]+)|no matching package (?:named )?`([\w-]+)|failed to (?:get|download|load source for (?:a )?dependency(?: on)?) `([\w-]+)|failed to (?:fetch|download from) `([^`\n]+)`|failed to (?:download|query replaced source|sync))|^Unable to update registry `?([^`\s]+)/m,
    },

    // Builds.
    {
        kind: "link-failed",
        pattern:
            /^error: (?:linking with `([^`\n]+)` failed|linker `([^`\n]+)` not found|could not exec the linker `([^`\n]+)`)/m,
    },
    {
        kind: "link-failed",
        pattern: /\bld: (?:cannot find -l|library (?:not found for -l|'[^'\n]+' not found))/,
    },
    {
        kind: "build-script-failed",
        pattern:
            /^error: failed to run custom build command for `(\S+)|^error: failed to compile `(\S+)/m,
    },
    { kind: "rust-compile", pattern: /^error(?:\[E\d{4}\])?: [^\n]+\n[ \t]*--> [^\n]+:\d+:\d+$/m },
    { kind: "rust-compile", pattern: /^error: could not compile `([\w-]+)`/m },
];

function found(kind: RustFailureKind, match: RegExpExecArray, text: string): Failure {
    const group = match.slice(1).find((it) => it !== undefined) ?? "";
    // What a build script wrote can be before cargo's word on it.
    const words = kind === "build-script-failed" ? text : text.slice(match.index);
    const subject =
        kind === "rust-too-old" && group === ""
            ? newestNeeded(words)
            : group.replace(/^\/nix\/store\/[a-z0-9]{32}-/, "");
    return {
        ...failureOf(kind, subject, shortened(words.trim(), LONGEST_DETAIL)),
        place: placeOf(kind, subject, words),
    };
}

/** Of the crates that a Rust is too old for, what the most demanding one needs. */
function newestNeeded(words: string): string {
    const versions = [...words.matchAll(/^[^\n]{1,200} requires rustc (\d[\d.]*)/gm)];
    const [newest] = versions
        .map((match) => match[1] ?? "")
        .sort((a, b) => b.localeCompare(a, "en", { numeric: true }));
    return newest === undefined ? "" : `rustc ${newest}`;
}

/** Where rustc says that it is (`--> src/main.rs:2:5`), or cargo in a file that it can't read. */
function placeOf(kind: RustFailureKind, subject: string, words: string): Place | undefined {
    if (kind === "cargo-manifest") {
        const at = /TOML parse error at line (\d{1,9}), column (\d{1,9})/.exec(words);
        if (at === null || !subject.endsWith(".toml")) return undefined;
        return { file: subject, line: Number(at[1]), column: Number(at[2]) };
    }
    if (kind !== "rust-compile") return undefined;
    const at = /^[ \t]*--> ([^\n:]+):(\d{1,9}):(\d{1,9})$/m.exec(words);
    if (at?.[1] === undefined) return undefined;
    return { file: at[1], line: Number(at[2]), column: Number(at[3]) };
}
