import { detectProject, type Project } from "../../project/project";
import { readWorkspace } from "../cargo/workspace";
import { readToolchainFile } from "../toolchainFile";
import { nativeNeeds } from "./analysis";
import type { NativeNeeds } from "./needs";

/** What a project needs besides Rust, from its files; undefined where it has no Cargo.toml. */
export async function readNativeNeeds(project: Project): Promise<NativeNeeds | undefined> {
    if (project.cargo === undefined) return undefined;
    const workspace = await readWorkspace(project.cargo);
    if (workspace === undefined) return undefined;
    const toolchain = project.toolchainFile ?? detectProject(workspace.root).toolchainFile;
    const request = toolchain === undefined ? undefined : await readToolchainFile(toolchain);
    return await nativeNeeds(workspace, request?.targets ?? []);
}
