import type { CargoLock } from "../cargo/cargoLock";
import type { Resolution } from "../cargo/resolve";
import type { BuildPlatform } from "../cargo/targetPlatform";
import { isSatisfiedBy } from "../cargo/versionRequirement";
import type { Reason } from "./needs";
import type { Condition, CrateRow } from "./table";

/** What the rows are asked about. */
export interface Built {
    readonly lock: CargoLock;
    readonly platform: BuildPlatform;
    readonly resolution: Resolution;
    /** The packages of the project, by their position in the lock. */
    readonly locals: { has(index: number): boolean };
    /** What else of the project speaks for some tools. */
    readonly signs: ReadonlySet<string>;
}

/** A row that holds for a crate. */
export interface Match {
    readonly row: CrateRow;
    /** The crate's. */
    readonly version: string;
    readonly reason: Reason;
    /** The first group of roots for which it holds. */
    readonly group: number;
    readonly platform: BuildPlatform;
}

/** The rows that hold for what is built. */
export function matches(built: Built, rows: readonly CrateRow[]): Match[] {
    const users = usersIn(built);
    return rows.flatMap((row) => {
        if (row.platform !== undefined && row.platform !== "all") {
            if (row.platform !== built.platform) return [];
        }
        return row.crates
            .flatMap((name) => built.lock.named.get(name) ?? [])
            .flatMap((index) => {
                const group = groupOf(built, users, row, index);
                if (group === undefined) return [];
                const { name = "", version = "" } = built.lock.packages[index] ?? {};
                const path = pathTo(built, index);
                const reason = { crate: name, version, rule: row.why, path };
                return [{ row, version, reason, group, platform: built.platform }];
            });
    });
}

/** As many as `rootsOf` makes. */
const GROUPS = 4;

/** Who uses a package. */
interface Users {
    /** By the group that does. */
    readonly of: (index: number) => ReadonlyMap<number, number>;
    /** All that are built and have it locked. */
    readonly locked: (index: number) => readonly number[];
}

function usersIn({ lock, resolution }: Built): Users {
    const users = lock.packages.map((): number[] => []);
    for (let index = 0; index < lock.packages.length; index++) {
        if (!resolution.has(index)) continue;
        for (const to of lock.packages[index]?.dependencies ?? []) users[to]?.push(index);
    }
    const locked = (index: number): readonly number[] => users[index] ?? [];
    const of = (index: number): ReadonlyMap<number, number> => {
        const found = new Map<number, number>();
        for (const user of locked(index)) {
            const group = resolution.get(user)?.edges.get(index);
            if (group !== undefined) found.set(user, group);
        }
        return found;
    };
    return { of, locked };
}

function groupOf(
    built: Built,
    users: Users,
    { when }: CrateRow,
    index: number,
): number | undefined {
    const own = built.resolution.get(index);
    if (own === undefined) return undefined;
    if (isOwnCopy(built, index)) return undefined;
    for (let group = own.group; group < GROUPS; group++) {
        if (when === undefined || holds(built, users, when, index, group)) return group;
    }
    return undefined;
}

/**
 * Whether a package of the project has the name of a known crate, and compiles what that one links:
 * a fork with the library's sources in it.
 */
function isOwnCopy({ lock, locals }: Built, index: number): boolean {
    if (!locals.has(index)) return false;
    const used = lock.packages[index]?.dependencies.map((to) => lock.packages[to]?.name) ?? [];
    const finds = used.includes("pkg-config") || used.includes("system-deps");
    return !finds && (used.includes("cc") || used.includes("cmake"));
}

function holds(
    { lock, resolution, locals, signs }: Built,
    users: Users,
    when: Condition,
    index: number,
    group: number,
): boolean {
    const own = resolution.get(index);
    const upTo = (entries: ReadonlyMap<number, number> | undefined): string[] =>
        [...(entries ?? [])]
            .filter(([, since]) => since <= group)
            .map(([other]) => lock.packages[other]?.name ?? "");
    const edges = upTo(own?.edges);
    const from = when.from || when.notFrom ? upTo(users.of(index)) : [];
    const isBuilt = (name: string): boolean =>
        (lock.named.get(name) ?? []).some((other) => {
            const since = resolution.get(other)?.group;
            return since !== undefined && since <= group;
        });
    const isOn = (feature: string): boolean => {
        const since = own?.features.get(feature);
        return since !== undefined && since <= group;
    };
    const version = lock.packages[index]?.version ?? "";
    return (
        (when.edges?.some((name) => edges.includes(name)) ?? true) &&
        !(when.withoutEdges?.some((name) => edges.includes(name)) ?? false) &&
        (when.features?.some(isOn) ?? true) &&
        !(when.withoutFeatures?.some(isOn) ?? false) &&
        (when.from?.some((name) => from.includes(name)) ?? true) &&
        (when.notFrom === undefined || from.some((name) => !when.notFrom?.includes(name))) &&
        (when.direct !== true || isDirect(users, locals, index, group)) &&
        (when.with?.some(isBuilt) ?? true) &&
        !(when.without?.some(isBuilt) ?? false) &&
        (when.ranWithout === undefined || isRanWithout(lock, users, when.ranWithout, index)) &&
        (when.version === undefined || isSatisfiedBy(when.version, version)) &&
        (when.signs?.some((sign) => signs.has(sign)) ?? true)
    );
}

function isDirect(users: Users, locals: Built["locals"], index: number, group: number): boolean {
    return [...users.of(index)].some(([user, since]) => since <= group && locals.has(user));
}

/** Crates that run others while building: `tonic-build` runs `prost-build`. */
const RUNS_OTHERS = /[-_]build$/;

/** Whether some package has a crate run while building, and uses none of those that replace it. */
function isRanWithout(
    lock: CargoLock,
    users: Users,
    replacing: readonly string[],
    index: number,
): boolean {
    const nameOf = (at: number): string => lock.packages[at]?.name ?? "";
    const queue = [index];
    for (let at = 0; at < queue.length; at++) {
        const ran = queue[at] ?? 0;
        for (const user of users.locked(ran)) {
            const used = lock.packages[user]?.dependencies.map(nameOf) ?? [];
            if (used.some((name) => replacing.includes(name))) continue;
            if (!RUNS_OTHERS.test(nameOf(user)) || users.locked(user).length === 0) return true;
            if (!queue.includes(user)) queue.push(user);
        }
    }
    return false;
}

function pathTo({ lock, resolution }: Built, index: number): string[] {
    const path: string[] = [];
    for (let at: number | undefined = index; at !== undefined && path.length < 100;) {
        path.unshift(lock.packages[at]?.name ?? "");
        at = resolution.get(at)?.parent;
    }
    return path;
}
