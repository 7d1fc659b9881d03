import { readdirSync, type Dirent } from "node:fs";
import { join } from "node:path";
import { readTextFile } from "../../textFile";
import type { LocalPackage } from "../cargo/workspace";

/** A file of a package. */
export interface SourceFile {
    /** Its name, from the package's folder. */
    readonly file: string;
    readonly text: string;
}

/** What is in each source that names a library; most have none of it. */
const LINKS = /#\[link\(name\b/;

/** How many sources of a workspace are read, so that a huge one costs no more than a large one. */
const MOST_SOURCES = 400;

/** Crates that a package uses which calls C itself. */
const FOREIGN_CODE = /^(?:libc|uapi|cty|nix|libloading|[\w-]+[-_]sys)$/;

/** What files and folders are called in which C is declared, besides the names of libraries. */
const DECLARATIONS = /^(?:c|externs?|native|raw|.*(?:ffi|sys|bindings?))$/;

/** Files for systems that nobody enters a dev shell on. */
const ELSEWHERE =
    /(?:^|[/_-])(?:windows|win32|win|android|ios|wasm32?|web|freebsd|openbsd|netbsd)(?=[/_.-])/;

/**
 * The files in which packages name libraries, without comments of whole lines: build scripts, and
 * in those that call C the sources at the top, and those that are called as if they did.
 *
 * @param libraries what libraries are called after `-l`
 */
export function nativeSources(
    packages: readonly LocalPackage[],
    libraries: ReadonlySet<string>,
): ReadonlyMap<LocalPackage, readonly SourceFile[]> {
    const built = packages.filter(({ membership }) => membership === "default");
    const rest = packages.filter(({ membership }) => membership !== "default");
    let left = MOST_SOURCES;
    return new Map(
        [...built, ...rest].map((local) => {
            const files = sourcesOf(local, libraries).slice(0, left);
            left -= files.length;
            const sources = read(local, files).filter(({ text }) => LINKS.test(text));
            const script = local.manifest.package?.buildScript;
            return [local, [...read(local, script === undefined ? [] : [script]), ...sources]];
        }),
    );
}

function read({ folder }: LocalPackage, files: readonly string[]): SourceFile[] {
    return files.flatMap((file) => {
        const text = readTextFile(join(folder, file));
        return text === undefined ? [] : [{ file, text: withoutComments(text) }];
    });
}

function sourcesOf({ folder, manifest }: LocalPackage, libraries: ReadonlySet<string>): string[] {
    if (!manifest.dependencies.some(({ name }) => FOREIGN_CODE.test(name))) return [];
    const isCalledSo = (name: string): boolean =>
        DECLARATIONS.test(name) || libraries.has(name.replace(/^lib(?=.)/, ""));
    return rustFiles(folder).filter((file) => {
        const names = file.replace(/\.rs$/, "").split("/").slice(1);
        return names.length === 1 || names.slice(-2).some(isCalledSo);
    });
}

/** The Rust files below `src`, the upper ones first. */
function rustFiles(folder: string): string[] {
    const queue = ["src"];
    const found: string[] = [];
    for (let at = 0; at < Math.min(queue.length, MOST_SOURCES); at++) {
        const parent = queue[at] ?? "";
        for (const entry of entriesOf(join(folder, parent))) {
            const path = `${parent}/${entry.name}`;
            if (ELSEWHERE.test(`${path}/`)) continue;
            if (entry.isDirectory()) queue.push(path);
            else if (path.endsWith(".rs")) found.push(path);
        }
    }
    return found;
}

function entriesOf(folder: string): Dirent[] {
    try {
        return readdirSync(folder, { withFileTypes: true }).sort((a, b) =>
            a.name < b.name ? -1 : 1,
        );
    } catch {
        return [];
    }
}

function withoutComments(text: string): string {
    return text.replace(/^\s*\/\/.*$/gm, "");
}
