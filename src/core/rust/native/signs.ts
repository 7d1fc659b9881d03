import { statSync } from "node:fs";
import { join } from "node:path";
import type { CargoWorkspace } from "../cargo/workspace";

/**
 * Something in a project, besides its crates, that speaks for a tool: `wasm32` where wasm is really
 * built, `wasm-module` where only one of several packages could be, `cargo-leptos` for its settings in a manifest, or the name of a tool's own file.
 */
export type Sign = "wasm32" | "wasm-module" | "Trunk.toml" | "cargo-leptos" | "Dioxus.toml";

/** Crates that only programs for web pages use directly. */
const WEB =
    /^(?:wasm-bindgen(?:-futures)?|js-sys|web-sys|gloo(?:-.*)?|yew|leptos|dioxus|sycamore)$/;

/** Looks for the signs in a workspace, given the targets that its files name. */
export function signsOf(workspace: CargoWorkspace, targets: readonly string[]): Set<Sign> {
    const signs = new Set<Sign>();
    const members = workspace.packages.filter(({ membership }) => membership !== undefined);
    const metadata = [workspace.rootManifest.workspace?.metadata];
    const isForWeb = targets.includes("wasm32-unknown-unknown");
    for (const { manifest } of members) {
        metadata.push(manifest.package?.metadata);
        const used = manifest.dependencies.filter(({ name }) => WEB.test(name));
        const isModule = manifest.package?.libraryKinds.includes("cdylib") === true;
        const bindings = used.filter(({ name }) => name === "wasm-bindgen");
        // What a package uses only on the web, or only if asked, is one of several ways to build it.
        const isAlways = bindings.some(
            ({ target, isOptional }) => target === undefined && !isOptional,
        );
        if (used.length > 0 && isForWeb) signs.add("wasm32");
        if (isModule && bindings.length > 0)
            signs.add(isAlways && members.length === 1 ? "wasm32" : "wasm-module");
    }
    if (metadata.some((tools) => tools?.["leptos"] !== undefined)) signs.add("cargo-leptos");
    const folders = new Set([workspace.root, ...members.map(({ folder }) => folder)]);
    for (const file of ["Trunk.toml", "Dioxus.toml"] as const) {
        if ([...folders].some((folder) => isFile(join(folder, file)))) signs.add(file);
    }
    return signs;
}

function isFile(path: string): boolean {
    try {
        return statSync(path).isFile();
    } catch {
        return false;
    }
}
