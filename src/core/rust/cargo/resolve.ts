import type { CargoLock } from "./cargoLock";
import { isFeatureFor } from "./leftOut";
import type { DependencyKind } from "./manifest";
import { isForPlatform, type BuildPlatform } from "./targetPlatform";

/** A dependency of a package, tied to the lock. */
export interface KnownDependency {
    /** The position in the lock. */
    readonly index: number;
    /** What features call it. */
    readonly key: string;
    readonly kind: DependencyKind;
    readonly target: string | undefined;
    readonly isOptional: boolean;
    /** Features name it weakly, so that it is locked even where nobody asks for it. */
    readonly isWeak: boolean;
    readonly features: readonly string[];
    readonly hasDefaultFeatures: boolean;
}

/** What is known of a package's own manifest. */
export interface PackageFacts {
    readonly features: ReadonlyMap<string, readonly string[]>;
    readonly dependencies: readonly KnownDependency[];
    /** Whether these are all; else what the lock has besides counts as always used. */
    readonly isComplete: boolean;
}

/** Something that the user can ask cargo to build: a member with some of its dependencies. */
export interface Root {
    readonly index: number;
    readonly hasDev: boolean;
    /** What is turned on besides the default features. */
    readonly features: readonly string[];
}

export interface ResolveRequest {
    readonly lock: CargoLock;
    /** By the position in the lock; undefined where nothing is known but the lock. */
    readonly facts: (index: number) => PackageFacts | undefined;
    readonly platform: BuildPlatform;
    /** Whether a package does nothing on the platform, whoever depends on it. */
    readonly isForeign: (index: number) => boolean;
    /** Whether it will be asked who uses a package; of the others, nobody takes note. */
    readonly isAskedAbout: (index: number) => boolean;
    /** What the project's own rustflags set with `--cfg`. */
    readonly custom: ReadonlySet<string>;
    /** In groups, the surest first: `cargo build`, then with tests, then other members. */
    readonly roots: readonly (readonly Root[])[];
    /** What could ever be built: what `everythingOf` gives, the same for all platforms. */
    readonly everything: Resolution;
}

/** What is built of a package. */
export interface Built {
    /** The first group of roots that needs it, from 0. */
    readonly group: number;
    /** Who asked for it first; undefined for a root. */
    readonly parent: number | undefined;
    /** The features that are known to be on, by the group that turns them on. */
    readonly features: ReadonlyMap<string, number>;
    /** The packages that it uses and that are asked about, by the group that does. */
    readonly edges: ReadonlyMap<number, number>;
}

/** What is built, by the position in the lock. */
export type Resolution = ReadonlyMap<number, Built>;

/** Most packages have no feature that is known, and use none that is asked about: they share these. */
const NO_FEATURES = new Map<string, number>();
const NO_EDGES = new Map<number, number>();

interface Draft {
    readonly group: number;
    readonly parent: number | undefined;
    features: Map<string, number>;
    edges: Map<number, number>;
    /** What features (`x/f`) ask of dependencies, which may be off so far. */
    passed: Map<string, Set<string>> | undefined;
    /** The optional dependencies that are on. */
    optional: Set<string> | undefined;
    /** Dependencies that only features seem to ask for which are off so far. */
    waiting: { readonly to: number; readonly features: readonly string[] }[] | undefined;
    isOpen: boolean;
}

/**
 * Which of the locked packages are built, and with which features, as far as manifests and lock
 * tell. Cargo locks what any feature, platform and kind of dependency could ever ask for; this
 * follows the features as cargo does where a manifest is known.
 *
 * A published package's manifest is not in the project. Of one that nothing is known about,
 * everything is built that its entry in the lock lists, apart from what only features ask for that
 * the project does not turn on (see leftOut.ts). What it asks of a package whose features are known
 * is what the lock has and the project does not explain.
 */
export function resolve(request: ResolveRequest): Resolution {
    return walk(request, {
        extent: "platform",
        unexplained: unexplainedOf(request),
        asked: request.everything,
    });
}

/** What any feature, platform and kind of dependency of the project could ever ask for. */
export function everythingOf(
    request: Pick<ResolveRequest, "lock" | "facts" | "roots">,
): Resolution {
    const nothing = new Map<number, never>();
    const isForeign = (): boolean => false;
    // Only the dependencies of packages that something is known of are looked at afterwards.
    const known = new Set<number>();
    for (let index = 0; index < request.lock.packages.length; index++) {
        for (const { index: to } of request.facts(index)?.dependencies ?? []) known.add(to);
    }
    const isAskedAbout = (index: number): boolean => known.has(index);
    const rest = { isForeign, isAskedAbout, custom: new Set<string>(), everything: nothing };
    return walk(
        { ...request, ...rest, platform: "linux" },
        { extent: "everything", unexplained: nothing, asked: nothing },
    );
}

interface Limits {
    readonly extent: "platform" | "everything";
    readonly unexplained: ReadonlyMap<number, readonly string[]>;
    /** All that any feature of the project asks of each package. */
    readonly asked: Resolution;
}

/** The optional dependencies, by package, that the lock has and that no known package asks for. */
function unexplainedOf({
    lock,
    facts,
    everything,
}: ResolveRequest): Map<number, readonly string[]> {
    const unexplained = new Map<number, readonly string[]>();
    for (const [index, draft] of everything) {
        const known = facts(index);
        if (known === undefined || lock.packages[index]?.source === undefined) continue;
        const keys = known.dependencies
            .filter(
                ({ isOptional, isWeak, index: to }) =>
                    isOptional && !isWeak && !draft.edges.has(to),
            )
            .map(({ key }) => key);
        if (keys.length > 0) unexplained.set(index, keys);
    }
    return unexplained;
}

function walk(request: ResolveRequest, { extent, unexplained, asked }: Limits): Map<number, Draft> {
    const { lock, facts, platform, isForeign, isAskedAbout, custom } = request;
    const built = new Map<number, Draft>();
    const queue: number[] = [];
    let done = 0;
    let group = 0;

    const isUsed = (from: number, dependency: KnownDependency): boolean =>
        extent === "everything" ||
        (!isForeign(dependency.index) &&
            (dependency.target === undefined ||
                isForPlatform(dependency.target, platform, custom)) &&
            (dependency.kind !== "dev" || hasDev.has(from)));
    /** The roots whose tests are built too. */
    const hasDev = new Set<number>();

    const build = (index: number, parent: number | undefined): Draft => {
        const known = built.get(index);
        if (known !== undefined) return known;
        const draft: Draft = {
            group,
            parent,
            features: NO_FEATURES,
            edges: NO_EDGES,
            passed: undefined,
            optional: undefined,
            waiting: undefined,
            isOpen: false,
        };
        built.set(index, draft);
        queue.push(index);
        return draft;
    };

    const buildUnconditional = (index: number): void => {
        const draft = build(index, undefined);
        const own = facts(index);
        for (const dependency of own?.dependencies ?? []) {
            if (!dependency.isOptional) follow(index, draft, dependency);
        }
        if (own?.isComplete === true) return;
        const mentioned = own && new Set(own.dependencies.map(({ index: to }) => to));
        for (const to of lock.packages[index]?.dependencies ?? []) {
            if (mentioned?.has(to) === true || (extent === "platform" && isForeign(to))) continue;
            const features = own === undefined ? featuresFor(index, to) : undefined;
            if (features?.some((feature) => draft.features.has(feature)) ?? true) {
                connect(draft, to);
                open(to, index);
            } else if (features !== undefined) {
                (draft.waiting ??= []).push({ to, features });
            }
        }
    };

    /** The features that the project could turn on and that seem to be for one dependency. */
    const featuresFor = (index: number, to: number): string[] | undefined => {
        const all = asked.get(index)?.features ?? NO_FEATURES;
        if (all.size === 0 || (all.size === 1 && all.has("default"))) return undefined;
        const name = lock.packages[to]?.name ?? "";
        const found = [...all.keys()].filter((feature) => isFeatureFor(feature, name));
        return found.length > 0 ? found : undefined;
    };

    const release = (index: number, draft: Draft, feature: string): void => {
        for (const { to, features } of draft.waiting ?? []) {
            if (!features.includes(feature)) continue;
            connect(draft, to);
            open(to, index);
        }
    };

    const connect = (draft: Draft, to: number): void => {
        if (!isAskedAbout(to) || draft.edges.has(to)) return;
        if (draft.edges === NO_EDGES) draft.edges = new Map();
        draft.edges.set(to, group);
    };

    /** A package that we know nothing of uses this one: what it asks for is not known either. */
    const open = (index: number, parent: number): void => {
        const draft = build(index, parent);
        if (draft.isOpen) return;
        draft.isOpen = true;
        for (const key of unexplained.get(index) ?? []) enableOptional(index, draft, key);
        for (const dependency of facts(index)?.dependencies ?? []) {
            if (!dependency.isOptional) openFurther(index, draft, dependency);
        }
    };

    /** Features that are not known may ask for others, of the dependencies that they name. */
    const openFurther = (from: number, draft: Draft, dependency: KnownDependency): void => {
        if (!draft.isOpen || !isUsed(from, dependency)) return;
        const asked = new RegExp(`^${dependency.key}\\??/`);
        const isNamed = [...(facts(from)?.features.values() ?? [])].some((items) =>
            items.some((item) => asked.test(item)),
        );
        if (isNamed) open(dependency.index, from);
    };

    const follow = (from: number, draft: Draft, dependency: KnownDependency): void => {
        if (!isUsed(from, dependency)) return;
        connect(draft, dependency.index);
        const child = build(dependency.index, from);
        const features = dependency.hasDefaultFeatures
            ? ["default", ...dependency.features]
            : dependency.features;
        for (const feature of features) enable(dependency.index, child, feature);
        openFurther(from, draft, dependency);
    };

    const enable = (index: number, draft: Draft, feature: string): void => {
        if (draft.features.has(feature)) return;
        if (draft.features === NO_FEATURES) draft.features = new Map();
        draft.features.set(feature, group);
        const own = facts(index);
        if (own === undefined) {
            release(index, draft, feature);
            return;
        }
        const implied = own.features.get(feature);
        if (implied === undefined) enableOptional(index, draft, feature);
        for (const item of implied ?? []) apply(index, draft, item);
    };

    /** One item of a feature's list. */
    const apply = (index: number, draft: Draft, item: string): void => {
        if (item.startsWith("dep:")) {
            enableOptional(index, draft, item.slice(4));
            return;
        }
        const [, key = "", weak, feature = ""] = /^([^/?]+)(\?)?\/(.+)$/.exec(item) ?? [];
        if (key === "") {
            enable(index, draft, item);
            return;
        }
        // Cargo locks what weak features name as if they were strong (rust-lang/cargo#10801).
        if (weak === undefined || extent === "everything") {
            enableOptional(index, draft, key);
            if (facts(index)?.features.has(key) === true) enable(index, draft, key);
        }
        draft.passed ??= new Map<string, Set<string>>();
        let wanted = draft.passed.get(key);
        if (wanted === undefined) draft.passed.set(key, (wanted = new Set()));
        if (wanted.has(feature)) return;
        wanted.add(feature);
        pass(index, draft, key, feature);
    };

    const enableOptional = (index: number, draft: Draft, key: string): void => {
        draft.optional ??= new Set<string>();
        if (draft.optional.has(key)) return;
        draft.optional.add(key);
        for (const dependency of facts(index)?.dependencies ?? []) {
            if (dependency.key !== key) continue;
            if (dependency.isOptional) follow(index, draft, dependency);
        }
        for (const feature of draft.passed?.get(key) ?? []) pass(index, draft, key, feature);
    };

    /** Turns on a feature of a dependency, if that is used. */
    const pass = (index: number, draft: Draft, key: string, feature: string): void => {
        for (const dependency of facts(index)?.dependencies ?? []) {
            if (dependency.key !== key || !isUsed(index, dependency)) continue;
            if (dependency.isOptional && draft.optional?.has(key) !== true) continue;
            connect(draft, dependency.index);
            enable(dependency.index, build(dependency.index, index), feature);
        }
    };

    for (const [number, roots] of request.roots.entries()) {
        group = number;
        for (const { index, hasDev: withTests, features: asked } of roots) {
            const draft = build(index, undefined);
            const own = facts(index);
            const features =
                extent === "everything"
                    ? [...(own?.features.keys() ?? []), "default"]
                    : ["default", ...asked];
            for (const feature of features) enable(index, draft, feature);
            if (extent === "everything") {
                for (const { key } of own?.dependencies ?? []) enableOptional(index, draft, key);
            }
            if (!withTests || hasDev.has(index)) continue;
            hasDev.add(index);
            for (const dependency of own?.dependencies ?? []) {
                if (dependency.kind === "dev") follow(index, draft, dependency);
            }
        }
        for (; done < queue.length; done++) buildUnconditional(queue[done] ?? 0);
    }
    return built;
}
