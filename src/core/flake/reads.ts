import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** More files than any flake of a project has; a bound against a mistake. */
const MOST_FILES = 2_000;

/** A relative path in nix's grammar, such as `./nix/shell.nix` or `../rust-toolchain.toml`. */
const PATH_LITERAL = /(?<![\w.~/+-])\.{1,2}(?:\/[\w.+-]+)+/g;

/**
 * The files that a flake names by relative paths, itself first: what its evaluation reads besides
 * its inputs. Nix files among them are followed. Works on the text, so a path that is put together
 * at evaluation is missed; one that only a comment names does no harm.
 *
 * @param flake absolute path of flake.nix
 */
export function filesReadBy(flake: string): string[] {
    const found = new Set([flake]);
    const queue = [flake];
    const add = (file: string): void => {
        if (found.has(file) || found.size >= MOST_FILES) return;
        found.add(file);
        if (file.endsWith(".nix")) queue.push(file);
    };
    for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
        for (const [literal] of read(file).matchAll(PATH_LITERAL)) {
            for (const named of filesAt(resolve(dirname(file), literal))) add(named);
        }
    }
    return [...found];
}

/** A folder stands for what `import` would read of it, and for the files right in it. */
function filesAt(path: string): string[] {
    try {
        const stat = statSync(path);
        if (stat.isFile()) return [path];
        if (!stat.isDirectory()) return []; // To read one could take for ever.
        return readdirSync(path, { withFileTypes: true })
            .filter((entry) => entry.isFile())
            .map((entry) => join(path, entry.name));
    } catch {
        return [path]; // Missing, or not to be read, which can change.
    }
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return ""; // It is missing, which is a fact like another.
    }
}
