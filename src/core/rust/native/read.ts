import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { detectProject, subfolders, type Project } from "../../project/project";
import { readCargoConfig } from "../cargo/cargoConfig";
import type { BuildPlatform } from "../cargo/targetPlatform";
import { readWorkspace, type CargoWorkspace } from "../cargo/workspace";
import { readToolchainFile } from "../toolchainFile";
import { nativeNeeds } from "./analysis";
import type { NativeNeeds } from "./needs";
import { recipesIn } from "./recipe/recipe";

/**
 * What a project needs besides Rust, from its files; undefined where it has no Cargo.toml.
 *
 * @param metadata what `cargo metadata` printed for a platform, where it was run (see metadata.ts)
 */
export async function readNativeNeeds(
    project: Project,
    metadata: ReadonlyMap<BuildPlatform, string> = new Map(),
): Promise<NativeNeeds | undefined> {
    const workspace = await workspaceOf(project);
    if (workspace === undefined) return undefined;
    const toolchain = project.toolchainFile ?? detectProject(workspace.root).toolchainFile;
    const request = toolchain === undefined ? undefined : await readToolchainFile(toolchain);
    const config = await readCargoConfig(workspace.root, project.repository ?? workspace.root);
    const recipes = recipesIn(workspace.root, project.repository);
    return await nativeNeeds(workspace, {
        config,
        targets: request?.targets ?? [],
        metadata,
        recipes,
    });
}

/** The workspace of the project's Cargo.toml, or one below the folder that has a lock. */
async function workspaceOf({ cargo, folder }: Project): Promise<CargoWorkspace | undefined> {
    if (cargo === undefined) return undefined;
    const first = await readWorkspace(cargo);
    if (first?.lock !== undefined || dirname(cargo) === folder) return first;
    const locked = lockedBelow(folder);
    return (locked === undefined ? undefined : await readWorkspace(locked)) ?? first;
}

/** How many folders are looked at, so that a huge tree costs no more than a small one. */
const SEARCHED_FOLDERS = 300;

/** The outermost Cargo.toml below a folder that has a Cargo.lock beside it. */
function lockedBelow(folder: string): string | undefined {
    const queue = [folder];
    for (let at = 0; at < Math.min(queue.length, SEARCHED_FOLDERS); at++) {
        const parent = queue[at] ?? folder;
        const manifest = join(parent, "Cargo.toml");
        if (existsSync(manifest) && existsSync(join(parent, "Cargo.lock"))) return manifest;
        queue.push(...subfolders(parent).map((name) => join(parent, name)));
    }
    return undefined;
}
