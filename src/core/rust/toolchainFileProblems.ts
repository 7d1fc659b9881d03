import { replacement, type Span } from "../textFix";
import {
    channelProblems,
    problem,
    warning,
    type ToolchainFile,
    type ToolchainFileProblem,
} from "./toolchainProblem";
import { tableProblems } from "./toolchainTable";

/**
 * What is wrong with a toolchain file, for how this flake reads it. Nothing is claimed that can't
 * be told from the text and the dates: what a later release may have is not called unknown, unless
 * it is nearly the name of something.
 *
 * rust-overlay: `fromRustupToolchainFile` and `selectManifest` in lib/rust-bin.nix; fenix:
 * `fromToolchainFile'` in default.nix; rustup: `parse_override_file` in src/config.rs.
 */
export async function toolchainFileProblems(file: ToolchainFile): Promise<ToolchainFileProblem[]> {
    return [...siblingProblems(file), ...(await contentProblems(file))];
}

function siblingProblems({ name, text, hasBoth }: ToolchainFile): ToolchainFileProblem[] {
    if (!hasBoth || name !== "rust-toolchain.toml") return [];
    const message =
        "rustup ignores this file, because there is a “rust-toolchain” beside it. Keep one of the two.";
    return [warning(firstLine(text), message)];
}

async function contentProblems(file: ToolchainFile): Promise<ToolchainFileProblem[]> {
    const { text } = file;
    const whole = { from: 0, to: text.length };
    if (text.trim() === "") {
        const fix = replacement(whole, toml("stable"), "Ask for the stable toolchain");
        return [problem(whole, "This file is empty. It has to name a toolchain.", [fix])];
    }
    if (isLegacy(file)) return legacyProblems(file);
    const { parse, TomlError } = await import("smol-toml");
    try {
        return tableProblems(file, parse(text.replace(/^\uFEFF/, "")));
    } catch (error) {
        if (!(error instanceof TomlError)) throw error;
        const channel = /^\s*([\w.-]+)\s*$/.exec(text)?.[1];
        if (channel !== undefined) return [misplacedChannel(file, channel)];
        const at = offsetOf(text, error.line, error.column);
        const reason = /^(?:Invalid TOML document: )?(.*)/.exec(error.message)?.[1] ?? "";
        return [problem({ from: at, to: lineEnd(text, at) }, `This is not valid TOML: ${reason}.`)];
    }
}

/** Whether the text is read as nothing but the name of a channel. */
function isLegacy({ name, reader, text }: ToolchainFile): boolean {
    const isOneLine = /^[^\n]+\n?$/.test(text);
    switch (reader) {
        case "rust-overlay":
            return isOneLine; // Whatever is on it.
        case "fenix":
            return /^[\w.-]+\n?$/.test(text);
        case "rustup":
            return isOneLine && name === "rust-toolchain";
    }
}

function legacyProblems(file: ToolchainFile): ToolchainFileProblem[] {
    const { text, name, reader } = file;
    const line = text.replace(/\r?\n$/, "");
    const at = { from: 0, to: line.length };
    if (/[=[\]]/.test(line)) {
        const message = `${reader} takes a file of one line for the name of a channel. TOML needs two lines or more here.`;
        const inline = /\bchannel\s*=\s*"([^"]*)"/.exec(line)?.[1];
        const whole = { from: 0, to: text.length };
        const fixes =
            inline === undefined ? [] : [replacement(whole, toml(inline), "Write it on two lines")];
        return [problem(at, message, fixes)];
    }
    const channel = line.trim();
    if (channel !== line && reader !== "rustup") {
        const message = `${reader} takes the blanks on this line for a part of the channel's name.`;
        return [problem(at, message, [replacement(at, channel, "Remove the blanks")])];
    }
    const found = channelProblems(file, channel, at, (name) => name);
    if (name === "rust-toolchain" || found.length > 0) return found;
    // The flake can read it, but where rustup comes across it, it stops.
    return [{ ...misplacedChannel(file, channel), severity: "warning" }];
}

/** A channel's name where only TOML may be, or among other lines. */
function misplacedChannel({ text, name }: ToolchainFile, channel: string): ToolchainFileProblem {
    const whole = { from: 0, to: text.length };
    return name === "rust-toolchain"
        ? problem(whole, "A file that holds just a channel's name may have no other lines.", [
              replacement(whole, `${channel}\n`, "Remove the other lines"),
          ])
        : problem(
              { from: 0, to: text.trimEnd().length },
              "rustup reads a rust-toolchain.toml as TOML. Only the older “rust-toolchain” may be just a channel's name.",
              [replacement(whole, toml(channel), "Write it as TOML")],
          );
}

function firstLine(text: string): Span {
    return { from: 0, to: lineEnd(text, 0) };
}

function toml(channel: string): string {
    return `[toolchain]\nchannel = "${channel}"\n`;
}

function lineEnd(text: string, from: number): number {
    const end = text.indexOf("\n", from);
    return end < 0 ? text.length : text[end - 1] === "\r" ? end - 1 : end;
}

/** @param line from 1, as is `column` */
function offsetOf(text: string, line: number, column: number): number {
    let start = 0;
    for (let n = 1; n < line; n++) start = text.indexOf("\n", start) + 1;
    return Math.min(start + column - 1, text.length);
}
