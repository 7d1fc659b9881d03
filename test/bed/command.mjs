import { spawn } from "node:child_process";
import { access, appendFile, constants, mkdir, readFile } from "node:fs/promises";
import { createWriteStream } from "node:fs";
import { once as event } from "node:events";
import path from "node:path";

/**
 * Runs a program to its end with all its output in a log file, for steps of which only success
 * matters.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ logFile: string, cwd?: string, env?: NodeJS.ProcessEnv }} options
 */
export async function run(file, args, { logFile, cwd, env = process.env }) {
    await mkdir(path.dirname(logFile), { recursive: true });
    await appendFile(logFile, `\n$ ${[file, ...args].join(" ")}\n`);
    const log = createWriteStream(logFile, { flags: "a" });
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.pipe(log, { end: false });
    child.stderr.pipe(log, { end: false });
    const ended = await new Promise((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("close", (code, signal) => resolve(code ?? signal));
    });
    log.end();
    await event(log, "finish");
    if (ended === 0) return;
    const last = (await readFile(logFile, "utf8")).trimEnd().split("\n").at(-1);
    throw new Error(`${file} ${args[0] ?? ""} failed (${ended}): ${last} (log: ${logFile})`);
}

/**
 * The first executable of that name on PATH.
 *
 * @param {string} name
 * @returns {Promise<string | undefined>}
 */
export async function onPath(name) {
    for (const dir of (process.env.PATH ?? "").split(path.delimiter).filter(path.isAbsolute)) {
        const file = path.join(dir, name);
        if (await isExecutable(file)) return file;
    }
    return undefined;
}

/** @param {string} file */
export function isExecutable(file) {
    return access(file, constants.X_OK).then(
        () => true,
        () => false,
    );
}
