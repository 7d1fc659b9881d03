import { build } from "esbuild";
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { newestNix } from "../bed/nix.mjs";

const execute = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** What the extension is built of, and what VS Code loads. */
const sources = ["src", "media", "package.json", "tsconfig.json", "esbuild.config.mjs"];
const standIn = "test/fixtures/rust-analyzer";

/**
 * What every contestant is given.
 *
 * @typedef {object} Bed
 * @property {string} dir a private folder that is removed afterwards
 * @property {NodeJS.ProcessEnv} env of every contestant: a home of their own, and nix on PATH
 * @property {{ version: string, bin: string }} nix
 * @property {string} extension the folder of the built extension
 * @property {string} core the bundle of core.ts
 * @property {(line: string) => void} log
 * @property {(cleanup: () => Promise<unknown>) => void} atEnd
 * @property {() => Promise<void>} remove
 */

/**
 * @param {(line: string) => void} log
 * @returns {Promise<Bed>}
 */
export async function makeBed(log) {
    const nix = await newestNix(log);
    /** @type {(() => Promise<unknown>)[]} */
    const cleanups = [];
    const dir = await realpath(await mkdtemp(path.join(tmpdir(), "nix-rust-bench-")));
    try {
        // Evaluation caches and direnv's permissions: nobody else's, and nobody else waits for ours.
        const home = path.join(dir, "home");
        await mkdir(home);
        const extension = await buildCopy(path.join(dir, "extension"));
        return {
            dir,
            env: {
                ...withoutShell(process.env),
                HOME: home,
                PATH: [nix.bin, process.env.PATH].join(path.delimiter),
                NIX_CONFIG: "extra-experimental-features = nix-command flakes",
                RUSTUP_HOME: process.env.RUSTUP_HOME ?? `${process.env.HOME}/.rustup`,
            },
            nix,
            extension,
            core: await buildCore(extension),
            log,
            atEnd: (cleanup) => void cleanups.push(cleanup),
            async remove() {
                for (const cleanup of cleanups.splice(0)) await cleanup();
                await rm(dir, { recursive: true, force: true, maxRetries: 3 });
            },
        };
    } catch (error) {
        await rm(dir, { recursive: true, force: true });
        throw error;
    }
}

/**
 * The same nix as a user has it without a network: binary caches are set, and can't be reached.
 *
 * @param {Bed} bed
 * @returns {Promise<string>} a folder for PATH
 */
export async function nixWithCaches({ dir, nix }) {
    const bin = path.join(dir, "nix-with-caches");
    await mkdir(bin, { recursive: true });
    for (const name of ["nix", "nix-store"]) {
        const script = await readFile(path.join(nix.bin, name), "utf8");
        const caches = "--option substituters https://cache.nixos.org";
        const changed = script.replace("--option substituters ''", caches);
        await writeFile(path.join(bin, name), changed, { mode: 0o755 });
    }
    return bin;
}

/**
 * Builds a copy of the sources as they are now: the checkout may be worked on while this runs.
 *
 * @param {string} dir
 */
async function buildCopy(dir) {
    for (const source of sources) {
        await cp(path.join(root, source), path.join(dir, source), { recursive: true });
    }
    await cp(path.join(root, standIn), path.join(dir, standIn), { recursive: true });
    await symlink(path.join(root, "node_modules"), path.join(dir, "node_modules"));
    await execute(process.execPath, ["esbuild.config.mjs"], { cwd: dir });
    return dir;
}

/** As in the extension: libraries are loaded on first use. */
const besideTheBundle = {
    name: "beside-the-bundle",
    /** @param {import("esbuild").PluginBuild} build */
    setup({ onResolve }) {
        onResolve({ filter: /^(?:execa|smol-toml)$/ }, ({ path }) => ({
            path: `./later/${path}.js`,
            external: true,
        }));
    },
};

/** @param {string} extension */
async function buildCore(extension) {
    const outfile = path.join(extension, "dist", "core.cjs");
    await cp(path.join(root, "test/bench/core.ts"), path.join(extension, "test/bench/core.ts"));
    await build({
        entryPoints: [path.join(extension, "test/bench/core.ts")],
        outfile,
        bundle: true,
        minify: true,
        platform: "node",
        format: "cjs",
        target: "node20",
        logLevel: "warning",
        plugins: [besideTheBundle],
    });
    return outfile;
}

/**
 * Neither a dev shell nor an editor that this runs in has a part in what is measured.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function withoutShell(env) {
    const own =
        /^(IN_NIX_SHELL|NIX_(?!STATE_DIR|STORE_DIR|REMOTE|PATH)|DIRENV_|XDG_|VSCODE_|ELECTRON_)/;
    return Object.fromEntries(Object.entries(env).filter(([name]) => !own.test(name)));
}
