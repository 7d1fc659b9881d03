import path from "node:path";
import { Direnv, forgetDirenv, touchFlake } from "./direnv.mjs";
import { makeProject } from "./project.mjs";
import { timeProcess } from "./stopwatch.mjs";
import { WorkerProcess } from "./workerProcess.mjs";

/**
 * @typedef {import("./bed.mjs").Bed} Bed
 * @typedef {import("./rounds.mjs").Contestant & { setup?: () => Promise<unknown> }} Contestant
 * @typedef {import("./project.mjs").Project} Project
 * @typedef {() => Promise<Project> | Project} MakeProject
 */

/** A name as one for a folder. */
export const folderName = (/** @type {string} */ name) => name.replace(/[^\w]+/g, "-");

/**
 * Where a contestant's project comes from: each has one of its own, of the same flake.
 *
 * @param {Bed} bed
 * @param {string} name
 * @param {() => Promise<import("../bed/flake.mjs").Shell>} shell
 * @returns {MakeProject}
 */
export function ownProject(bed, name, shell) {
    return async () => makeProject(path.join(bed.dir, "projects", folderName(name)), await shell());
}

/**
 * @param {Bed} bed
 * @param {string} name
 * @param {MakeProject} make
 * @param {{ args: string[], cold: boolean, bin?: () => Promise<string> }} options
 * @returns {Contestant}
 */
export function nixContestant(bed, name, make, { args, cold, bin = async () => bed.nix.bin }) {
    /** @type {Project} */
    let project;
    let nix = "";
    return {
        name,
        async setup() {
            project = await make();
            nix = path.join(await bin(), "nix");
        },
        prepare: async () => cold && project.change(),
        run: () => timeProcess(nix, args, { cwd: project.dir, env: bed.env }),
    };
}

/**
 * @param {Bed} bed
 * @param {string} name
 * @param {MakeProject} make
 * @param {{ state: "cold" | "touched" | "warm", direnvrc?: string }} options
 * @returns {Contestant}
 */
export function direnvContestant(bed, name, make, { state, direnvrc }) {
    /** @type {Project} */
    let project;
    /** @type {Direnv} */
    let direnv;
    return {
        name,
        async setup() {
            project = await make();
            direnv = await Direnv.make(bed, direnvrc ? "nix-direnv" : "direnv", direnvrc);
            await direnv.allow(project.dir);
        },
        async prepare() {
            if (state === "touched") await touchFlake(project.dir);
            if (state !== "cold") return;
            await project.change();
            await forgetDirenv(project.dir);
        },
        run: () => direnv.export(project.dir),
    };
}

/**
 * Ours, each time in a new process that has loaded the core; `split` tells its own part as well.
 *
 * @param {Bed} bed
 * @param {string} name
 * @param {MakeProject} make
 * @param {{ verb: "capture" | "check" | "gate" | "reload", changed?: boolean,
 *     split?: boolean, env?: () => Promise<NodeJS.ProcessEnv> }} options
 * @returns {Contestant}
 */
export function ourContestant(bed, name, make, { verb, changed = false, split = false, env }) {
    /** @type {Project} */
    let project;
    let own = bed;
    let storages = 0;
    const request = () => ({
        folder: project.dir,
        storage: path.join(bed.dir, "storage", folderName(name), String(storages)),
    });
    return {
        name,
        async setup() {
            project = await make();
            if (env) own = { ...bed, env: await env() };
            if (verb !== "capture") await WorkerProcess.once(own, "capture", request());
        },
        async prepare() {
            if (changed) await project.change();
            if (verb === "capture") storages++;
        },
        async run() {
            const parts = await WorkerProcess.once(own, verb, request());
            return split ? parts : parts[""];
        },
    };
}

/**
 * What a warm window waits for: the snapshot alone, or with all that is done to find it.
 *
 * @param {Bed} bed
 * @param {string} name
 * @param {MakeProject} make
 * @param {{ verb: "restore" | "open", count: number }} options
 * @returns {Contestant}
 */
export function restoreContestant(bed, name, make, { verb, count }) {
    /** @type {object} */
    let request;
    return {
        name,
        async setup() {
            const { dir: folder } = await make();
            const storage = path.join(bed.dir, "storage", folderName(name));
            await WorkerProcess.once(bed, "capture", { folder, storage });
            const snapshot = await WorkerProcess.once(bed, "where", { folder, storage });
            request = { folders: [folder], storage, snapshot, count };
        },
        run: () => WorkerProcess.once(bed, verb, request),
    };
}
