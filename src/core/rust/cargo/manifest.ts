import { parseToml, table, texts, type Table } from "./toml";

/** How a package uses another one. */
export type DependencyKind = "normal" | "build" | "dev";

/** One line of a manifest's tables of dependencies. */
export interface ManifestDependency {
    /** What the manifest calls it, and its features too. */
    readonly key: string;
    /** What its own manifest calls it: differs where it is renamed. */
    readonly name: string;
    readonly kind: DependencyKind;
    /** The platforms that it is for: a triple or `cfg(…)`; undefined for all. */
    readonly target: string | undefined;
    readonly isOptional: boolean;
    readonly features: readonly string[];
    readonly hasDefaultFeatures: boolean;
    /** The version that is asked for, such as `0.12` or `>=1, <3`. */
    readonly requirement: string | undefined;
    /** The folder of a package that is in the project, relative to the manifest's. */
    readonly path: string | undefined;
}

/** What a Cargo.toml says. */
export interface Manifest {
    /** Undefined in a virtual workspace, which has no package of its own. */
    readonly package: ManifestPackage | undefined;
    readonly workspace: ManifestWorkspace | undefined;
    readonly dependencies: readonly ManifestDependency[];
    readonly features: ReadonlyMap<string, readonly string[]>;
    /** Folders that stand in for published packages, by `[patch]` or `[replace]`. */
    readonly patches: readonly string[];
}

export interface ManifestPackage {
    readonly name: string;
    /** Undefined where it is inherited from the workspace, or left out. */
    readonly version: string | undefined;
    readonly edition: string | undefined;
    readonly rustVersion: string | undefined;
    readonly description: string | undefined;
    /** The root of its workspace, where the manifest names it. */
    readonly workspace: string | undefined;
    /** The names of the programs that `[[bin]]` lists; those of src/bin and src/main.rs are not. */
    readonly binaries: readonly string[];
    readonly defaultRun: string | undefined;
    /**
     * The features that the program needs which is run by default, or else the first, where none of
     * its programs is built without such.
     */
    readonly programFeatures: readonly string[];
    /** Its build script, from the package's folder; undefined where it says that it has none. */
    readonly buildScript: string | undefined;
    /** The kinds of its library: `cdylib`, `staticlib`, … */
    readonly libraryKinds: readonly string[];
    /** `[package.metadata]`: what other programs than cargo read. */
    readonly metadata: Readonly<Record<string, unknown>>;
}

export interface ManifestWorkspace {
    readonly members: readonly string[];
    readonly exclude: readonly string[];
    readonly defaultMembers: readonly string[] | undefined;
    readonly dependencies: Readonly<Record<string, unknown>>;
    readonly package: Readonly<Record<string, unknown>>;
    readonly metadata: Readonly<Record<string, unknown>>;
}

const TABLES: readonly (readonly [DependencyKind, ...string[]])[] = [
    ["normal", "dependencies"],
    ["build", "build-dependencies", "build_dependencies"],
    ["dev", "dev-dependencies", "dev_dependencies"],
];

/**
 * Reads the text of a Cargo.toml.
 *
 * @param root the workspace's, from which `workspace = true` takes what it stands for
 * @returns undefined where it is not TOML
 */
export async function parseManifest(
    text: string,
    root: ManifestWorkspace | undefined,
): Promise<Manifest | undefined> {
    const toml = await parseToml(text);
    if (toml === undefined) return undefined;
    const workspace = workspaceOf(toml["workspace"]);
    const inherited = workspace ?? root;
    const targets = Object.entries(table(toml["target"]));
    return {
        package: packageOf(toml, inherited),
        workspace,
        dependencies: [
            ...dependenciesOf(toml, undefined, inherited),
            ...targets.flatMap(([target, under]) =>
                dependenciesOf(table(under), target, inherited),
            ),
        ],
        features: new Map(
            Object.entries(table(toml["features"])).map(([name, list]) => [name, texts(list)]),
        ),
        patches: [...Object.values(table(toml["patch"])), toml["replace"]]
            .flatMap((patched) => Object.values(table(patched)))
            .flatMap((patch) => textOf(table(patch)["path"]) ?? []),
    };
}

function packageOf(toml: Table, root: ManifestWorkspace | undefined): ManifestPackage | undefined {
    const own = table(toml["package"] ?? toml["project"]);
    const name = textOf(own["name"]);
    if (name === undefined) return undefined;
    const value = (key: string): unknown =>
        table(own[key])["workspace"] === true ? root?.package[key] : own[key];
    const library = table(toml["lib"]);
    const build = own["build"];
    return {
        name,
        version: textOf(value("version")),
        edition: textOf(value("edition")),
        rustVersion: textOf(value("rust-version")),
        description: textOf(value("description")),
        workspace: textOf(own["workspace"]),
        binaries: tables(toml["bin"]).flatMap((binary) => textOf(binary["name"]) ?? []),
        defaultRun: textOf(own["default-run"]),
        programFeatures: programFeatures(tables(toml["bin"]), [own["default-run"], name]),
        buildScript: build === false ? undefined : (textOf(build) ?? "build.rs"),
        libraryKinds: texts(library["crate-type"] ?? library["crate_type"]),
        metadata: table(own["metadata"]),
    };
}

function programFeatures(binaries: readonly Table[], names: readonly unknown[]): readonly string[] {
    const required = new Map(
        binaries.map((binary) => [binary["name"], texts(binary["required-features"])]),
    );
    if ([...required.values()].some((features) => features.length === 0)) return [];
    const main = names.find((name) => required.has(name)) ?? binaries[0]?.["name"];
    return required.get(main) ?? [];
}

function workspaceOf(value: unknown): ManifestWorkspace | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    const own = table(value);
    const defaults = own["default-members"];
    return {
        members: texts(own["members"]),
        exclude: texts(own["exclude"]),
        defaultMembers: defaults === undefined ? undefined : texts(defaults),
        dependencies: table(own["dependencies"]),
        package: table(own["package"]),
        metadata: table(own["metadata"]),
    };
}

function dependenciesOf(
    under: Table,
    target: string | undefined,
    root: ManifestWorkspace | undefined,
): ManifestDependency[] {
    return TABLES.flatMap(([kind, ...names]) =>
        names.flatMap((name) =>
            Object.entries(table(under[name])).map(([key, value]) =>
                dependencyOf(key, { kind, target }, value, root),
            ),
        ),
    );
}

function dependencyOf(
    key: string,
    where: Pick<ManifestDependency, "kind" | "target">,
    value: unknown,
    root: ManifestWorkspace | undefined,
): ManifestDependency {
    const own = typeof value === "string" ? { version: value } : table(value);
    const isInherited = own["workspace"] === true;
    const shared = isInherited ? root?.dependencies[key] : undefined;
    const base = typeof shared === "string" ? { version: shared } : table(shared);
    const defaults = [own, base].map(
        (from) => from["default-features"] ?? from["default_features"],
    );
    return {
        key,
        name: textOf(own["package"]) ?? textOf(base["package"]) ?? key,
        ...where,
        isOptional: own["optional"] === true,
        features: [...texts(base["features"]), ...texts(own["features"])],
        // A member can turn on the default features that its workspace leaves out, never off.
        hasDefaultFeatures: isInherited
            ? defaults[0] === true || defaults[1] !== false
            : defaults[0] !== false,
        requirement: textOf(own["version"]) ?? textOf(base["version"]),
        path: textOf(own["path"]) ?? textOf(base["path"]),
    };
}

function tables(value: unknown): Table[] {
    return Array.isArray(value) ? value.map(table) : [];
}

function textOf(value: unknown): string | undefined {
    return typeof value === "string" ? value : undefined;
}
