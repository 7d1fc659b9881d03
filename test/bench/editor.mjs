import { readFile } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { machineValues } from "../bed/project.mjs";
import { startServer } from "../bed/server.mjs";
import { openWindow } from "../bed/window.mjs";
import { waitForStatus, waitForWorkbench } from "../bed/workbench.mjs";
import { makeProject, variables } from "./project.mjs";

const monitor = fileURLToPath(new URL("monitor", import.meta.url));
const patience = 60_000;

/**
 * After how many milliseconds VS Code has saved what an extension gave to terminals. A window that
 * is closed earlier makes the next one give it again, which is what a cold one does.
 */
const saved = 7_000;
const status = "nix-rust.nix-rust.status";

/**
 * Windows of the real VS Code, each with a new extension host, on a folder whose environment is
 * known from an earlier window.
 *
 * @param {import("./bed.mjs").Bed} bed
 * @returns {import("./contestants.mjs").Contestant[]}
 */
export function editorContestants(bed) {
    const dir = path.join(bed.dir, "editor");
    const logs = { monitor: `${dir}-monitor.log`, server: `${dir}-rust-analyzer.log` };
    /** @type {import("../bed/server.mjs").Server} */
    let server;
    let folder = "";

    /**
     * @template T
     * @param {() => Promise<T>} use while it is open
     */
    async function whileOpen(use) {
        const { page, close } = await openWindow(server, {
            target: folder,
            profileDir: path.join(dir, "browser"),
            development: [
                monitor,
                bed.extension,
                path.join(bed.extension, "dist/test/rust-analyzer"),
            ],
            log: bed.log,
        });
        try {
            await waitForWorkbench(page);
            // What is asked in the background is answered then: nothing is killed half way.
            await waitForStatus(page, { id: status, label: "is in use" }, patience);
            return await use();
        } finally {
            await close();
        }
    }

    return [
        {
            name: "editor",
            async setup() {
                folder = await rustProject(path.join(dir, "project"));
                server = await startServer({
                    dataDir: path.join(dir, "data"),
                    extensionsDir: path.join(dir, "extensions"),
                    env: {
                        ...bed.env,
                        // The stand-in's own, so that only the dev shell has a server.
                        VSCODE_CLI: "1",
                        NIX_RUST_BENCH_BUNDLE: path.join(bed.extension, "dist/extension.js"),
                        NIX_RUST_BENCH_LOG: logs.monitor,
                        NIX_RUST_RA_LOG: logs.server,
                    },
                    trust: true,
                    log: bed.log,
                });
                bed.atEnd(server.stop);
                await whileOpen(() => sleep(saved));
            },
            async run() {
                const before = await Promise.all([entries(logs.monitor), entries(logs.server)]);
                const { ours, theirs } = await whileOpen(async () => {
                    const ours = await next(logs.monitor, before[0].length);
                    const theirs = await next(logs.server, before[1].length);
                    if (!ours.inside || !(await isInside(theirs.pid)))
                        throw new Error("a warm window is not in its dev shell");
                    return { ours, theirs };
                });
                return {
                    ": bundle load": ours.load.clock,
                    ": activate()": ours.activate.clock,
                    ": bundle load and activate()": ours.load.clock + ours.activate.clock,
                    ": bundle load and activate(), processor": ours.load.cpu + ours.activate.cpu,
                    ": what is registered after activate() returned": ours.rest.clock,
                    ": extension host's start to environment in place": ours.sinceStart,
                    ": extension host's start to rust-analyzer's server in it":
                        theirs.time - ours.hostStart,
                };
            },
        },
    ];
}

/**
 * A Rust project whose dev shell has 300 variables and rust-analyzer.
 *
 * @param {string} dir
 */
async function rustProject(dir) {
    const { toolchain, path: programs } = await machineValues();
    const { dir: folder } = await makeProject(dir, variables(300), {
        "stdenv/setup": `export PATH=$stdenv/bin:${toolchain}/bin:${programs}\n`,
        "Cargo.toml": '[package]\nname = "bench"\nversion = "0.1.0"\nedition = "2021"\n',
        "main.rs": "fn main() {}\n",
    });
    return folder;
}

/**
 * @param {string} file
 * @returns {Promise<any[]>}
 */
async function entries(file) {
    const text = await readFile(file, "utf8").catch(() => "");
    return text
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line));
}

/**
 * @param {string} file
 * @param {number} count the entries that were there
 */
async function next(file, count) {
    for (const end = Date.now() + patience; Date.now() < end; await sleep(50)) {
        const entry = (await entries(file))[count];
        if (entry) return entry;
    }
    throw new Error(`nothing new in ${file}`);
}

/**
 * Whether a process was started in the dev shell.
 *
 * @param {number} pid
 */
async function isInside(pid) {
    if (process.platform !== "linux") return true;
    return (await readFile(`/proc/${pid}/environ`, "utf8")).includes("\0BENCH_1=");
}
