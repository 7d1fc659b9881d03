import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { onPath } from "./command.mjs";

/**
 * A dev shell, in the terms that tests care about.
 *
 * @typedef {object} Shell
 * @property {string} [hook] its shellHook
 * @property {Record<string, string>} [attributes] variables that it sets
 * @property {string} [expression] an attribute set in Nix, for what strings can't say; it can name
 *     `system`, `bash` and `self`
 */

/**
 * A flake of nothing but dev shells; what is said at the top is the default one.
 *
 * @typedef {Shell & {
 *     shells?: Record<string, Shell>,
 *     inputs?: Record<string, string>,
 *     extra?: string,
 *     system?: string,
 *     text?: string,
 * }} Flake
 *
 * - `shells`: further ones, by name
 * - `inputs`: references by name; nobody locks them here
 * - `extra`: an attribute set in Nix that is added to the outputs
 * - `system`: for another kind of machine than this
 * - `text`: the whole flake.nix instead
 */

// A folder of the dev shell is on PATH, as there always is one. It hides nothing of the machine's.
const setup = `export PATH=$stdenv/bin
`;
const program = `#!/bin/sh
echo "This program is on PATH in the dev shell only."
`;

/**
 * Writes a flake that needs nothing but Nix and the machine's bash.
 *
 * @param {string} dir is created
 * @param {Flake} [flake]
 * @returns {Promise<string>} the folder
 */
export async function writeFlake(dir, flake = {}) {
    const stdenv = path.join(dir, "stdenv");
    await mkdir(path.join(stdenv, "bin"), { recursive: true });
    await writeFile(path.join(stdenv, "setup"), setup);
    await writeFile(path.join(stdenv, "bin/in-dev-shell"), program, { mode: 0o755 });
    await writeFile(path.join(dir, "flake.nix"), flake.text ?? (await flakeText(flake)));
    return dir;
}

/** Nix's name of this kind of machine. */
export function nixSystem() {
    const architecture = process.arch === "arm64" ? "aarch64" : "x86_64";
    return `${architecture}-${process.platform}`;
}

/** @param {Flake} flake */
async function flakeText({ shells = {}, inputs = {}, extra = "{ }", system, ...first }) {
    const all = Object.entries({ default: first, ...shells });
    return `{
${Object.entries(inputs)
    .map(([name, url]) => `    inputs.${quote(name)}.url = ${quote(url)};\n`)
    .join("")}
    outputs =
        { self, ... }:
        let
            system = ${quote(system ?? nixSystem())};
            bash = ${quote((await onPath("bash")) ?? "/bin/bash")};
            shell =
                name: attributes:
                derivation (
                    {
                        inherit name system;
                        builder = bash;
                        args = [ "-c" "echo > $out" ];
                        outputs = [ "out" ];
                        stdenv = ./stdenv;
                    }
                    // attributes
                );
        in
        {
            devShells.\${system} = {
${all.map(([name, shell]) => shellText(name, shell)).join("")}            };
        }
        // (${extra});
}
`;
}

/**
 * @param {string} name
 * @param {Shell} shell
 */
function shellText(name, { hook, attributes = {}, expression = "{ }" }) {
    const set = Object.entries({
        ...attributes,
        ...(hook === undefined ? {} : { shellHook: hook }),
    });
    const lines = set.map(([key, value]) => `    ${quote(key)} = ${quote(value)};\n`).join("");
    return `${quote(name)} = shell ${quote(name)} ({\n${lines}} // (${expression}));\n`;
}

/**
 * @param {string} text
 * @returns {string} a Nix string
 */
function quote(text) {
    return `"${text.replace(/["\\]|\$(?=\{)/g, "\\$&")}"`;
}
