import type { Drift } from "../lock/drift";
import type { DriftKind } from "../lock/driftText";
import { lockText } from "../lock/lockFile";
import { flakeFolder, type Project } from "../project/project";
import { installedTargets } from "../rust/toolchain";
import { readToolchainFile, type ToolchainRequest } from "../rust/toolchainFile";
import { currentOf, type ShellState } from "../shell/state";
import { readTextFile } from "../textFile";

/** What is known of a folder without looking at its files. */
export interface KnownFolder {
    /** The workspace folder's URI, by which commands are told. */
    readonly uri: string;
    readonly project: Project;
    readonly state: ShellState;
    /** The dev shell's name; undefined for the default one. */
    readonly shell: string | undefined;
    readonly drift: Drift | undefined;
    /** What the user does not want to be warned of. */
    readonly ignoredDrift: readonly DriftKind[];
    /** The flake's dev shells where the user had them listed, else undefined. */
    readonly shells: readonly string[] | undefined;
    /** Whether nix is run only when the user asks for it. */
    readonly manual: boolean;
}

/** All that the view shows, as plain data. */
export interface ViewFacts extends KnownFolder {
    readonly flakeText: string;
    /** Undefined where there is no flake.lock, or it can't be read. */
    readonly lockText: string | undefined;
    /** What the toolchain file asks for; undefined without one. */
    readonly request: ToolchainRequest | undefined;
    /** The platforms that the toolchain in use can compile for. */
    readonly targets: readonly string[];
    /** Milliseconds since 1970. */
    readonly now: number;
}

/** Adds what the folder's files say. */
export async function readViewFacts(known: KnownFolder, now: number): Promise<ViewFacts> {
    const { flake, toolchainFile } = known.project;
    const folder = flakeFolder(known.project);
    const sysroot = currentOf(known.state)?.toolchain?.sysroot;
    return {
        ...known,
        flakeText: (flake && readTextFile(flake)) ?? "",
        lockText: folder && lockText(folder),
        request: toolchainFile === undefined ? undefined : await readToolchainFile(toolchainFile),
        targets: sysroot === undefined ? [] : installedTargets(sysroot),
        now,
    };
}
