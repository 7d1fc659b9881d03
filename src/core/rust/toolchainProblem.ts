import { channelProblem, type Pin } from "./channel";
import { replacement, type Span, type TextFix } from "../textFix";
import type { ToolchainReader } from "./toolchainReader";

/** A toolchain file as it is in the editor, saved or not, and who reads it. */
export interface ToolchainFile {
    /** `rust-toolchain.toml`, or the legacy `rust-toolchain`. */
    readonly name: string;
    readonly text: string;
    readonly reader: ToolchainReader;
    /** Whether the folder has a file of the other name, too. */
    readonly hasBoth: boolean;
    readonly pin: Pin;
}

/** Something in a toolchain file that its reader will refuse, or take for something else. */
export interface ToolchainFileProblem extends Span {
    readonly message: string;
    /** An error stops the dev shell, or rustup. */
    readonly severity: "error" | "warning";
    readonly fixes: readonly TextFix[];
    /** Whether what is asked for is newer than the pinned input that knows the toolchains. */
    readonly needsUpdate: boolean;
}

/** @param write how a channel's name is written at this place */
export function channelProblems(
    { reader, pin }: ToolchainFile,
    channel: string,
    at: Span,
    write: (name: string) => string,
): ToolchainFileProblem[] {
    const found = channelProblem(channel, reader, pin);
    if (found === undefined) return [];
    const fixes = found.meant.map((name) => replacement(at, write(name), `Replace by “${name}”`));
    return [{ ...problem(at, found.message, fixes), needsUpdate: found.needsUpdate }];
}

export function problem(
    { from, to }: Span,
    message: string,
    fixes: readonly TextFix[] = [],
): ToolchainFileProblem {
    return { from, to, message, severity: "error", fixes, needsUpdate: false };
}

export function warning(
    at: Span,
    message: string,
    fixes: readonly TextFix[] = [],
): ToolchainFileProblem {
    return { ...problem(at, message, fixes), severity: "warning" };
}
