/** One `[[package]]` of a Cargo.lock. */
export interface LockedPackage {
    readonly name: string;
    readonly version: string;
    /** Where it comes from; undefined for a package of the project itself, or one by a path. */
    readonly source: string | undefined;
    /** The positions in the lock of what it depends on, each once, for any platform and feature. */
    readonly dependencies: readonly number[];
}

/** A Cargo.lock of any version that cargo has written (1 to 4). */
export interface CargoLock {
    readonly version: number;
    readonly packages: readonly LockedPackage[];
    /** The positions of the packages of each name, since a lock may hold several versions. */
    readonly named: ReadonlyMap<string, readonly number[]>;
}

/** Why a Cargo.lock can't be read. */
export type CargoLockProblem =
    | { readonly kind: "conflict"; readonly line: number }
    | { readonly kind: "version"; readonly version: string }
    | { readonly kind: "syntax"; readonly line: number };

/** The newest version of the format that is known: cargo 1.78 and later write it. */
const NEWEST = 4;

/** What a merge leaves between two versions of some lines. */
const CONFLICT = /^(?:<{7}|={7}|>{7}|\|{7})/;

const TEXT = /^[a-z]+ = "(?:[^"\\]|\\.)*"$/;
const KEYS = ["name", "version", "source"] as const;

/**
 * Reads a lock by its lines, as cargo writes them. A TOML parser takes ten times as long, and this
 * runs whenever the project is looked at.
 */
export function parseCargoLock(text: string): CargoLock | CargoLockProblem {
    const drafts: Draft[] = [];
    let version = 1;
    /** The package that the lines are of; undefined in tables of other kinds. */
    let draft: Draft | undefined;
    let isInList = false;
    let isAtTop = true;
    const lines = text.replace(/^\uFEFF/, "").split("\n");
    for (let index = 0; index < lines.length; index++) {
        const raw = lines[index] ?? "";
        if (isInList && addLine(draft, raw)) continue;
        const line = raw.trim();
        if (line === "" || line.startsWith("#")) continue;
        if (CONFLICT.test(line)) return { kind: "conflict", line: index + 1 };
        if (isInList) {
            if (line === "]") isInList = false;
            else if (!addDependency(draft, line)) return { kind: "syntax", line: index + 1 };
        } else if (line.startsWith("[")) {
            draft = undefined;
            isAtTop = false;
            // `[root]` is how cargo before 0.17 wrote the project's own package.
            if (line === "[[package]]" || line === "[root]") {
                draft = { name: "", version: "", source: undefined, dependencies: [] };
                drafts.push(draft);
            }
        } else if (draft === undefined) {
            const [, found] = (isAtTop && /^version = (\S+)$/.exec(line)) || [];
            if (found === undefined) {
                // Version 1 keeps its checksums in `[metadata]`, and patches have their own table.
                if (!line.includes("=")) return { kind: "syntax", line: index + 1 };
                continue;
            }
            version = Number(found);
            if (!Number.isInteger(version) || version < 1 || version > NEWEST) {
                return { kind: "version", version: found };
            }
        } else if (!takeLine(draft, line)) {
            if (line !== "dependencies = [") return { kind: "syntax", line: index + 1 };
            isInList = true;
        }
    }
    return isInList ? { kind: "syntax", line: lines.length } : linked(version, drafts);
}

interface Draft {
    name: string;
    version: string;
    source: string | undefined;
    readonly dependencies: string[];
}

/** Takes up a line as cargo writes most of them: ` "name",`. */
function addLine(draft: Draft | undefined, raw: string): boolean {
    if (!raw.startsWith(' "') || !raw.endsWith('",')) return false;
    draft?.dependencies.push(raw.slice(2, -2));
    return true;
}

/** Takes up `name = "value"` and a list on one line. */
function takeLine(draft: Draft, line: string): boolean {
    // The longest lines, and nothing is asked of them.
    if (line.startsWith('checksum = "')) return true;
    const key = KEYS.find((name) => line.startsWith(`${name} = "`));
    if (key !== undefined && line.endsWith('"')) {
        const value = line.slice(key.length + 4, -1);
        if (value.includes('"')) return false;
        draft[key] = value;
        return true;
    }
    if (TEXT.test(line)) return true;
    const [, list] = /^dependencies = \[(.*)\]$/.exec(line) ?? [];
    if (list === undefined) return false;
    return list
        .split(",")
        .filter((item) => item.trim() !== "")
        .every((item) => addDependency(draft, item.trim()));
}

function addDependency(draft: Draft | undefined, line: string): boolean {
    const [, dependency] = /^"([^"]+)",?$/.exec(line) ?? [];
    if (dependency === undefined) return false;
    draft?.dependencies.push(dependency);
    return true;
}

/** `name`, `name version` or `name version (source)`: as much as is needed to tell which one. */
function linked(version: number, drafts: readonly Draft[]): CargoLock {
    const named = new Map<string, number[]>();
    for (const [index, { name }] of drafts.entries()) {
        const same = named.get(name);
        if (same === undefined) named.set(name, [index]);
        else same.push(index);
    }
    const find = (dependency: string): number | undefined => {
        if (!dependency.includes(" ")) return named.get(dependency)?.[0];
        const [name = "", wanted, source = ""] = dependency.split(" ");
        const same = named.get(name)?.filter((index) => drafts[index]?.version === wanted) ?? [];
        const from = source.slice(1, -1);
        return same.find((index) => drafts[index]?.source?.startsWith(from)) ?? same[0];
    };
    const packages = drafts.map(({ name, version: own, source, dependencies }) => {
        const found: number[] = [];
        for (const dependency of dependencies) {
            const index = find(dependency);
            if (index !== undefined && !found.includes(index)) found.push(index);
        }
        return { name, version: own, source, dependencies: found };
    });
    return { version, packages, named };
}
