import { link, mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { randomUUID } from "node:crypto";
import { homedir } from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

const beat = 5_000;
const staleAfter = 120_000;

/** The folder outside every checkout that holds what the test bed makes once per machine. */
export function bedDir() {
    const cache = process.env.XDG_CACHE_HOME || path.join(homedir(), ".cache");
    return path.resolve(process.env.NIX_RUST_BED || path.join(cache, "nix-rust-bed"));
}

/**
 * Makes a folder of the bed exactly once per machine, and redoes one whose building was
 * interrupted. It is built where it will stay, since wrapper scripts and build systems write down
 * absolute paths: a marker beside it says that it is complete, a lock keeps a second process out.
 *
 * @param {string} name includes the version of what is made
 * @param {(dir: string) => Promise<unknown>} build fills the empty folder
 * @param {(line: string) => void} [log]
 * @returns {Promise<string>} the folder
 */
export async function once(name, build, log = () => {}) {
    const dir = path.join(bedDir(), name);
    const marker = `${dir}.complete`;
    if (await exists(marker)) return dir;
    await mkdir(bedDir(), { recursive: true });
    const unlock = await lock(`${dir}.lock`, () =>
        log(`waiting for another process to make ${name}`),
    );
    try {
        if (await exists(marker)) return dir;
        log(`making ${dir}`);
        const start = Date.now();
        await rm(dir, { recursive: true, force: true });
        await mkdir(dir, { recursive: true });
        await build(dir);
        await writeFile(marker, "");
        log(`made ${name} in ${((Date.now() - start) / 1000).toFixed(1)} s`);
        return dir;
    } finally {
        await unlock();
    }
}

/**
 * A file with the holder's process id, linked into place so that it is never seen half written.
 * The holder touches it: after a restart its id may belong to some other, living process.
 *
 * @param {string} file
 * @param {() => void} onWait
 */
async function lock(file, onWait) {
    const mine = `${file}.${process.pid}.${randomUUID()}`;
    await writeFile(mine, String(process.pid));
    try {
        for (let waited = false; ; waited = true) {
            try {
                await link(mine, file);
                break;
            } catch (error) {
                if (error.code !== "EEXIST") throw error;
            }
            if (await isStale(file)) {
                await rename(file, `${mine}.stale`).catch(ignoreMissing);
                await rm(`${mine}.stale`, { force: true });
                continue;
            }
            if (!waited) onWait();
            await sleep(250);
        }
    } finally {
        await rm(mine, { force: true });
    }
    const timer = setInterval(() => {
        const now = new Date();
        utimes(file, now, now).catch(() => {});
    }, beat);
    timer.unref();
    return async () => {
        clearInterval(timer);
        await rm(file, { force: true });
    };
}

/** @param {string} file */
async function isStale(file) {
    try {
        const [{ mtimeMs }, text] = await Promise.all([stat(file), readFile(file, "utf8")]);
        return Date.now() - mtimeMs > staleAfter || !isAlive(Number(text));
    } catch (error) {
        ignoreMissing(error);
        return false;
    }
}

/** @param {number} pid */
function isAlive(pid) {
    try {
        process.kill(pid, 0);
        return true;
    } catch (error) {
        return error.code === "EPERM";
    }
}

/** @param {string} file */
async function exists(file) {
    return stat(file).then(
        () => true,
        () => false,
    );
}

/** @param {any} error */
function ignoreMissing(error) {
    if (error.code !== "ENOENT") throw error;
}
