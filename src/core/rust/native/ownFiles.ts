import { existsSync } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../../textFile";
import type { CargoConfig } from "../cargo/cargoConfig";
import type { Resolution } from "../cargo/resolve";
import { isForPlatform, type BuildPlatform } from "../cargo/targetPlatform";
import type { LocalPackage } from "../cargo/workspace";
import type { Match } from "./suggest";
import type { CrateRow, KnownLibraries } from "./table";

/** A file of a package. */
export interface SourceFile {
    /** Its name, from the package's folder. */
    readonly file: string;
    readonly text: string;
}

/** What of a project is looked at, and the names that are known. */
export interface OwnFiles {
    readonly config: CargoConfig;
    readonly sources: ReadonlyMap<LocalPackage, readonly SourceFile[]>;
    readonly libraries: KnownLibraries;
}

/** Where `#[link(name = …)]` usually is, in packages that call C: those that use libc. */
const FOREIGN_CODE = ["src/lib.rs", "src/main.rs", "src/ffi.rs", "src/sys.rs"];

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
    const found = [...locals].flatMap(([index, local]) => {
        const built = resolution.get(index);
        if (built === undefined) return [];
        const groupOf = (feature: string): number | undefined => built.features.get(feature);
        const path = [local.manifest.package?.name ?? ""];
        return [
            ...systemDependencies(local, groupOf, built.group, libraries),
            ...named(local, libraries).map((need) => ({ ...need, group: built.group })),
            ...buildScripts(sources.get(local) ?? [], libraries).map((need) => ({
                ...need,
                group: built.group,
            })),
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
        const attribute = pkgConfig[name];
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

/** A package that is called as a library is, and that asks pkg-config: for that library. */
function named(
    { manifest }: LocalPackage,
    { pkgConfig }: KnownLibraries,
): Omit<Found, "path" | "group">[] {
    const name = manifest.package?.name.replace(/-sys$/, "") ?? "";
    const attribute = pkgConfig[name];
    const asks = manifest.dependencies.some(({ name: used }) => used === "pkg-config");
    if (attribute === undefined || !asks) return [];
    const give = { nativeBuildInputs: ["pkg-config"], buildInputs: [attribute] };
    return [{ file: "Cargo.toml", why: `It asks pkg-config, most likely for ${name}.`, give }];
}

const PROBES = /\bprobe(?:_library)?\(\s*"([\w.+-]+)"/g;
const LINKS =
    /cargo::?rustc-link-lib=(?:(?:dylib|static)(?::[\w+,-]+)?=)?([\w.+-]+)|#\[link\(name\s*=\s*"([\w.+-]+)"/g;
function buildScripts(
    sources: readonly SourceFile[],
    { pkgConfig, linked }: KnownLibraries,
): Omit<Found, "path" | "group">[] {
    return sources.flatMap(({ file, text }) => {
        const probed = [...text.matchAll(PROBES)].flatMap(([, name = ""]) => {
            const attribute = pkgConfig[name];
            const give = { nativeBuildInputs: ["pkg-config"], buildInputs: [attribute ?? ""] };
            return attribute === undefined
                ? []
                : [{ file, why: `It asks pkg-config for ${name}.`, give }];
        });
        const links = [...text.matchAll(LINKS)].flatMap(([, script, attribute]) => {
            const name = script ?? attribute ?? "";
            const library = linked[name];
            return library === undefined
                ? []
                : [{ file, why: `It links ${name}.`, give: { buildInputs: [library] } }];
        });
        return [...probed, ...links];
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
        const attribute = programs[name];
        if (attribute === undefined) return [];
        const give = { nativeBuildInputs: [attribute] };
        return [{ file, why: `Cargo is told to use ${name} as ${use}.`, give, group: 0, path: [] }];
    });
}

/** The files of a package in which libraries are named, without comments of whole lines. */
export function nativeSources({ folder, manifest }: LocalPackage): SourceFile[] {
    const hasForeignCode = manifest.dependencies.some(({ name }) => name === "libc");
    const names = hasForeignCode ? ["build.rs", ...FOREIGN_CODE] : ["build.rs"];
    return names
        .filter((file) => existsSync(join(folder, file)))
        .map((file) => ({
            file,
            text: (readTextFile(join(folder, file)) ?? "").replace(/^\s*\/\/.*$/gm, ""),
        }));
}
