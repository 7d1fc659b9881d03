import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { commit } from "../bed/project.mjs";
import { folderName, nixContestant, ourContestant } from "./contestants.mjs";
import { inOneWorker } from "./inOneWorker.mjs";
import { declaring, lockOf } from "./lock.mjs";
import { makeProject, makeProjectOfFiles, variables } from "./project.mjs";
import { WorkerProcess } from "./workerProcess.mjs";

/**
 * What must not grow worse than linearly: each by the sizes that are measured, and by what is
 * measured of each.
 */
export const growth = [
    {
        of: "variables",
        sizes: [10, 100, 1_000, 10_000],
        parts: [", delta", ", snapshot write", ", restore"],
    },
    { of: "folders", sizes: [1, 10, 100], parts: [": restore"] },
    { of: "nodes in flake.lock", sizes: [10, 100, 1_000], parts: [": drift"] },
    {
        of: "files",
        sizes: [10, 100, 1_000],
        parts: [
            ": nix print-dev-env, cold",
            ": ours, capture",
            ": ours, capture, without processes",
            ": nix print-dev-env, warm",
            ": ours, freshness check, nix asked",
            ": ours, freshness check, nix asked, without processes",
            ": ours, freshness check, files only",
            ": ours, freshness check, files only, without processes",
        ],
    },
];

/**
 * @param {number} size
 * @param {string} of
 */
export function growthName(size, of) {
    return `growth, ${size} ${of}`;
}

/**
 * @param {import("./bed.mjs").Bed} bed
 * @returns {import("./contestants.mjs").Contestant[]}
 */
export function growthContestants(bed) {
    return growth.flatMap(({ of, sizes }) =>
        sizes.flatMap((size) => makers[of](bed, growthName(size, of), size)),
    );
}

/** @type {Record<string, (bed: import("./bed.mjs").Bed, name: string, size: number) => import("./contestants.mjs").Contestant[]>} */
const makers = {
    variables(bed, name, count) {
        const dir = path.join(bed.dir, "storage", folderName(name));
        const setup = async () => ({
            count,
            storage: path.join(dir, "written"),
            like: (await captured(bed, name, {})).snapshot,
        });
        return [inOneWorker(bed, name, "environment", setup)];
    },

    folders(bed, name, count) {
        const dir = path.join(bed.dir, "projects", folderName(name));
        const setup = async () => {
            const folders = Array.from({ length: count }, (_, i) => path.join(dir, `${i}`));
            for (const folder of folders) {
                await mkdir(path.join(folder, ".git"), { recursive: true });
                for (const file of ["flake.nix", "Cargo.toml"])
                    await writeFile(path.join(folder, file), "");
            }
            const { storage, snapshot: from } = await captured(bed, name, variables(300));
            await WorkerProcess.once(bed, "plant", { from, folders, storage });
            return { folders, storage };
        };
        return [inOneWorker(bed, `${name}: restore`, "open", setup)];
    },

    "nodes in flake.lock"(bed, name, count) {
        const setup = async () => {
            const { dir } = await makeProject(
                path.join(bed.dir, "projects", folderName(name)),
                declaring,
            );
            await writeFile(path.join(dir, "flake.lock"), lockOf(count));
            await commit(dir);
            return { folder: dir, storage: path.join(dir, "no-storage") };
        };
        return [inOneWorker(bed, `${name}: drift`, "drift", setup)];
    },

    files(bed, name, count) {
        const make = (/** @type {string} */ what) => () =>
            makeProjectOfFiles(
                path.join(bed.dir, "projects", folderName(`${name} ${what}`)),
                count,
            );
        const args = ["print-dev-env"];
        return [
            nixContestant(bed, `${name}: nix print-dev-env, cold`, make("nix"), {
                args,
                cold: true,
            }),
            ourContestant(bed, `${name}: ours, capture`, make("ours"), {
                verb: "capture",
                split: true,
                changed: true,
            }),
            nixContestant(bed, `${name}: nix print-dev-env, warm`, make("nix warm"), {
                args,
                cold: false,
            }),
            ourContestant(bed, `${name}: ours, freshness check, nix asked`, make("ours warm"), {
                verb: "check",
                split: true,
            }),
            ourContestant(bed, `${name}: ours, freshness check, files only`, make("ours gate"), {
                verb: "gate",
                split: true,
            }),
        ];
    },
};

/**
 * A project that was captured.
 *
 * @param {import("./bed.mjs").Bed} bed
 * @param {string} name
 * @param {import("../bed/flake.mjs").Shell} shell
 */
async function captured(bed, name, shell) {
    const own = `${folderName(name)}-captured`;
    const { dir: folder } = await makeProject(path.join(bed.dir, "projects", own), shell);
    const storage = path.join(bed.dir, "storage", own);
    await WorkerProcess.once(bed, "capture", { folder, storage });
    const snapshot = await WorkerProcess.once(bed, "where", { folder, storage });
    return { storage, snapshot };
}
