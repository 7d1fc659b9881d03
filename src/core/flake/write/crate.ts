import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, sep } from "node:path";
import { readTextFile } from "../../textFile";
import type { CratePlan } from "./plan";

/** What a flake has to know of a Rust project, and what stands in the way. */
export interface Crate {
    readonly plan: CratePlan;
    /** Of the package, or the workspace. */
    readonly description: string | undefined;
    readonly hasLock: boolean;
    /** Whether its Cargo.toml can be read. */
    readonly isReadable: boolean;
}

/** How many members of a workspace are looked at for one with a program. */
const MOST_MEMBERS = 500;

/**
 * Reads the crate or workspace of a Cargo.toml, for a flake.nix in `folder`. What can't be read is
 * left out: names then come from the folder's.
 *
 * @param manifest absolute path of the workspace's or package's Cargo.toml
 */
export async function readCrate(manifest: string, folder: string): Promise<Crate> {
    const { parse } = await import("smol-toml");
    const read = (file: string): Manifest | undefined => {
        try {
            return parse(readFileSync(file, "utf8")) as Manifest;
        } catch {
            return undefined; // Missing, half written, or not TOML.
        }
    };
    const own = read(manifest);
    const root = dirname(manifest);
    const isVirtual = own?.package === undefined && own?.workspace !== undefined;
    const chosen = isVirtual
        ? chooseMember(root, own, read)
        : { file: manifest, manifest: own, isOnly: true };
    const package_ = chosen?.manifest?.package;
    const name = isVirtual ? undefined : package_?.name;
    const lock = readTextFile(join(root, "Cargo.lock"));
    return {
        plan: {
            folder: slashes(relative(folder, root)),
            manifest: slashes(relative(folder, chosen?.file ?? manifest)),
            name: textValue(name) ?? textValue(package_?.name) ?? (basename(root) || "crate"),
            isVirtual,
            version: versionPlace(package_?.version),
            program:
                chosen?.manifest === undefined
                    ? undefined
                    : program(dirname(chosen.file), chosen.manifest),
            hasGitCrates: /^source = "git\+/m.test(lock ?? ""),
        },
        description: descriptionOf(own, isVirtual && !chosen?.isOnly ? undefined : package_),
        hasLock: lock !== undefined,
        isReadable: own !== undefined,
    };
}

/** Of the package, or of a workspace as a whole; one of several members' would not fit that. */
function descriptionOf(
    manifest: Manifest | undefined,
    package_: Manifest["package"],
): string | undefined {
    const own = textValue(package_?.description);
    const inherited = textValue(manifest?.workspace?.package?.description);
    return (own ?? inherited)?.trim();
}

interface Manifest {
    readonly package?: {
        readonly name?: unknown;
        readonly version?: unknown;
        readonly description?: unknown;
        readonly "default-run"?: unknown;
        readonly autobins?: unknown;
    };
    readonly bin?: readonly { readonly name?: unknown }[];
    readonly workspace?: {
        readonly members?: unknown;
        readonly "default-members"?: unknown;
        readonly package?: { readonly description?: unknown };
    };
}

interface Member {
    readonly file: string;
    readonly manifest: Manifest | undefined;
}

interface ChosenMember extends Member {
    /** Whether no other member has a program, so that the workspace is all about this one. */
    readonly isOnly: boolean;
}

/**
 * What people mean by "the package" of a workspace: a member with a program, and of several one
 * that is a default member, or has the name of the workspace's folder.
 */
function chooseMember(
    root: string,
    { workspace }: Manifest,
    read: (file: string) => Manifest | undefined,
): ChosenMember | undefined {
    const patterns = [...texts(workspace?.["default-members"]), ...texts(workspace?.members)];
    const members = patterns
        .flatMap((pattern) => foldersOf(root, pattern))
        .slice(0, MOST_MEMBERS)
        .map((member) => join(member, "Cargo.toml"))
        .filter(existsSync)
        .map((file): Member => ({ file, manifest: read(file) }))
        .filter(({ manifest }) => manifest?.package !== undefined);
    const programs = members.filter(
        ({ file, manifest }) =>
            manifest !== undefined && program(dirname(file), manifest) !== undefined,
    );
    const isDefault = texts(workspace?.["default-members"]).length > 0;
    const same = programs.find(({ manifest }) => manifest?.package?.name === basename(root));
    const chosen = (isDefault ? undefined : same) ?? programs[0] ?? members[0];
    return chosen && { ...chosen, isOnly: programs.length === 1 };
}

/** The folders that a pattern such as `crates/*` stands for; `*` may be any part of a name. */
function foldersOf(root: string, pattern: string): string[] {
    let found = [root];
    for (const part of pattern.split("/").filter((name) => name !== "" && name !== ".")) {
        if (!/[*?]/.test(part)) {
            found = found.map((folder) => join(folder, part));
            continue;
        }
        const name = new RegExp(
            `^${part
                .replace(/[.+^${}()|[\]\\]/g, "\\$&")
                .replace(/\*+/g, ".*")
                .replaceAll("?", ".")}$`,
        );
        found = found.flatMap((folder) =>
            subfolders(folder)
                .filter((child) => name.test(child))
                .map((child) => join(folder, child)),
        );
    }
    return found;
}

/** The name of the program that `cargo run` would start, as far as files tell. */
function program(folder: string, manifest: Manifest): string | undefined {
    const { package: package_ } = manifest;
    const wanted = textValue(package_?.["default-run"]);
    if (wanted !== undefined) return wanted;
    const name = textValue(package_?.name);
    const listed = Array.isArray(manifest.bin)
        ? manifest.bin.flatMap((bin) => textValue(bin.name) ?? [])
        : [];
    const isFound = package_?.autobins !== false;
    if (isFound && name !== undefined && isFile(join(folder, "src/main.rs"))) {
        // A `[[bin]]` for src/main.rs may give it another name.
        return listed.length === 0 || listed.includes(name) ? name : listed[0];
    }
    return listed[0] ?? (isFound ? programBeside(folder) : undefined);
}

/** The first of `src/bin`. */
function programBeside(folder: string): string | undefined {
    try {
        return readdirSync(join(folder, "src/bin"), { withFileTypes: true })
            .filter((entry) => entry.isDirectory() || entry.name.endsWith(".rs"))
            .map((entry) => entry.name.replace(/\.rs$/, ""))
            .sort()[0];
    } catch {
        return undefined;
    }
}

function versionPlace(version: unknown): CratePlan["version"] {
    if (typeof version === "string") return "package";
    return typeof version === "object" && version !== null ? "workspace" : "none";
}

function subfolders(folder: string): string[] {
    try {
        return readdirSync(folder, { withFileTypes: true })
            .filter((entry) => entry.isDirectory())
            .map((entry) => entry.name)
            .sort();
    } catch {
        return [];
    }
}

function isFile(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}

function textValue(value: unknown): string | undefined {
    return typeof value === "string" && value !== "" ? value : undefined;
}

function texts(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function slashes(path: string): string {
    return path.split(sep).join("/");
}
