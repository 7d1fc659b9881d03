import { readNativeNeeds } from "../../../../../src/core/rust/native/read";
import type { NativeNeeds } from "../../../../../src/core/rust/native/needs";
import { detectProject } from "../../../../../src/core/project/project";
import type { TestFolder } from "../../../testFolder";

/**
 * A Cargo.lock by its packages and what they depend on: `"a 1.2.0": ["b"]`. Versions may be left
 * out; packages that are only depended on need not be listed. Those of `local` have no source.
 */
export function lockOf(
    packages: Readonly<Record<string, readonly string[]>>,
    local: readonly string[] = ["app"],
): string {
    const all = new Map(Object.entries(packages));
    const names = new Set([...all.keys()].map((key) => key.split(" ")[0]));
    for (const name of Object.values(packages).flat()) if (!names.has(name)) all.set(name, []);
    const parts = [...all].map(([key, dependencies]) => {
        const [name = "", version = "1.0.0"] = key.split(" ");
        const source = local.includes(name)
            ? ""
            : 'source = "registry+https://github.com/rust-lang/crates.io-index"\n';
        const list = dependencies.map((dependency) => ` "${dependency}",\n`).join("");
        return `[[package]]\nname = "${name}"\nversion = "${version}"\n${source}dependencies = [\n${list}]\n`;
    });
    return `version = 4\n\n${parts.join("\n")}`;
}

/** What a project needs with this lock, and a manifest with these tables. */
export async function needsOf(
    folder: TestFolder,
    manifest: string,
    packages: Readonly<Record<string, readonly string[]>>,
    local: readonly string[] = ["app"],
): Promise<NativeNeeds> {
    folder.write("Cargo.toml", `[package]\nname = "app"\nversion = "1.0.0"\n${manifest}`);
    folder.write("Cargo.lock", lockOf(packages, local));
    const needs = await readNativeNeeds(detectProject(folder.path));
    if (needs === undefined) throw new Error("no needs");
    return needs;
}

/** All that is needed and not optional, in short: `openssl`, `dlopen:wayland`, `NAME=value`. */
export function shownNeeds(needs: NativeNeeds): string[] {
    const needed = <T extends { readonly isOptional: boolean }>(list: readonly T[]): T[] =>
        list.filter(({ isOptional }) => !isOptional);
    return [
        ...needed([...needs.nativeBuildInputs, ...needs.buildInputs, ...needs.tools]).map(
            ({ attribute }) => attribute,
        ),
        ...needed(needs.runtimeLibraries).map(({ attribute }) => `dlopen:${attribute}`),
        ...needed(needs.hardeningDisable).map(({ attribute }) => `hardening:${attribute}`),
        ...needed(needs.environment).map(({ name, value }) => `${name}=${value}`),
    ].sort();
}
