import { execFile } from "node:child_process";
import { mkdir, rm, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { once } from "../bed/cache.mjs";
import { onPath } from "../bed/command.mjs";
import { isDebian, unpackPackages, useOwnLibraries } from "../bed/debian.mjs";
import { timeProcess } from "./stopwatch.mjs";

const execute = promisify(execFile);

/** The same suite as the newest nix of the test bed. */
const suite = "forky";

/**
 * direnv's executable: Debian's, or the machine's.
 *
 * @param {(line: string) => void} log
 */
export async function direnvExecutable(log) {
    if (!(await isDebian())) {
        const own = await onPath("direnv");
        if (own) return own;
        throw new Error("Please install direnv (https://direnv.net).");
    }
    const dir = await once(
        `direnv-${suite}-1`,
        async (dir) => {
            await unpackPackages(suite, ["direnv"], dir, log);
            await useOwnLibraries(dir, [path.join(dir, "usr/bin/direnv")]);
        },
        log,
    );
    return path.join(dir, "usr/bin/direnv");
}

/** direnv with its own `use flake`, or with another one. */
export class Direnv {
    #executable;
    #env;

    /**
     * @param {string} executable
     * @param {NodeJS.ProcessEnv} env
     */
    constructor(executable, env) {
        this.#executable = executable;
        this.#env = env;
    }

    /**
     * @param {import("./bed.mjs").Bed} bed
     * @param {string} name
     * @param {string} [direnvrc] the file that brings another `use flake`
     */
    static async make({ dir, env, log }, name, direnvrc) {
        const config = path.join(dir, `${name}-config`);
        await mkdir(path.join(config, "direnv"), { recursive: true });
        const text = direnvrc ? `source ${JSON.stringify(path.resolve(direnvrc))}\n` : "";
        await writeFile(path.join(config, "direnv", "direnvrc"), text);
        const own = { XDG_CONFIG_HOME: config, XDG_DATA_HOME: path.join(dir, `${name}-data`) };
        return new Direnv(await direnvExecutable(log), { ...env, ...own });
    }

    async version() {
        return (await execute(this.#executable, ["version"])).stdout.trim();
    }

    /** @param {string} folder */
    async allow(folder) {
        await execute(this.#executable, ["allow", folder], { env: this.#env });
    }

    /**
     * What an editor asks for when a window opens: no environment of direnv is there yet.
     *
     * @param {string} folder
     */
    export(folder) {
        return timeProcess(this.#executable, ["export", "json"], {
            cwd: folder,
            env: this.#env,
            // When it could not evaluate, it ends as if it could.
            expect: (stdout) => JSON.parse(stdout).CHANGES?.startsWith("unchanged") === true,
        });
    }
}

/** @param {string} folder */
export function forgetDirenv(folder) {
    return rm(path.join(folder, ".direnv"), { recursive: true, force: true });
}

/** @param {string} folder */
export function touchFlake(folder) {
    const now = new Date();
    return utimes(path.join(folder, "flake.nix"), now, now);
}
