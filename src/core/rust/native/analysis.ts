import { factsOf, localPackages, rootsOf } from "../cargo/facts";
import { parseCargoLock, type CargoLock, type CargoLockProblem } from "../cargo/cargoLock";
import { resolve, type KnownDependency, type PackageFacts } from "../cargo/resolve";
import type { BuildPlatform } from "../cargo/targetPlatform";
import { isSatisfiedBy } from "../cargo/versionRequirement";
import type { CargoWorkspace } from "../cargo/workspace";
import { collected } from "./collect";
import { isForeignCrate } from "./foreignCrates";
import type { NativeNeeds } from "./needs";
import { signsOf } from "./signs";
import { matches } from "./suggest";
import { nativeTable, type CrateFeatures, type NativeTable } from "./table";

const PLATFORMS: readonly BuildPlatform[] = ["linux", "darwin"];

/** What a workspace needs besides Rust, from its files alone. */
export async function nativeNeeds(
    workspace: CargoWorkspace,
    targets: readonly string[],
): Promise<NativeNeeds> {
    const lock = workspace.lock === undefined ? undefined : parseCargoLock(workspace.lock);
    if (lock === undefined)
        return withoutLock("There is no Cargo.lock: `cargo generate-lockfile` writes one.");
    if ("kind" in lock) return withoutLock(problemText(lock));
    const table = await nativeTable();
    const locals = localPackages(lock, workspace);
    const roots = rootsOf(locals);
    const signs = signsOf(workspace, targets);
    const facts = knowledge(lock, locals, table);
    const found = PLATFORMS.flatMap((platform) => {
        const resolution = resolve({
            lock,
            facts,
            platform,
            isForeign: (index) => isForeignCrate(lock.packages[index]?.name ?? "", platform),
            custom: new Set(),
            roots,
        });
        return matches({ lock, platform, resolution, locals, signs }, table.rows, roots.length);
    });
    return collected(lock, found);
}

function withoutLock(note: string): NativeNeeds {
    return { ...collected({ version: 4, packages: [], named: new Map() }, []), notes: [note] };
}

function problemText(problem: CargoLockProblem): string {
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
