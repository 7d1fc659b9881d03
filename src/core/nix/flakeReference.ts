import { constants, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { repositoryOf } from "../project/project";
import { withTemporaryFolder } from "../temporaryFolder";
import { nixVersion, type Nix } from "./nix";
import type { NixVersion } from "./version";

/** What nix before 2.26 can't have in the path of a git repository. */
const ODD = /[^\w\-.~!$&'"()*+,;=:@%/]/;

/**
 * Calls `use` with the reference of a folder's flake, for a nix that runs in that folder.
 *
 * It is `.`, as nix reads `#`, `?` and blanks of a path in its own way (the reference on nix,
 * section 1.9). Old versions still make an address of a git repository's path, which they then
 * can't read themselves; they are given a copy of what they would see of it.
 */
export async function withFlakeReference<T>(
    at: { nix: Nix; flakeFolder: string; signal: AbortSignal | undefined },
    use: (reference: string) => Promise<T>,
): Promise<T> {
    const { nix, flakeFolder, signal } = at;
    const repository = ODD.test(flakeFolder) ? repositoryOf(flakeFolder) : undefined;
    if (repository === undefined || readsOddPaths(await nixVersion(nix, signal))) return use(".");
    const tracked = await trackedFiles(nix, repository, signal);
    if (tracked === undefined) return use(".");
    return withTemporaryFolder(tmpdir(), (temporary) => {
        const tree = join(temporary, "tree");
        cpSync(repository, tree, {
            recursive: true,
            verbatimSymlinks: true,
            mode: constants.COPYFILE_FICLONE,
            filter: (path) => tracked.has(relative(repository, path)),
        });
        const below = encodeURIComponent(relative(repository, flakeFolder));
        return use(`path:${tree}${below === "" ? "" : `?dir=${below}`}`);
    });
}

/** The files that git knows, and their folders, relative to the repository. */
async function trackedFiles(
    nix: Nix,
    repository: string,
    signal: AbortSignal | undefined,
): Promise<ReadonlySet<string> | undefined> {
    const result = await nix.run({
        command: "git",
        args: ["-c", "core.fsmonitor=false", "ls-files", "-z"],
        cwd: repository,
        env: nix.env,
        signal,
        output: "keep",
    });
    if (result.kind !== "exited" || result.code !== 0) return undefined;
    const paths = new Set(["", "."]);
    for (const file of result.stdout.split("\0")) {
        for (let path = file; !paths.has(path); path = dirname(path)) paths.add(path);
    }
    return paths;
}

function readsOddPaths({ implementation, major, minor }: NixVersion): boolean {
    return implementation !== "lix" && (major > 2 || minor >= 26);
}

/** The installable of a flake's dev shell; without a name, of its default one. */
export function shellInstallable(reference: string, shell: string | undefined): string {
    return shell === undefined ? reference : `${reference}#${attributeName(shell)}`;
}

const PLAIN_NAME = /^[A-Za-z_][\w'-]*$/;

/**
 * An attribute's name as nix's command line wants it: percent-encoded first, quoted then. Nix has no
 * escapes inside the quotes, so it can't be told a name that has a quote itself.
 */
function attributeName(name: string): string {
    return PLAIN_NAME.test(name) ? name : `"${encodeURIComponent(name)}"`;
}
