import { readFileSync } from "node:fs";
import { basename } from "node:path";

/** What a `rust-toolchain.toml`, or the legacy `rust-toolchain`, asks for. */
export interface ToolchainRequest {
    /** "stable", "1.75.0", "nightly-2026-01-01", …; undefined with `path`, or where none is named. */
    readonly channel: string | undefined;
    readonly components: readonly string[];
    readonly targets: readonly string[];
    /** A custom toolchain's folder. */
    readonly path: string | undefined;
}

/** A toolchain file and the channel that it names. */
export interface WantedToolchain {
    /** Absolute path. */
    readonly file: string;
    readonly channel: string | undefined;
}

/** What a project's toolchain file wants; undefined where there is none. */
export async function wantedToolchain(
    file: string | undefined,
): Promise<WantedToolchain | undefined> {
    if (file === undefined) return undefined;
    return { file, channel: (await readToolchainFile(file))?.channel };
}

/**
 * Reads a toolchain file; undefined where it can't be read or is not one.
 *
 * The legacy name may hold just the channel on one line, or the same TOML as the new one; the new
 * name only TOML (rustup/src/config.rs, `parse_override_file`).
 */
export async function readToolchainFile(file: string): Promise<ToolchainRequest | undefined> {
    let text: string;
    try {
        text = readFileSync(file, "utf8");
    } catch {
        return undefined;
    }
    const lines = text.split("\n").filter((line) => line.trim() !== "");
    if (basename(file) === "rust-toolchain" && lines.length === 1 && !text.includes("[")) {
        return { channel: lines[0]?.trim(), components: [], targets: [], path: undefined };
    }
    const { parse } = await import("smol-toml");
    try {
        return requestOf(parse(text)["toolchain"]);
    } catch {
        return undefined;
    }
}

function requestOf(table: unknown): ToolchainRequest | undefined {
    if (typeof table !== "object" || table === null) return undefined;
    const { channel, path, components, targets } = table as Record<string, unknown>;
    return {
        channel: typeof channel === "string" ? channel : undefined,
        components: texts(components),
        targets: texts(targets),
        path: typeof path === "string" ? path : undefined,
    };
}

function texts(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
