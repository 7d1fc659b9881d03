import type { CargoLock } from "./cargoLock";
import type { DependencyKind } from "./manifest";
import type { Built, Resolution } from "./resolve";
import type { BuildPlatform } from "./targetPlatform";

/** What cargo itself resolved for one platform, in the shape that the analysis works on. */
export interface ResolvedByCargo {
    readonly lock: CargoLock;
    readonly resolution: Resolution;
}

/**
 * The arguments of a `cargo metadata` that runs nothing of the project, writes nothing and needs no
 * network: it fails where the crates were never downloaded or Cargo.lock is not up to date.
 */
export function metadataArguments(platform: BuildPlatform, processor: string): string[] {
    const system = platform === "linux" ? "unknown-linux-gnu" : "apple-darwin";
    const target = `${processor}-${system}`;
    return ["metadata", "--format-version=1", "--offline", "--locked", "--filter-platform", target];
}

/**
 * Reads the output of `cargo metadata` for one platform, with the features that cargo turned on.
 * Cargo resolves all members and their tests together; what a plain build leaves out is told from
 * the edges.
 *
 * @returns undefined where it is not that output
 */
export function parseMetadata(text: string): ResolvedByCargo | undefined {
    let output: Metadata;
    try {
        output = (JSON.parse(text) ?? {}) as Metadata;
    } catch {
        return undefined;
    }
    const { packages, resolve, workspace_members: members } = output;
    const resolved = resolve?.nodes;
    if (packages === undefined || resolved === undefined || members === undefined) return undefined;
    const positions = new Map(packages.map(({ id }, index) => [id, index]));
    const nodes = new Map(resolved.map((node) => [node.id, node]));
    const position = (id: string): number[] => [positions.get(id) ?? []].flat();
    const named = new Map<string, number[]>();
    for (const [index, { name }] of packages.entries()) {
        named.set(name, [...(named.get(name) ?? []), index]);
    }
    const lock: CargoLock = {
        version: 4,
        named,
        packages: packages.map(({ id, name, version, source }) => ({
            name,
            version,
            source: source ?? undefined,
            dependencies: (nodes.get(id)?.deps ?? []).flatMap(({ pkg }) => position(pkg)),
        })),
    };
    const defaults = output.workspace_default_members ?? members;
    const others = members.filter((id) => !defaults.includes(id));
    const resolution = walk(packages, nodes, positions, [defaults, others]);
    return { lock, resolution };
}

interface Metadata {
    readonly packages?: readonly MetadataPackage[];
    readonly resolve?: { readonly nodes?: readonly MetadataNode[] } | null;
    readonly workspace_members?: readonly string[];
    /** From cargo 1.71 on. */
    readonly workspace_default_members?: readonly string[];
}

interface MetadataPackage {
    readonly id: string;
    readonly name: string;
    readonly version: string;
    readonly source: string | null;
}

interface MetadataNode {
    readonly id: string;
    readonly features: readonly string[];
    readonly deps: readonly {
        readonly pkg: string;
        readonly dep_kinds: readonly { readonly kind: DependencyKind | null }[];
    }[];
}

interface Draft extends Built {
    readonly edges: Map<number, number>;
}

/** The groups are those of `rootsOf`: default members, their tests, other members, their tests. */
function walk(
    packages: readonly MetadataPackage[],
    nodes: ReadonlyMap<string, MetadataNode>,
    positions: ReadonlyMap<string, number>,
    roots: readonly (readonly string[])[],
): Resolution {
    const built = new Map<number, Draft>();
    const visit = (
        start: readonly { readonly index: number; readonly parent: number | undefined }[],
        group: number,
        withTests: ReadonlySet<string>,
    ): void => {
        const queue = [...start];
        for (let at = 0; at < queue.length; at++) {
            const { index, parent } = queue[at] ?? { index: -1, parent: undefined };
            const node = nodes.get(packages[index]?.id ?? "");
            if (node === undefined) continue;
            const known = built.get(index);
            if (known !== undefined && !withTests.has(node.id)) continue;
            const features = new Map(node.features.map((feature) => [feature, group]));
            const draft: Draft = known ?? { group, parent, features, edges: new Map() };
            built.set(index, draft);
            for (const { pkg, dep_kinds: kinds } of node.deps) {
                const to = positions.get(pkg);
                const isForTests = kinds.every(({ kind }) => kind === "dev");
                if (to === undefined || (isForTests && !withTests.has(node.id))) continue;
                if (!draft.edges.has(to)) draft.edges.set(to, group);
                if (!built.has(to)) queue.push({ index: to, parent: index });
            }
        }
    };
    for (const [number, ids] of roots.entries()) {
        const start = ids.flatMap((id) => {
            const index = positions.get(id);
            return index === undefined ? [] : [{ index, parent: undefined }];
        });
        visit(start, number * 2, new Set());
        visit(start, number * 2 + 1, new Set(ids));
    }
    return built;
}
