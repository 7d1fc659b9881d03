import { readdirSync } from "node:fs";
import { dirname, isAbsolute, join, relative, resolve, sep } from "node:path";
import { readTextFile } from "../../textFile";
import { parseManifest, type Manifest, type ManifestWorkspace } from "./manifest";

/** A package whose manifest is in the project. */
export interface LocalPackage {
    readonly folder: string;
    readonly manifest: Manifest;
    /** Undefined for one that is only depended on by its path, such as a vendored fork. */
    readonly membership: "default" | "member" | undefined;
}

/** The workspace that a folder belongs to, or the one package that stands alone. */
export interface CargoWorkspace {
    /** The folder with Cargo.lock, `target` and, in a workspace, the root manifest. */
    readonly root: string;
    readonly rootManifest: Manifest;
    readonly packages: readonly LocalPackage[];
    /** The text of Cargo.lock; undefined where there is none. */
    readonly lock: string | undefined;
    /** The manifests that could not be read, as absolute paths. */
    readonly unreadable: readonly string[];
}

/** How many folders a pattern of members may look into. */
const SEARCHED_FOLDERS = 5_000;

/**
 * Reads the workspace of a Cargo.toml from disk; runs nothing.
 *
 * @returns undefined where that manifest can't be read
 */
export async function readWorkspace(manifestFile: string): Promise<CargoWorkspace | undefined> {
    const folder = dirname(manifestFile);
    const own = await readManifest(folder, undefined);
    if (own === undefined) return undefined;
    const rootFolder = own.workspace === undefined ? await rootAbove(folder, own) : folder;
    const root = rootFolder ?? folder;
    const rootManifest = rootFolder === undefined ? own : await readManifest(root, undefined);
    if (rootManifest === undefined) return undefined;
    const { packages, unreadable } = await packagesOf(root, rootManifest);
    return {
        root,
        rootManifest,
        packages,
        lock: readTextFile(join(root, "Cargo.lock")),
        unreadable,
    };
}

/** The root that a package names, or the nearest workspace above that has it as a member. */
async function rootAbove(folder: string, own: Manifest): Promise<string | undefined> {
    const named = own.package?.workspace;
    if (named !== undefined) return resolve(folder, named);
    for (let at = dirname(folder); at !== dirname(at); at = dirname(at)) {
        const text = readTextFile(join(at, "Cargo.toml"));
        if (text === undefined || !/^\s*\[workspace[\].]/m.test(text)) continue;
        const { workspace } = (await parseManifest(text, undefined)) ?? {};
        if (workspace === undefined) continue;
        return isExcluded(at, workspace, folder) ? undefined : at;
    }
    return undefined;
}

async function packagesOf(
    root: string,
    rootManifest: Manifest,
): Promise<Pick<CargoWorkspace, "packages" | "unreadable">> {
    const { workspace } = rootManifest;
    const members = new Set(rootManifest.package === undefined ? [] : [root]);
    for (const folder of matching(root, workspace?.members ?? [])) {
        if (workspace === undefined || !isExcluded(root, workspace, folder)) members.add(folder);
    }
    const defaults = defaultMembers(root, rootManifest, members);
    const found = new Map<string, LocalPackage>();
    const unreadable = new Set<string>();
    const queue = [...members, ...rootManifest.patches.map((path) => resolve(root, path))];
    for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
        if (found.has(folder)) continue;
        const manifest = folder === root ? rootManifest : await readManifest(folder, workspace);
        if (manifest === undefined) {
            if (members.has(folder)) unreadable.add(join(folder, "Cargo.toml"));
            continue;
        }
        const isMember = members.has(folder);
        const membership = defaults.has(folder) ? "default" : isMember ? "member" : undefined;
        found.set(folder, { folder, manifest, membership });
        for (const { path, key } of manifest.dependencies) {
            if (path === undefined) continue;
            // The paths of what is inherited are the workspace's.
            const isShared = workspace?.dependencies[key] !== undefined;
            const near = resolve(folder, path);
            const far = resolve(root, path);
            const at = isShared && readTextFile(join(far, "Cargo.toml")) !== undefined ? far : near;
            // What members depend on by path is a member too, where it is below the root.
            if (workspace !== undefined && isMember && isBelow(root, at)) {
                if (!isExcluded(root, workspace, at)) members.add(at);
            }
            queue.push(at);
        }
    }
    return { packages: [...found.values()], unreadable: [...unreadable] };
}

/** What a plain `cargo build` in the root builds. */
function defaultMembers(
    root: string,
    { workspace, package: own }: Manifest,
    members: ReadonlySet<string>,
): { has(folder: string): boolean } {
    const named = workspace?.defaultMembers;
    if (named !== undefined) return new Set(matching(root, named));
    return own === undefined ? members : new Set([root]);
}

async function readManifest(
    folder: string,
    workspace: ManifestWorkspace | undefined,
): Promise<Manifest | undefined> {
    const text = readTextFile(join(folder, "Cargo.toml"));
    return text === undefined ? undefined : await parseManifest(text, workspace);
}

function isExcluded(root: string, { exclude }: ManifestWorkspace, folder: string): boolean {
    return exclude.some((path) => {
        const excluded = resolve(root, path);
        return folder === excluded || isBelow(excluded, folder);
    });
}

function isBelow(parent: string, folder: string): boolean {
    const path = relative(parent, folder);
    return path !== "" && path !== ".." && !path.startsWith(`..${sep}`) && !isAbsolute(path);
}

/** The folders with a Cargo.toml that patterns such as `crates/*` stand for. */
function matching(root: string, patterns: readonly string[]): string[] {
    let searched = 0;
    const subfolders = (folder: string): string[] => {
        if (++searched > SEARCHED_FOLDERS) return [];
        try {
            return readdirSync(folder, { withFileTypes: true })
                .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
                .map(({ name }) => name)
                .filter((name) => name !== "target" && name !== "node_modules")
                .sort();
        } catch {
            return [];
        }
    };
    const walk = (folder: string, [segment, ...rest]: readonly string[]): string[] => {
        if (segment === undefined) return [folder];
        if (segment === "**") {
            const deeper = subfolders(folder)
                .filter((name) => !name.startsWith("."))
                .flatMap((name) => walk(join(folder, name), ["**", ...rest]));
            return [...walk(folder, rest), ...deeper];
        }
        if (!/[*?[]/.test(segment)) return walk(join(folder, segment), rest);
        const pattern = segmentPattern(segment);
        return subfolders(folder)
            .filter((name) => pattern.test(name))
            .flatMap((name) => walk(join(folder, name), rest));
    };
    return [
        ...new Set(
            patterns.flatMap((pattern) => {
                const isPattern = /[*?[]/.test(pattern);
                const segments = pattern.split("/").filter((part) => part !== "" && part !== ".");
                const folders = walk(root, segments).map((folder) => resolve(folder));
                // A folder without a manifest is an error where it is named, not where it matches.
                return isPattern
                    ? folders.filter((at) => readTextFile(join(at, "Cargo.toml")) !== undefined)
                    : folders;
            }),
        ),
    ];
}

function segmentPattern(segment: string): RegExp {
    const source = segment
        .replace(/[.+^${}()|\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".")
        .replaceAll("[!", "[^");
    try {
        return new RegExp(`^${source}$`);
    } catch {
        return NONE; // Brackets that are not closed, or have nothing in them: cargo refuses it, too.
    }
}

/** What no name matches. */
const NONE = /(?!)/;
