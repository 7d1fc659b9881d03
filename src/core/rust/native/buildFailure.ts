import { lookUp } from "../../lookUp";
import { HEADERS, LIBRARIES, PKG_CONFIG, PROGRAMS } from "./buildFailureNames";

/** A list of a dev shell. */
export type NeedKind = "nativeBuildInputs" | "buildInputs" | "runtimeLibraries";

/** Something outside of Rust that a build, or a program, asked for and did not find. */
export interface MissingPart {
    /** As the message names it: `alsa.pc`, `-lssl`, `protoc`. */
    readonly name: string;
    readonly packages: readonly { readonly attribute: string; readonly kind: NeedKind }[];
}

/**
 * What is missing outside of Rust, from what cargo, rustc, build scripts and linkers write. Text
 * with colours and cut lines is understood; each thing is told once.
 */
export function missingParts(output: string): MissingPart[] {
    const text = output.replace(/\u001b\[[\d;]*m/g, "").slice(-LONGEST);
    const found = new Map<string, MissingPart>();
    for (const { pattern, part } of MESSAGES) {
        for (const match of text.matchAll(pattern)) {
            const missing = part(match[1] ?? "");
            if (missing !== undefined && !found.has(missing.name)) found.set(missing.name, missing);
        }
    }
    return [...found.values()];
}

/** Of a long output the end tells, in characters. */
const LONGEST = 1 << 18;

interface Message {
    readonly pattern: RegExp;
    /** What a match means, given its group. */
    readonly part: (name: string) => MissingPart | undefined;
}

const MESSAGES: readonly Message[] = [
    // The crate pkg-config, its older versions, and the programs pkg-config and pkgconf.
    { pattern: /The system library `([^`\s]+)` required by crate/g, part: pkgConfigFile },
    { pattern: /\b(?:directory|file)[^\n]{0,40}[`']([\w.+-]+)\.pc['`]/g, part: pkgConfigFile },
    { pattern: /[Nn]o package '([\w.+-]+)' found/g, part: pkgConfigFile },
    { pattern: /Package '?([\w.+-]+)'?,? (?:was )?not found\b/g, part: pkgConfigFile },
    { pattern: /Package '([\w.+-]+)', required by '[^']+', not found/g, part: pkgConfigFile },
    { pattern: /(pkg-config) command could not be found/gi, part: program },
    { pattern: /Could not run [^\n]*\b(pkg-config)\b/g, part: program },
    // openssl-sys without pkg-config.
    { pattern: /Could not find directory of (OpenSSL) installation/g, part: openssl },
    // GNU ld, gold, lld, mold, Apple's ld, and rustc itself.
    {
        pattern: /cannot find -l:?(?:lib)?([\w.+-]+?)(?:\.(?:so|a)[\d.]*)?(?=[:\s]|$)/g,
        part: library,
    },
    { pattern: /unable to find library -l:?([\w.+-]+)/g, part: library },
    { pattern: /library not found:? (?:for )?(?:-l)?([\w.+-]+)/g, part: library },
    { pattern: /ld: library '([\w.+-]+)' not found/g, part: library },
    { pattern: /could not find native (?:static )?library `([^`]+)`/g, part: library },
    // A program that was built, and does not find what it opens.
    {
        pattern: /error while loading shared libraries: lib([\w+-]+(?:\.\d+)?)\.so/g,
        part: sharedLibrary,
    },
    // bindgen: libclang itself, or the headers of the C library that it has to be told of.
    { pattern: /(Unable to find libclang)/g, part: libclang },
    {
        pattern:
            /fatal error: '(?:stddef|stdint|stdbool|stdio|stdlib|limits)\.h' (file not found)/g,
        part: libclang,
    },
    { pattern: /fatal error: '?([\w/.+-]+\.h)'?(?:: No such file| file not found)/g, part: header },
    // Build scripts that run programs.
    { pattern: /Could not find `(protoc)`/g, part: program },
    { pattern: /\bis `([\w.+-]+)` not installed\?/g, part: program },
    { pattern: /Missing dependency: ([\w.+-]+)/g, part: program },
    { pattern: /Command '([\w.+-]+)' not found/g, part: program },
    { pattern: /\b(NASM) command not found/g, part: program },
    { pattern: /\b([\w.+-]+): (?:command )?not found\b/g, part: program },
    { pattern: /linker `([\w.+-]+)` not found/g, part: program },
    { pattern: /invalid linker name in argument '-fuse-ld=(\w+)'/g, part: program },
    { pattern: /cannot find '(?:ld\.)?(mold|lld)'/g, part: program },
];

const NEEDS_PKG_CONFIG = { attribute: "pkg-config", kind: "nativeBuildInputs" } as const;

function pkgConfigFile(name: string): MissingPart | undefined {
    // The program's name is in its own messages, too.
    if (name === "pkg-config") return program(name);
    const known = lookUp(PKG_CONFIG, name) ?? (isPlainName(name) ? name : undefined);
    if (known === undefined) return undefined;
    return {
        name: `${name}.pc`,
        packages: [NEEDS_PKG_CONFIG, { attribute: known, kind: "buildInputs" }],
    };
}

function library(name: string): MissingPart | undefined {
    const attribute = lookUp(LIBRARIES, name);
    if (attribute === undefined) return undefined;
    return { name: `-l${name}`, packages: [{ attribute, kind: "buildInputs" }] };
}

function sharedLibrary(name: string): MissingPart | undefined {
    const attribute = lookUp(LIBRARIES, name);
    if (attribute === undefined) return undefined;
    return { name: `lib${name}.so`, packages: [{ attribute, kind: "runtimeLibraries" }] };
}

function header(name: string): MissingPart | undefined {
    const attribute = lookUp(HEADERS, name);
    if (attribute === undefined) return undefined;
    return { name, packages: [{ attribute, kind: "buildInputs" }] };
}

function program(name: string): MissingPart | undefined {
    const attribute = lookUp(PROGRAMS, name.toLowerCase());
    if (attribute === undefined) return undefined;
    return { name: name.toLowerCase(), packages: [{ attribute, kind: "nativeBuildInputs" }] };
}

function openssl(): MissingPart {
    return {
        name: "OpenSSL",
        packages: [NEEDS_PKG_CONFIG, { attribute: "openssl", kind: "buildInputs" }],
    };
}

function libclang(): MissingPart {
    return {
        name: "libclang",
        packages: [{ attribute: "rustPlatform.bindgenHook", kind: "nativeBuildInputs" }],
    };
}

/** Most packages are called like their pkg-config file, so a plain name is worth a proposal. */
function isPlainName(name: string): boolean {
    return /^[a-z][\w+-]*$/.test(name) && !/\+/.test(name);
}
