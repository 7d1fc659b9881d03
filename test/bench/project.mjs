import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { writeFlake } from "../bed/flake.mjs";
import { commit, git } from "../bed/project.mjs";

/** What stands in flake.nix for what changes from run to run. */
const marker = "unchanged";

/**
 * A flake in a git repository with everything committed, that can be changed so that nix has to
 * evaluate and to build it again: nobody profits from what somebody else did.
 */
export class Project {
    #template;
    #changes = 0;

    /**
     * @param {string} dir
     * @param {string} file the one that is changed
     * @param {string} template its text
     */
    constructor(dir, file, template) {
        this.dir = dir;
        this.file = path.join(dir, file);
        this.#template = template;
    }

    async change() {
        this.#changes++;
        // No two projects make the same derivation, so none finds the other's built.
        const value = `${marker} ${path.basename(this.dir)} ${process.pid} ${this.#changes}`;
        await writeFile(this.file, this.#template.replaceAll(marker, value));
        await git(this.dir, "commit", "--quiet", "--all", `--message=${this.#changes}`);
    }
}

/**
 * @param {string} dir
 * @param {import("../bed/flake.mjs").Shell} [shell]
 * @param {Record<string, string>} [files] further ones, by path
 * @param {string} [changing] the one that {@link Project.change} changes
 */
export async function makeProject(dir, shell = {}, files = {}, changing = "flake.nix") {
    const attributes = { CHANGES: marker, ...shell.attributes };
    await writeFlake(dir, { ...shell, attributes });
    await writeFile(path.join(dir, ".gitignore"), ".direnv\ntarget\n");
    await writeFile(path.join(dir, ".envrc"), "use flake\n");
    for (const [name, text] of Object.entries(files)) await writeFile(path.join(dir, name), text);
    await commit(dir);
    return new Project(dir, changing, await readFile(path.join(dir, changing), "utf8"));
}

/**
 * A flake with that many variables. One in three names a path of the store, as those of nixpkgs do.
 *
 * @param {number} count
 * @returns {import("../bed/flake.mjs").Shell}
 */
export function variables(count) {
    return {
        expression: `builtins.listToAttrs (
            builtins.genList (i: {
                name = "BENCH_\${toString i}";
                value =
                    if builtins.bitAnd i 3 == 0 then
                        "-L\${builtins.toFile "library-\${toString i}" "\${toString i}"}/lib"
                    else
                        "the value of variable number \${toString i}, of a usual length";
            }) ${count}
        )`,
    };
}

/**
 * A flake whose evaluation takes time, in proportion to `steps`. Nothing can be cached but the
 * whole.
 *
 * @param {number} steps thousands of additions
 * @returns {import("../bed/flake.mjs").Shell}
 */
export function evaluation(steps) {
    return {
        expression: `{
            SUM = toString (
                builtins.foldl' (
                    sum: i: builtins.foldl' (sum: j: sum + j - i) sum (builtins.genList (j: j) 1000)
                ) 0 (builtins.genList (i: i) ${steps})
            );
        }`,
    };
}

/**
 * A flake that reads that many files besides its own; a change is made in one of them.
 *
 * @param {string} dir
 * @param {number} count
 */
export function makeProjectOfFiles(dir, count) {
    const name = (/** @type {number} */ i) => `part-${i}.nix`;
    const files = Object.fromEntries(
        Array.from({ length: count }, (_, i) => [name(i), `"${marker} ${i}"\n`]),
    );
    const list = Object.keys(files).map((file) => `(import ./${file})`);
    const shell = { expression: `{ PARTS = toString [ ${list.join(" ")} ]; }` };
    return makeProject(dir, shell, files, name(0));
}
