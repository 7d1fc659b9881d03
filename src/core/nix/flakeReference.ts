import { constants, cpSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import type { Run } from "../process";
import { isKeptFolder } from "../project/keptFlake";
import { repositoryOf } from "../project/project";
import { withTemporaryFolder } from "../temporaryFolder";
import { nixVersion, type Nix } from "./nix";
import type { NixVersion } from "./version";

/** The flake in the folder that nix runs in, whatever repository that is in. */
export const KEPT = "path:.";

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
    if (isKeptFolder(flakeFolder)) return use(KEPT);
    const repository = ODD.test(flakeFolder) ? repositoryOf(flakeFolder) : undefined;
    if (repository === undefined || readsOddPaths(await nixVersion(nix, signal))) return use(".");
    const git = (cwd: string, ...args: string[]): ReturnType<Run> => {
        const safe = ["-c", "core.fsmonitor=false", ...args];
        return nix.run({ command: "git", args: safe, cwd, env: nix.env, signal, output: "keep" });
    };
    const listed = await git(repository, "ls-files", "-z");
    if (listed.kind !== "exited" || listed.code !== 0) return use(".");
    return withTemporaryFolder(tmpdir(), async (temporary) => {
        const copy = join(temporary, "copy");
        const tracked = withFolders(listed.stdout.split("\0"));
        cpSync(repository, copy, {
            recursive: true,
            verbatimSymlinks: true,
            mode: constants.COPYFILE_FICLONE,
            filter: (path) => tracked.has(relative(repository, path)),
        });
        await git(copy, "init", "--quiet");
        await git(copy, "add", "--intent-to-add", "--force", "--all");
        const below = encodeURIComponent(relative(repository, flakeFolder));
        return use(`git+file://${copy}${below === "" ? "" : `?dir=${below}`}`);
    });
}

function withFolders(files: readonly string[]): ReadonlySet<string> {
    const paths = new Set(["", "."]);
    for (const file of files) {
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
