import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { commit } from "../bed/project.mjs";
import { inOneWorker } from "./inOneWorker.mjs";
import { declaring, lockOf } from "./lock.mjs";
import { makeProject } from "./project.mjs";

/** The sizes that the demands name. */
const FILES = 50_000;
const NODES = 1_000;
const PACKAGES = 2_500;

export const driftName = "drift, 50,000 files and 1,000 nodes";
export const needsName = "native needs, 2,500 packages";

/**
 * How flake.lock stands in a large repository: split into what git takes and what is ours.
 *
 * @param {import("./bed.mjs").Bed} bed
 */
export function driftContestants(bed) {
    const setup = async () => {
        const folder = path.join(bed.dir, "projects", "drift");
        await makeProject(folder, declaring);
        for (let i = 0; i < FILES; i += 100) {
            const dir = path.join(folder, `crates/${i}/src`);
            await mkdir(dir, { recursive: true });
            const names = Array.from({ length: 100 }, (_, n) => path.join(dir, `${n}.rs`));
            await Promise.all(names.map((name) => writeFile(name, "fn main() {}\n")));
        }
        await writeFile(path.join(folder, "flake.lock"), lockOf(NODES));
        await commit(folder);
        return { folder, storage: path.join(folder, "no-storage") };
    };
    return [inOneWorker(bed, driftName, "splitDrift", setup)];
}

/**
 * What the crates of a large workspace need of the system.
 *
 * @param {import("./bed.mjs").Bed} bed
 */
export function needsContestants(bed) {
    const setup = async () => {
        const folder = path.join(bed.dir, "projects", "needs");
        await mkdir(path.join(folder, "src"), { recursive: true });
        const manifest = '[package]\nname = "large"\nversion = "0.1.0"\nedition = "2021"\n';
        await writeFile(path.join(folder, "Cargo.toml"), manifest);
        await writeFile(path.join(folder, "src/main.rs"), "fn main() {}\n");
        await writeFile(path.join(folder, "Cargo.lock"), cargoLock());
        return { folder };
    };
    return [inOneWorker(bed, needsName, "needs", setup)];
}

/** Packages of which every hundredth needs a library, each with the next one as its dependency. */
function cargoLock() {
    const native = ["openssl-sys", "libz-sys", "alsa-sys", "libsqlite3-sys", "bindgen"];
    const nameOf = (/** @type {number} */ i) =>
        i === 0
            ? "large"
            : i % 100 === 0 && native[i / 100 - 1]
              ? native[i / 100 - 1]
              : `crate-${i}`;
    const packages = Array.from({ length: PACKAGES }, (_, i) => {
        const source =
            i === 0
                ? ""
                : `source = "registry+https://github.com/rust-lang/crates.io-index"\nchecksum = "${"0".repeat(64)}"\n`;
        const next = i + 1 < PACKAGES ? `dependencies = [\n "${nameOf(i + 1)}",\n]\n` : "";
        return `[[package]]\nname = "${nameOf(i)}"\nversion = "0.1.0"\n${source}${next}`;
    });
    return `version = 4\n\n${packages.join("\n")}`;
}
