import { apply } from "../environment/change";
import type { Environment } from "../environment/environment";
import type { Project } from "../project/project";
import { askCargo } from "../rust/cargo/askCargo";
import type { BuildPlatform } from "../rust/cargo/targetPlatform";
import type { NativeNeeds } from "../rust/native/needs";
import { readNativeNeeds } from "../rust/native/read";
import type { Snapshot } from "../snapshot";
import { run } from "./programs";

/** What a project needs besides Rust; exact where the cargo of the dev shell in use can tell. */
export async function nativeNeeds(
    project: Project,
    current: Snapshot | undefined,
    base: Environment,
): Promise<NativeNeeds | undefined> {
    return readNativeNeeds(project, await resolvedByCargo(project, current, base));
}

async function resolvedByCargo(
    { cargo: manifest }: Project,
    current: Snapshot | undefined,
    base: Environment,
): Promise<ReadonlyMap<BuildPlatform, string>> {
    const cargo = current?.toolchain?.tools["cargo"];
    if (current === undefined || cargo === undefined || manifest === undefined) return new Map();
    return askCargo({ cargo, manifest, env: apply(current.changes, base), run });
}
