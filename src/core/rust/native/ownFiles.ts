import { lookUp } from "../../lookUp";
import type { CargoConfig } from "../cargo/cargoConfig";
import type { Resolution } from "../cargo/resolve";
import { isForPlatform, type BuildPlatform } from "../cargo/targetPlatform";
import type { LocalPackage } from "../cargo/workspace";
import { activeSource } from "./activeSource";
import type { SourceFile } from "./sourceFiles";
import type { Match } from "./suggest";
import type { CrateRow, KnownLibraries } from "./table";

/** What of a project is looked at, and the names that are known. */
export interface OwnFiles {
    readonly config: CargoConfig;
    readonly sources: ReadonlyMap<LocalPackage, readonly SourceFile[]>;
    readonly libraries: KnownLibraries;
}

/** What a library or program is found by in the project's own files. */
interface Found {
    readonly file: string;
    readonly why: string;
    readonly give: Pick<CrateRow, "nativeBuildInputs" | "buildInputs" | "tools">;
    readonly group: number;
    readonly path: readonly string[];
}

/**
 * What the project's own files ask for, which no lock shows: `[package.metadata.system-deps]`, its
 * build scripts, and the linker and programs of cargo's configuration.
 */
export function ownNeeds(
    platform: BuildPlatform,
    resolution: Resolution,
    locals: ReadonlyMap<number, LocalPackage>,
    { config, sources, libraries }: OwnFiles,
): Match[] {
    const searchers = new Set([...locals.values()].filter(asksPkgConfig).map(nameOf));
    const found = [...locals].flatMap(([index, local]) => {
        const built = resolution.get(index);
        if (built === undefined) return [];
        const groupOf = (feature: string): number | undefined => built.features.get(feature);
        const path = [nameOf(local)];
        const options = new Set([...built.features.keys()].map((name) => `feature="${name}"`));
        const active = (sources.get(local) ?? []).map(({ file, text }) => ({
            file,
            text: activeSource(text, (condition) => isForPlatform(condition, platform, options)),
        }));
        const asks =
            asksPkgConfig(local) ||
            local.manifest.dependencies.some(({ name }) => searchers.has(name));
        return [
            ...systemDependencies(local, groupOf, built.group, libraries),
            ...[
                ...named(local, libraries),
                ...active.flatMap((source) => linked(source, local, libraries)),
                ...active
                    .filter(({ file }) => file === local.manifest.package?.buildScript)
                    .filter(({ text }) => asks || /\bpkg_config\b/.test(text))
                    .flatMap((source) => searchedFor(source, libraries)),
            ].map((need) => ({ ...need, group: built.group })),
        ].map((need) => ({ ...need, path }));
    });
    const programs = configured(config, platform, libraries);
    return [...found, ...programs].flatMap((need) => matchOf(need, platform, libraries));
}

function matchOf(
    { file, why, give, group, path }: Found,
    platform: BuildPlatform,
    { linuxOnly }: KnownLibraries,
): Match[] {
    const isLinuxOnly = give.buildInputs?.some((attribute) => linuxOnly.includes(attribute));
    if (isLinuxOnly === true && platform !== "linux") return [];
    const row = {
        id: "own",
        crates: [file],
        certainty: "likely",
        why,
        source: file,
        ...give,
    } as const;
    const reason = { crate: file, version: undefined, rule: why, path: [...path, file] };
    return [{ row, version: "", reason, group, platform }];
}

/** The libraries that the crate system-deps is told to find. */
function systemDependencies(
    { manifest }: LocalPackage,
    groupOf: (feature: string) => number | undefined,
    group: number,
    { pkgConfig }: KnownLibraries,
): Omit<Found, "path">[] {
    const asked = manifest.package?.metadata["system-deps"];
    if (typeof asked !== "object" || asked === null) return [];
    return Object.entries(asked).flatMap(([key, value]) => {
        const own =
            typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
        const name = typeof own["name"] === "string" ? own["name"] : key;
        const attribute = lookUp(pkgConfig, name);
        const { feature } = own;
        const since = typeof feature === "string" ? groupOf(feature) : group;
        if (attribute === undefined || since === undefined || own["optional"] === true) return [];
        return {
            file: "Cargo.toml",
            why: `[package.metadata.system-deps] asks for ${name}.`,
            give: { nativeBuildInputs: ["pkg-config"], buildInputs: [attribute] },
            group: since,
        };
    });
}

function nameOf({ manifest }: LocalPackage): string {
    return manifest.package?.name ?? "";
}

/** Whether a package's build script, or one that uses it, looks for libraries with pkg-config. */
function asksPkgConfig({ manifest }: LocalPackage): boolean {
    return manifest.dependencies.some(({ name }) => name === "pkg-config");
}

/** A package that is called as a library is, and that asks pkg-config: for that library. */
function named(
    local: LocalPackage,
    { pkgConfig }: KnownLibraries,
): Omit<Found, "path" | "group">[] {
    const name = nameOf(local).replace(/-sys$/, "");
    const attribute = lookUp(pkgConfig, name);
    if (attribute === undefined || !asksPkgConfig(local)) return [];
    const give = { nativeBuildInputs: ["pkg-config"], buildInputs: [attribute] };
    return [{ file: "Cargo.toml", why: `It asks pkg-config, most likely for ${name}.`, give }];
}

/** A text in a build script, without what it says of versions: `icu-uc icu-io`, `zlib >= 1.2`. */
const TEXTS = /"([\w.+-]+(?:\s+[\w.+-]+)*)(?:\s*[<>=]+[^"]*)?"/g;

/** What a build script that asks pkg-config names: all the words of a text are libraries. */
function searchedFor(
    { file, text }: SourceFile,
    { pkgConfig }: KnownLibraries,
): Omit<Found, "path" | "group">[] {
    return [...text.matchAll(TEXTS)].flatMap(([, words = ""]) => {
        const names = words.split(/\s+/);
        const attributes = names.flatMap((name) => lookUp(pkgConfig, name) ?? []);
        if (attributes.length < names.length) return [];
        const give = { nativeBuildInputs: ["pkg-config"], buildInputs: attributes };
        return [{ file, why: `It asks pkg-config for ${names.join(", ")}.`, give }];
    });
}

/** Libraries that are linked by their names; those that are linked statically were just built. */
const LINKS =
    /cargo::?rustc-link-lib=(?:dylib(?::[\w+,-]+)?=)?([\w.+-]+)(?!=)\b|#\[link\(name\s*=\s*"([\w.+-]+)"\s*(?:,\s*kind\s*=\s*"dylib"\s*)?\)/g;

function linked(
    { file, text }: SourceFile,
    { manifest }: LocalPackage,
    libraries: KnownLibraries,
): Omit<Found, "path" | "group">[] {
    const used = new Set(manifest.dependencies.map(({ name }) => name.replace(/[-_]/g, "")));
    return [...text.matchAll(LINKS)].flatMap(([, script, attribute]) => {
        const name = script ?? attribute ?? "";
        const library = lookUp(libraries.linked, name);
        // The crate that brings a library says for itself what it needs.
        const isBrought = [`${name}sys`, `lib${name}sys`].some((crate) => used.has(crate));
        if (library === undefined || isBrought) return [];
        return [{ file, why: `It links ${name}.`, give: { buildInputs: [library] } }];
    });
}

/** The programs of `.cargo/config.toml`, without which no build works. */
function configured(
    { perTarget, targets, wrapper }: CargoConfig,
    platform: BuildPlatform,
    { programs }: KnownLibraries,
): Found[] {
    const file = ".cargo/config.toml";
    const isMeant = (target: string | undefined): boolean =>
        target === undefined ||
        isForPlatform(target, platform) ||
        targets.includes(target) ||
        (target.startsWith("cfg") && /target_os\s*=\s*"none"/.test(target));
    const uses = perTarget
        .filter(({ target }) => isMeant(target))
        .flatMap(({ linker, runner, rustflags }) => {
            const flags = rustflags.join(" ");
            const linkers = [...flags.matchAll(/-fuse-ld=([\w./-]+)|linker=([\w./-]+)/g)];
            return [
                ["the linker", linker] as const,
                ...linkers.map(([, shared, own]) => ["the linker", shared ?? own] as const),
                ["the runner", runner] as const,
            ];
        });
    return [...uses, ["the wrapper of rustc", wrapper] as const].flatMap(([use, program]) => {
        const name = program?.split("/").pop() ?? "";
        const attribute = lookUp(programs, name);
        if (attribute === undefined) return [];
        const give = { nativeBuildInputs: [attribute] };
        return [{ file, why: `Cargo is told to use ${name} as ${use}.`, give, group: 0, path: [] }];
    });
}
