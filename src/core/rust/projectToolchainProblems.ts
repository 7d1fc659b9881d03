import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { filesReadBy } from "../flake/reads";
import { lockText, parseLock } from "../lock/lockFile";
import { lockedInputs } from "../lock/lockedInputs";
import { flakeFolder, type Project } from "../project/project";
import { toolchainFileProblems } from "./toolchainFileProblems";
import type { ToolchainFileProblem } from "./toolchainProblem";
import { toolchainReader, type ToolchainReader } from "./toolchainReader";

/** A toolchain file of a project, with its text as it is now. */
export interface ProjectToolchainFile {
    /** Absolute path. */
    readonly file: string;
    readonly text: string;
    readonly project: Project;
}

/**
 * What is wrong with a project's toolchain file, for how its flake reads it.
 *
 * @param now milliseconds since 1970
 */
export async function projectToolchainProblems(
    { file, text, project }: ProjectToolchainFile,
    now: number,
): Promise<ToolchainFileProblem[]> {
    const name = basename(file);
    const other = name === "rust-toolchain" ? "rust-toolchain.toml" : "rust-toolchain";
    const reader = readerIn(project, name);
    return toolchainFileProblems({
        name,
        text,
        reader,
        hasBoth: existsSync(join(dirname(file), other)),
        pin: { at: pinnedAt(project, reader) ?? now, now },
    });
}

/** A flake that reads the other file of the two does not read this one. */
function readerIn({ flake }: Project, name: string): ToolchainReader {
    if (flake === undefined) return "rustup";
    const texts = filesReadBy(flake)
        .filter((path) => path.endsWith(".nix"))
        .map(read);
    const reader = toolchainReader(texts);
    const named = texts.flatMap((text) => [...text.matchAll(/rust-toolchain(?:\.toml)?\b/g)]);
    const isOther = named.length > 0 && named.every(([match]) => match !== name);
    return isOther ? "rustup" : reader;
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return ""; // The flake names it, and it is not there.
    }
}

/** When the input with the toolchains was last changed, as it is locked. */
function pinnedAt(project: Project, reader: ToolchainReader): number | undefined {
    const folder = flakeFolder(project);
    const text = folder === undefined ? undefined : lockText(folder);
    const lock = text === undefined ? undefined : parseLock(text);
    if (lock === undefined || !("nodes" in lock)) return undefined;
    const input = lockedInputs(lock).find(({ node }) => node?.locked?.["repo"] === reader);
    return input?.lastModified === undefined ? undefined : input.lastModified * 1000;
}
