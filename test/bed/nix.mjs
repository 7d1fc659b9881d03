import { execFile } from "node:child_process";
import { access, constants, mkdir, readdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { bedDir, once } from "./cache.mjs";
import { onPath } from "./command.mjs";
import { isDebian, unpackPackages, useOwnLibraries } from "./debian.mjs";

const execute = promisify(execFile);

/** Debian's oldest and newest Nix, to find what changed between them. */
const suites = ["bookworm", "forky"];

/**
 * A Nix to test with.
 *
 * @typedef {object} Nix
 * @property {string} version
 * @property {string} bin a folder for PATH that has `nix` and `nix-store`, and nothing else
 */

/** @type {Promise<Nix[]> | undefined} */
let found;

/**
 * Every Nix that can be had here, the oldest first: Debian's from a private folder, and the
 * machine's own. They share /nix/store and its database, as they do where a user upgrades Nix:
 * its layout has been the same since 2.0, and with two databases the garbage collection of one
 * would delete the other's paths. Experimental features are off unless `nix.conf` says otherwise.
 *
 * @param {(line: string) => void} [log]
 */
export function nixes(log = () => {}) {
    found ??= find(log);
    return found;
}

/** @param {(line: string) => void} [log] */
export async function newestNix(log) {
    return /** @type {Nix} */ ((await nixes(log)).at(-1));
}

/** @param {(line: string) => void} [log] */
export async function oldestNix(log) {
    return /** @type {Nix} */ ((await nixes(log))[0]);
}

/** @param {(line: string) => void} log */
async function find(log) {
    const own = await onPath("nix");
    const isOurs = own?.startsWith(bedDir());
    const all = own && !isOurs ? [await describe(await wrapOwn(own, log))] : [];
    if ((await isDebian()) && (await canUseStore()))
        for (const suite of suites) all.push(await describe(await unpackNix(suite, log)));
    if (all.length === 0)
        throw new Error(
            "Please install Nix (https://nixos.org/download), " +
                "or on Debian make /nix a folder of yours: sudo install -d -o $USER /nix",
        );
    const distinct = new Map(all.map((nix) => [nix.version, nix]));
    return [...distinct.values()].sort((a, b) =>
        a.version.localeCompare(b.version, "en", { numeric: true }),
    );
}

/** Whether we may build into /nix/store ourselves, without a daemon. */
async function canUseStore() {
    try {
        await mkdir("/nix/store", { recursive: true });
        await access("/nix/store", constants.W_OK);
        return true;
    } catch {
        return false;
    }
}

/**
 * @param {string} suite
 * @param {(line: string) => void} log
 */
function unpackNix(suite, log) {
    return once(
        `nix-${suite}-1`,
        async (dir) => {
            await unpackPackages(suite, ["nix-bin"], dir, log);
            const programs = path.join(dir, "usr/bin");
            const libraries = path.join(dir, "usr/lib/nix");
            const names = (await readdir(libraries).catch(() => [])).filter((name) =>
                name.endsWith(".so"),
            );
            await useOwnLibraries(dir, [
                path.join(programs, "nix"),
                ...names.map((name) => path.join(libraries, name)),
            ]);
            await wrap(path.join(dir, "only-nix"), programs, {
                sandbox: "false",
                "build-users-group": "",
                // Nix 2.8 takes it from /usr, and doesn't build without one.
                "build-hook": `${dir}/usr/libexec/nix/build-remote`,
                builders: "",
                // None is in reach. Asking for one would take seconds at every build.
                substituters: "",
            });
        },
        log,
    );
}

/**
 * @param {string} nix
 * @param {(line: string) => void} log
 */
function wrapOwn(nix, log) {
    const programs = path.dirname(nix);
    // Our fixtures are built by the machine's bash, which a sandbox hides.
    return once(
        `nix-own${programs.replaceAll(path.sep, "-")}`,
        (dir) => wrap(path.join(dir, "only-nix"), programs, { sandbox: "false" }),
        log,
    );
}

/**
 * Settings are passed as options: in NIX_CONFIG they would show up in every captured environment,
 * and what the test itself sets there would be lost.
 *
 * @param {string} bin
 * @param {string} programs
 * @param {Record<string, string>} settings
 */
async function wrap(bin, programs, settings) {
    const options = Object.entries(settings).map(([name, value]) => `--option ${name} '${value}'`);
    await mkdir(bin, { recursive: true });
    for (const name of ["nix", "nix-store"]) {
        const script = ["#!/bin/sh", `exec '${programs}/${name}' \\`];
        for (const option of options) script.push(`    ${option} \\`);
        script.push('    "$@"', "");
        await writeFile(path.join(bin, name), script.join("\n"), { mode: 0o755 });
    }
}

/**
 * @param {string} dir
 * @returns {Promise<Nix>}
 */
async function describe(dir) {
    const bin = path.join(dir, "only-nix");
    const { stdout } = await execute(path.join(bin, "nix"), ["--version"]);
    const version = /\d+\.\d+\S*/.exec(stdout)?.[0];
    if (!version) throw new Error(`${bin}/nix --version says: ${stdout.trim()}`);
    return { version, bin };
}
