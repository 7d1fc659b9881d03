import type { CargoLock } from "./cargoLock";
import type { KnownDependency, PackageFacts, Root } from "./resolve";
import { isSatisfiedBy } from "./versionRequirement";
import type { CargoWorkspace, LocalPackage } from "./workspace";

/** The packages of a workspace by their position in the lock. */
export function localPackages(
    lock: CargoLock,
    { packages }: CargoWorkspace,
): Map<number, LocalPackage> {
    const found = new Map<number, LocalPackage>();
    for (const local of packages) {
        const own = local.manifest.package;
        const positions = (lock.named.get(own?.name ?? "") ?? []).filter(
            (index) => lock.packages[index]?.source === undefined,
        );
        const same = positions.filter((index) => lock.packages[index]?.version === own?.version);
        const [index] = same.length > 0 ? same : positions;
        if (index !== undefined) found.set(index, local);
    }
    return found;
}

/** What a manifest of the project says, tied to the lock. */
export function factsOf(lock: CargoLock, index: number, { manifest }: LocalPackage): PackageFacts {
    const locked = lock.packages[index]?.dependencies ?? [];
    const dependencies = manifest.dependencies.flatMap((dependency): KnownDependency[] => {
        const { key, kind, target, isOptional, features, hasDefaultFeatures } = dependency;
        const named = locked.filter((to) => lock.packages[to]?.name === dependency.name);
        const fitting = named.filter((to) =>
            isSatisfiedBy(dependency.requirement ?? "*", lock.packages[to]?.version ?? ""),
        );
        const [to] = fitting.length > 0 ? fitting : named;
        return to === undefined
            ? []
            : [
                  {
                      index: to,
                      key,
                      kind,
                      target,
                      isOptional,
                      isWeak: false,
                      features,
                      hasDefaultFeatures,
                  },
              ];
    });
    return { features: manifest.features, dependencies, isComplete: true };
}

/**
 * What is built of a workspace, the surest first: what a plain `cargo build` builds, its tests and
 * the programs that it leaves out without a feature, the other members, and their tests.
 */
export function rootsOf(locals: ReadonlyMap<number, LocalPackage>): Root[][] {
    const of = (membership: LocalPackage["membership"]): [number, LocalPackage][] =>
        [...locals].filter(([, local]) => local.membership === membership);
    return [of("default"), of("member")].flatMap((members) => [
        members.map(([index]) => ({ index, hasDev: false, features: [] })),
        members.map(([index, { manifest }]) => ({
            index,
            hasDev: true,
            features: manifest.package?.programFeatures ?? [],
        })),
    ]);
}
