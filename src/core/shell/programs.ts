import { homedir } from "node:os";
import { baseEnvironment, nixEnvironment } from "../environment/baseEnvironment";
import type { Environment } from "../environment/environment";
import { CaptureError, failureOf } from "../failure/failure";
import type { Git } from "../lock/git";
import type { Log } from "../log";
import { findGit, findNix, pathFolders } from "../nix/executable";
import type { Nix, NixOutput } from "../nix/nix";
import type { Run } from "../process";
import { repositoryOf, type Project } from "../project/project";

/** What a folder's programs are found by and started with. */
export interface ProgramSearch {
    /** Programs are never taken from its folders. */
    readonly project: Project;
    /** The environment of the editor, before anything of ours was injected. */
    readonly editorEnvironment: Environment;
    readonly log: Log;
    /** Aborted when the folder is closed. */
    readonly closing: AbortSignal;
}

/** What the user set about nix. */
export interface NixSettings {
    readonly nixPath: string;
    readonly extraArguments: readonly string[];
    readonly nixOutput: NixOutput;
}

/** The git that answers for a folder. */
export function gitOf(search: ProgramSearch): Git {
    const env = baseEnvironment(search.editorEnvironment);
    return { executable: findGit(pathFolders(env, untrusted(search))), env, run };
}

/**
 * The nix that is asked about a folder.
 *
 * @throws {CaptureError} where there is none.
 */
export function nixOf(search: ProgramSearch, settings: NixSettings): Nix {
    if (process.platform === "win32") throw new CaptureError(failureOf("platform"));
    const { nixPath, extraArguments, nixOutput: output } = settings;
    const env = baseEnvironment(search.editorEnvironment);
    const home = env.get("HOME") ?? homedir();
    const executable = findNix({ configured: nixPath, env, home, untrusted: untrusted(search) });
    if (executable === undefined) throw new CaptureError(failureOf("nix-missing", nixPath));
    const { log, closing } = search;
    return {
        executable,
        env: nixEnvironment(env),
        extraArguments,
        output,
        run: runUntil(closing),
        log,
    };
}

function untrusted({ project }: ProgramSearch): string[] {
    // The project of a flake that is kept elsewhere has no repository; its folder may be in one.
    return [repositoryOf(project.folder) ?? project.folder, project.folder];
}

/** {@link run}, until something is closed: nobody waits for what runs then. */
function runUntil(closing: AbortSignal): Run {
    return (request) => {
        const { signal } = request;
        const both = signal === undefined ? closing : AbortSignal.any([signal, closing]);
        return run({ ...request, signal: both });
    };
}

/** Starting processes takes a library, which is loaded with the first one. */
export const run: Run = async (request) => (await import("../process")).run(request);
