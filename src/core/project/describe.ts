import { flakeFolder, type Project } from "./project";

/** What `core project DIR` prints (decision 17 of the design); its shape stays stable. */
export interface ProjectDescription {
    readonly flake: string | null;
    readonly toolchainFile: string | null;
    readonly cargo: string | null;
    /** Null where they can't be known: no flake, no nix, or a flake that does not evaluate. */
    readonly devShells: readonly string[] | null;
}

/** Describes a project; `listShells` is asked only where there is a flake. */
export async function describeProject(
    project: Project,
    listShells: (flakeFolder: string) => Promise<readonly string[] | null>,
): Promise<ProjectDescription> {
    const folder = flakeFolder(project);
    return {
        flake: project.flake ?? null,
        toolchainFile: project.toolchainFile ?? null,
        cargo: project.cargo ?? null,
        devShells: folder === undefined ? null : await listShells(folder),
    };
}
