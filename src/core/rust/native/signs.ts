import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { CargoWorkspace } from "../cargo/workspace";

/**
 * Something in a project, besides its crates, that speaks for a tool: `wasm32` where wasm is really
 * built, `cargo-leptos` for its settings in a manifest, or the name of a tool's own file.
 */
export type Sign = "wasm32" | "Trunk.toml" | "cargo-leptos" | "Dioxus.toml";

/** Looks for the signs in a workspace, given the targets that its files name. */
export function signsOf(workspace: CargoWorkspace, targets: readonly string[]): Set<Sign> {
    const signs = new Set<Sign>();
    const folders = new Set([workspace.root]);
    for (const { folder, manifest, membership } of workspace.packages) {
        if (membership === undefined) continue;
        folders.add(folder);
        const uses = manifest.dependencies.some(({ name }) => name === "wasm-bindgen");
        const isLibrary = manifest.package?.libraryKinds.includes("cdylib") === true;
        if (uses && isLibrary) signs.add("wasm32");
        if (manifest.package?.metadata["leptos"] !== undefined) signs.add("cargo-leptos");
    }
    if (workspace.rootManifest.workspace?.metadata["leptos"] !== undefined)
        signs.add("cargo-leptos");
    if (targets.some((target) => target.startsWith("wasm32"))) signs.add("wasm32");
    for (const file of ["Trunk.toml", "Dioxus.toml"] as const) {
        if ([...folders].some((folder) => isFile(join(folder, file)))) signs.add(file);
    }
    return signs;
}

function isFile(path: string): boolean {
    try {
        readFileSync(path);
        return true;
    } catch {
        return false;
    }
}
