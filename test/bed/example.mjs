import path from "node:path";
import { once } from "./cache.mjs";
import { instantiate, machineValues, nixpkgs, templateHash } from "./project.mjs";

/**
 * The example project for trying the extension out, kept with whatever was changed in it. A change
 * of its template makes a new one.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>} its folder, a git repository
 */
export async function exampleProject(log) {
    const values = { ...(await machineValues(log)), nixpkgs: await nixpkgs(log) };
    const made = await once(
        `example-${await templateHash("example", values)}`,
        (dir) => instantiate("example", path.join(dir, "hello-nix"), { log }),
        log,
    );
    return path.join(made, "hello-nix");
}
