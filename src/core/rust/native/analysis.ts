import { relative } from "node:path";
import { customOptions, type CargoConfig } from "../cargo/cargoConfig";
import { factsOf, localPackages, rootsOf } from "../cargo/facts";
import { parseCargoLock, type CargoLock, type CargoLockProblem } from "../cargo/cargoLock";
import { parseMetadata, type ResolvedByCargo } from "../cargo/metadata";
import { everythingOf, resolve, type KnownDependency, type PackageFacts } from "../cargo/resolve";
import type { BuildPlatform } from "../cargo/targetPlatform";
import { isSatisfiedBy } from "../cargo/versionRequirement";
import type { CargoWorkspace, LocalPackage } from "../cargo/workspace";
import { collected } from "./collect";
import { isForeignCrate } from "./foreignCrates";
import type { NativeNeeds } from "./needs";
import { ownNeeds } from "./ownFiles";
import type { Recipe } from "./recipe/recipe";
import { recipeNeeds } from "./recipe/recipeNeeds";
import { signsOf } from "./signs";
import { nativeSources } from "./sourceFiles";
import { matches, type Match } from "./suggest";
import { nativeTable, type CrateFeatures, type CrateRow, type NativeTable } from "./table";

const PLATFORMS: readonly BuildPlatform[] = ["linux", "darwin"];

/** What is known of a project besides its workspace. */
export interface Context {
    readonly config: CargoConfig;
    /** The targets that its toolchain file names. */
    readonly targets: readonly string[];
    /** What `cargo metadata` printed for a platform, which is exact where it is at hand. */
    readonly metadata: ReadonlyMap<BuildPlatform, string>;
    /** What else tells how the project is built and worked on. */
    readonly recipes: readonly Recipe[];
}

/** What a workspace needs besides Rust: from its files, and from cargo where it was asked. */
export async function nativeNeeds(
    workspace: CargoWorkspace,
    { config, targets, metadata, recipes }: Context,
): Promise<NativeNeeds> {
    const lock = workspace.lock === undefined ? undefined : parseCargoLock(workspace.lock);
    const table = await nativeTable();
    const others = await recipeNeeds(recipes, table.libraries);
    if (lock === undefined || "kind" in lock) {
        return { ...collected(0, others), notes: [problemText(lock)] };
    }
    const signs = signsOf(workspace, [...targets, ...config.targets]);
    const sources = nativeSources(workspace.packages, new Set(Object.keys(table.libraries.linked)));
    const own = { config, sources, libraries: table.libraries };
    const fromFiles = resolver(lock, workspace, table, customOptions(config));
    const found = PLATFORMS.flatMap((platform) => {
        const base = parseMetadata(metadata.get(platform) ?? "") ?? fromFiles(platform);
        const locals = localPackages(base.lock, workspace);
        return [
            ...matches({ ...base, platform, locals, signs }, table.rows).filter(
                isForeignTo(locals),
            ),
            ...ownNeeds(platform, base.resolution, locals, own),
        ];
    });
    const needs = collected(lock.packages.length, [...found, ...newIn(others, found)]);
    return { ...needs, notes: unreadable(workspace) };
}

/** A project does not need a tool that it is itself. */
function isForeignTo(locals: ReadonlyMap<number, LocalPackage>): (match: Match) => boolean {
    const own = new Set([...locals.values()].map(({ manifest }) => manifest.package?.name));
    return ({ row }) => row.tools?.some((tool) => own.has(tool)) !== true;
}

/** Resolves a lock for one platform after the other, with what they have in common done once. */
function resolver(
    lock: CargoLock,
    workspace: CargoWorkspace,
    table: NativeTable,
    custom: ReadonlySet<string>,
): (platform: BuildPlatform) => ResolvedByCargo {
    const locals = localPackages(lock, workspace);
    const facts = knowledge(lock, locals, table);
    const roots = rootsOf(locals);
    const everything = everythingOf({ lock, facts, roots });
    const asked = lock.packages.map(({ name }) => table.names.has(name));
    return (platform) => {
        const foreign = lock.packages.map(({ name }) => isForeignCrate(name, platform));
        const isForeign = (index: number): boolean => foreign[index] === true;
        const resolution = resolve({
            lock,
            facts,
            platform,
            isForeign,
            isAskedAbout: (index) => asked[index] === true,
            custom,
            roots,
            everything,
        });
        return { lock, resolution };
    };
}

/** What crates ask for needs no other reason. */
function newIn(others: readonly Match[], found: readonly Match[]): Match[] {
    const known = new Set(found.flatMap(({ row }) => attributesOf(row)));
    return others.filter(({ row }) => attributesOf(row).some((name) => !known.has(name)));
}

function attributesOf(row: CrateRow): readonly string[] {
    return [
        row.nativeBuildInputs,
        row.buildInputs,
        row.linuxBuildInputs,
        row.darwinBuildInputs,
        row.runtimeLibraries,
        row.tools,
    ].flatMap((list) => list ?? []);
}

function unreadable({ root, unreadable: files }: CargoWorkspace): string[] {
    return files.map(
        (file) => `${relative(root, file)} can't be read: what it needs is not known.`,
    );
}

function problemText(problem: CargoLockProblem | undefined): string {
    if (problem === undefined) {
        return "There is no Cargo.lock: `cargo generate-lockfile` writes one.";
    }
    switch (problem.kind) {
        case "conflict":
            return `Cargo.lock has a merge conflict in line ${problem.line}: solve it first.`;
        case "version":
            return `Cargo.lock has the format ${problem.version}, which is newer than what can be read.`;
        case "syntax":
            return `Cargo.lock can't be read: line ${problem.line} is not what cargo writes.`;
    }
}

/** What is known of each package, looked up once. */
function knowledge(
    lock: CargoLock,
    locals: ReturnType<typeof localPackages>,
    { features }: NativeTable,
): (index: number) => PackageFacts | undefined {
    const known = new Map<number, PackageFacts | undefined>();
    const find = (index: number): PackageFacts | undefined => {
        const local = locals.get(index);
        if (local !== undefined) return factsOf(lock, index, local);
        const { name = "", version = "" } = lock.packages[index] ?? {};
        const own = features
            .get(name)
            ?.find((entry) => isSatisfiedBy(entry.version ?? "*", version));
        return own && published(lock, index, own);
    };
    return (index) => {
        if (!known.has(index)) known.set(index, find(index));
        return known.get(index);
    };
}

function published(lock: CargoLock, index: number, own: CrateFeatures): PackageFacts {
    const locked = lock.packages[index]?.dependencies ?? [];
    const dependencies = Object.entries(own.dependencies).flatMap(([key, dependency]) =>
        locked
            .filter((to) => lock.packages[to]?.name === (dependency.package ?? key))
            .map((to): KnownDependency => ({
                index: to,
                key,
                kind: "normal",
                target: dependency.target,
                isOptional: dependency.optional === true,
                isWeak: dependency.weak === true,
                features: dependency.features ?? [],
                hasDefaultFeatures: dependency.defaultFeatures !== false,
            })),
    );
    return { features: new Map(Object.entries(own.features)), dependencies, isComplete: false };
}
