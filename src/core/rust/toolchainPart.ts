import { lookUp } from "../lookUp";
import { nearestName } from "../nearestName";
import type { Release } from "./channel";
import { COMPONENTS, NEWEST_MINOR, TARGETS, type Span } from "./distribution";
import type { ToolchainReader } from "./toolchainReader";

/** Why a component or target can't be had. */
export interface PartProblem {
    readonly message: string;
    /** What to write instead; undefined where it is best left out. */
    readonly meant: string | undefined;
    /** The target that a component's name has in it: it belongs among the targets. */
    readonly target?: string;
}

/** What people write for a component that has another name; "" for what rustc brings anyway. */
const MEANT_COMPONENTS: Readonly<Record<string, string>> = {
    analyzer: "rust-analyzer",
    "cargo-clippy": "clippy",
    "cargo-fmt": "rustfmt",
    "cargo-miri": "miri",
    "clippy-driver": "clippy",
    docs: "rust-docs",
    fmt: "rustfmt",
    llvm: "llvm-tools",
    "rust-fmt": "rustfmt",
    "rust-gdb": "",
    "rust-lldb": "",
    "rust-source": "rust-src",
    "rust-sources": "rust-src",
    "rustc-src": "rust-src",
    rustdoc: "",
    source: "rust-src",
    src: "rust-src",
    std: "rust-std",
};

/** Components that came or went under another name. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
    clippy: "clippy-preview",
    "llvm-tools": "llvm-tools-preview",
    "rust-analyzer": "rls",
    "rust-analyzer-preview": "rls",
    rls: "rust-analyzer",
    "rls-preview": "rust-analyzer",
    rustfmt: "rustfmt-preview",
};

/** @param release undefined where it is not known */
export function componentProblem(
    name: string,
    release: Release | undefined,
    reader: ToolchainReader,
): PartProblem | undefined {
    const found = COMPONENTS.get(name);
    // fenix leaves out what it does not have.
    const without = reader === "fenix" ? " fenix leaves it out without a word." : "";
    if (found === "nightly") {
        if (typeof release !== "number") return undefined;
        const message = `The component “${name}” is there for nightly only.${without}`;
        return { message, meant: undefined };
    }
    if (found !== undefined) {
        const other = lookUp(OTHER_NAMES, name) ?? "";
        const problem = outsideOf(found, release, `The component “${name}”`);
        if (problem === undefined) return undefined;
        const span = COMPONENTS.get(other);
        const helps = typeof span === "object" && isIn(span, release);
        return { message: `${problem}${without}`, meant: helps ? other : undefined };
    }
    const target = [...TARGETS.keys()].find((it) => name.endsWith(`-${it}`));
    if (target !== undefined) {
        if (reader === "rustup") return undefined; // It takes the two in one.
        const message = `“${name}” names a component and a target in one, which ${reader} does not take. Targets have their own list.${without}`;
        const component = name.slice(0, -target.length - 1);
        return component === "rust-std"
            ? { message, meant: undefined, target }
            : { message, meant: component };
    }
    const meant = lookUp(MEANT_COMPONENTS, name) ?? nearestName(name, COMPONENTS.keys());
    if (meant === undefined && !isKnown(release)) return undefined;
    const brought = meant === "" ? " rustc brings it." : "";
    const message = `There is no component “${name}”.${brought}${without}`;
    return { message, meant: meant || undefined };
}

/** What people write for a target: parts of its name, and nix's names of systems. */
const MEANT_TARGETS: Readonly<Record<string, string>> = {
    "aarch64-darwin": "aarch64-apple-darwin",
    "aarch64-linux": "aarch64-unknown-linux-gnu",
    "aarch64-unknown-linux": "aarch64-unknown-linux-gnu",
    "aarch64-musl": "aarch64-unknown-linux-musl",
    thumbv7em: "thumbv7em-none-eabihf",
    thumbv6m: "thumbv6m-none-eabi",
    thumbv7m: "thumbv7m-none-eabi",
    wasi: "wasm32-wasip1",
    wasm: "wasm32-unknown-unknown",
    wasm32: "wasm32-unknown-unknown",
    "wasm32-unknown": "wasm32-unknown-unknown",
    wasip1: "wasm32-wasip1",
    wasip2: "wasm32-wasip2",
    "x86_64-darwin": "x86_64-apple-darwin",
    "x86_64-linux": "x86_64-unknown-linux-gnu",
    "x86_64-linux-gnu": "x86_64-unknown-linux-gnu",
    "x86_64-linux-musl": "x86_64-unknown-linux-musl",
    "x86_64-musl": "x86_64-unknown-linux-musl",
    "x86_64-unknown-linux": "x86_64-unknown-linux-gnu",
    "x86_64-windows": "x86_64-pc-windows-gnu",
    "x86_64-windows-gnu": "x86_64-pc-windows-gnu",
    "x86_64-windows-msvc": "x86_64-pc-windows-msvc",
    "x86_64-unknown-windows-gnu": "x86_64-pc-windows-gnu",
};

const WASI = ["wasm32-wasi", "wasm32-wasip1", "wasm32-unknown-wasi"];
const FUCHSIA = ["x86_64-fuchsia", "x86_64-unknown-fuchsia"];

/** @param release undefined where it is not known */
export function targetProblem(name: string, release: Release | undefined): PartProblem | undefined {
    const found = TARGETS.get(name);
    if (found !== undefined) {
        const message = outsideOf(found, release, `The target “${name}”`);
        if (message === undefined) return undefined;
        const same = [WASI, FUCHSIA].find((names) => names.includes(name)) ?? [];
        const meant = same.find((other) => {
            const span = TARGETS.get(other);
            return other !== name && span !== undefined && isIn(span, release);
        });
        return { message, meant };
    }
    const meant = lookUp(MEANT_TARGETS, name) ?? nearestName(name, TARGETS.keys());
    if (meant === undefined && !isKnown(release)) return undefined;
    return { message: `Rust has no standard library for a target “${name}”.`, meant };
}

/** Whether all that a release has is in our tables. */
function isKnown(release: Release | undefined): boolean {
    return typeof release === "number" && release <= NEWEST_MINOR;
}

function isIn({ first, last }: Span, release: Release | undefined): boolean {
    if (release === undefined) return true;
    if (release === "nightly") return last === undefined;
    return release >= first && (last === undefined || release <= last);
}

function outsideOf(span: Span, release: Release | undefined, what: string): string | undefined {
    if (release === undefined || isIn(span, release)) return undefined;
    const rust = release === "nightly" ? "Today's Rust" : `Rust 1.${release}`;
    const isEarly = typeof release === "number" && release < span.first;
    return isEarly
        ? `${what} is not in ${rust}; it begins with 1.${span.first}.`
        : `${what} is not in ${rust} any more; the last with it was 1.${span.last ?? release}.`;
}
