import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { cp, mkdir, readdir, readFile, utimes, writeFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { once } from "./cache.mjs";
import { onPath } from "./command.mjs";
import { nixSystem, writeFlake } from "./flake.mjs";
import { oldestNix } from "./nix.mjs";
import { oddFlakes } from "./odd-flakes.mjs";
import { rustToolchain } from "./rust.mjs";

const execute = promisify(execFile);
const fixtures = fileURLToPath(new URL("../fixtures", import.meta.url));
const isTemplate = /\.(nix|toml)$/;

/**
 * Makes a project of a fixture: copies it, fills in what depends on the machine, locks its inputs
 * and commits everything.
 *
 * @param {string} name a folder of test/fixtures, or one of `oddFlakes`
 * @param {string} destination is created
 * @param {{ git?: boolean, log?: (line: string) => void }} [options]
 * @returns {Promise<string>} the destination
 */
export async function instantiate(name, destination, { git = true, log } = {}) {
    const odd = oddFlakes[name];
    if (odd) {
        await writeFlake(destination, odd);
    } else {
        const values = { ...(await machineValues(log)), nixpkgs: await nixpkgs(log) };
        await copyTemplate(name, destination, values);
        for (const file of await filesOf(destination))
            if (path.basename(file) === "flake.nix") await lockInputs(path.dirname(file), log);
    }
    if (git) for (const dir of await projectsIn(destination)) await commit(dir);
    return destination;
}

/**
 * A folder that is no project itself is a workspace of several.
 *
 * @param {string} dir
 */
async function projectsIn(dir) {
    const entries = await readdir(dir, { withFileTypes: true });
    if (entries.some(({ name }) => name === "flake.nix" || name === "Cargo.toml")) return [dir];
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => path.join(dir, name));
}

/**
 * Writes the lock file of a flake, if it has inputs: by the oldest Nix, since all newer ones read
 * its format but not the other way round.
 *
 * @param {string} dir
 * @param {(line: string) => void} [log]
 */
export async function lockInputs(dir, log) {
    if (!/^\s*inputs\b/m.test(await readFile(path.join(dir, "flake.nix"), "utf8"))) return;
    const { bin } = await oldestNix(log);
    const features = ["--extra-experimental-features", "nix-command flakes"];
    // As a path: in a repository, Nix sees only what was added to it.
    await execute(path.join(bin, "nix"), [
        ...features,
        "--offline",
        "flake",
        "lock",
        `path:${dir}`,
    ]);
}

/**
 * Puts everything in the folder into its git repository, which is made if there is none.
 *
 * @param {string} dir
 * @param {string} [message]
 */
export async function commit(dir, message = "A fixture") {
    await git(dir, "init", "--quiet", "--initial-branch=main");
    await git(dir, "add", "--all");
    await git(dir, "commit", "--quiet", "--allow-empty", `--message=${message}`);
}

/**
 * Runs git whatever the configuration of who runs the tests.
 *
 * @param {string} dir
 * @param {...string} args
 * @returns {Promise<string>} its output
 */
export async function git(dir, ...args) {
    const { stdout } = await execute("git", args, {
        cwd: dir,
        env: {
            ...process.env,
            GIT_CONFIG_GLOBAL: "/dev/null",
            GIT_CONFIG_NOSYSTEM: "1",
            GIT_AUTHOR_NAME: "Nix Rust",
            GIT_AUTHOR_EMAIL: "nix-rust@localhost",
            GIT_COMMITTER_NAME: "Nix Rust",
            GIT_COMMITTER_EMAIL: "nix-rust@localhost",
        },
    });
    return stdout;
}

/**
 * What fixtures say about the machine, by the names that stand between @ in them.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<Record<string, string>>}
 */
export async function machineValues(log) {
    const toolchain = await rustToolchain(log);
    const programs = await Promise.all(["mkdir", "ln", "bash", "cc"].map(requireProgram));
    return {
        system: nixSystem(),
        bash: await requireProgram("bash"),
        path: [...new Set(programs.map((file) => path.dirname(file)))].join(":"),
        toolchain: toolchain.dir,
        rust: toolchain.version,
    };
}

/**
 * The flake that stands in for nixpkgs.
 *
 * @param {(line: string) => void} [log]
 */
export async function nixpkgs(log) {
    const values = await machineValues(log);
    return once(
        `nixpkgs-${await templateHash("nixpkgs", values)}`,
        async (dir) => {
            await copyTemplate("nixpkgs", dir, values);
            await forgetTimes(dir);
        },
        log,
    );
}

/**
 * Tells one state of a fixture from another.
 *
 * @param {string} name
 * @param {Record<string, string>} values
 */
export async function templateHash(name, values) {
    const hash = createHash("sha256").update(JSON.stringify(values));
    const template = path.join(fixtures, name);
    for (const file of await filesOf(template))
        hash.update(`\0${path.relative(template, file)}\0`).update(await readFile(file));
    return hash.digest("hex").slice(0, 8);
}

/**
 * @param {string} name
 * @param {string} destination
 * @param {Record<string, string>} values
 */
async function copyTemplate(name, destination, values) {
    await mkdir(path.dirname(destination), { recursive: true });
    await cp(path.join(fixtures, name), destination, { recursive: true });
    for (const file of await filesOf(destination)) {
        if (!isTemplate.test(file)) continue;
        const text = await readFile(file, "utf8");
        await writeFile(
            file,
            text.replace(/@([a-z]+)@/g, (whole, value) => values[value] ?? whole),
        );
    }
}

/**
 * A lock file records when an input changed last, which must not depend on when we copied it.
 *
 * @param {string} dir
 */
async function forgetTimes(dir) {
    for (const name of await readdir(dir, { recursive: true }))
        await utimes(path.join(dir, name), 1, 1);
    await utimes(dir, 1, 1);
}

/**
 * @param {string} dir
 * @returns {Promise<string[]>} in a stable order
 */
async function filesOf(dir) {
    const entries = await readdir(dir, { recursive: true, withFileTypes: true });
    return entries
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
        .sort();
}

/** @param {string} name */
async function requireProgram(name) {
    const file = await onPath(name);
    if (file) return file;
    throw new Error(`Please install ${name}: the test projects need it.`);
}
