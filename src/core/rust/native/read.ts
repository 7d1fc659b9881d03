import { detectProject, type Project } from "../../project/project";
import { readCargoConfig } from "../cargo/cargoConfig";
import type { BuildPlatform } from "../cargo/targetPlatform";
import { readWorkspace } from "../cargo/workspace";
import { readToolchainFile } from "../toolchainFile";
import { nativeNeeds } from "./analysis";
import type { NativeNeeds } from "./needs";

/**
 * What a project needs besides Rust, from its files; undefined where it has no Cargo.toml.
 *
 * @param metadata what `cargo metadata` printed for a platform, where it was run (see metadata.ts)
 */
export async function readNativeNeeds(
    project: Project,
    metadata: ReadonlyMap<BuildPlatform, string> = new Map(),
): Promise<NativeNeeds | undefined> {
    if (project.cargo === undefined) return undefined;
    const workspace = await readWorkspace(project.cargo);
    if (workspace === undefined) return undefined;
    const toolchain = project.toolchainFile ?? detectProject(workspace.root).toolchainFile;
    const request = toolchain === undefined ? undefined : await readToolchainFile(toolchain);
    const config = await readCargoConfig(workspace.root, project.repository ?? workspace.root);
    return await nativeNeeds(workspace, { config, targets: request?.targets ?? [], metadata });
}
