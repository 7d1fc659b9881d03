import { execFile } from "node:child_process";
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { once } from "./cache.mjs";
import { onPath } from "./command.mjs";
import { isDebian, libraryFolders, unpackPackages, useOwnLibraries } from "./debian.mjs";

const execute = promisify(execFile);

const packages = ["rustc", "cargo", "rustfmt", "rust-clippy", "rust-src", "rust-analyzer"];
const programs =
    /^(cargo|cargo-clippy|cargo-fmt|clippy-driver|rust-analyzer|rustc|rustdoc|rustfmt)$/;

/**
 * A toolchain to put into dev shells, laid out as rustup and rust-overlay do: `bin`, `lib` with the
 * standard library and its source, `libexec`. Debian's newest, so that tests can tell it from the
 * toolchains that rustup put on the machine; where there is none, rustup's own.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<{ version: string, dir: string }>}
 */
export async function rustToolchain(log = () => {}) {
    const dir = (await isDebian()) ? await unpackToolchain(log) : await installedToolchain();
    const { stdout } = await execute(path.join(dir, "bin/rustc"), ["--version"]);
    return { version: stdout.split(" ")[1], dir };
}

/** @param {(line: string) => void} log */
async function unpackToolchain(log) {
    const made = await once(
        "rust-forky-1",
        async (dir) => {
            await unpackPackages("forky", packages, dir, log);
            await layOut(dir, path.join(dir, "toolchain"));
        },
        log,
    );
    return path.join(made, "toolchain");
}

/**
 * Debian spreads a toolchain over /usr; here it becomes a folder that holds nothing else. The
 * C library and its kind stay behind in `dir`.
 *
 * @param {string} dir what `unpackPackages` filled
 * @param {string} toolchain
 */
async function layOut(dir, toolchain) {
    const at = (/** @type {string[]} */ ...parts) => path.join(toolchain, ...parts);
    for (const folder of ["bin", "lib", "libexec"]) await mkdir(at(folder), { recursive: true });
    await move(path.join(dir, "usr/bin"), at("bin"), programs);
    await move(path.join(dir, "usr/libexec"), at("libexec"), /^rust-analyzer/);
    await move(path.join(dir, "usr/lib"), at("lib"), /^rustlib$/);
    for (const folder of await libraryFolders(dir))
        await move(folder, at("lib"), /^(libLLVM|librustc_driver|libstd-).*\.so/);
    // Of the compiler's source, only what rustup's component rust-src has.
    const source = at("lib/rustlib/src/rust");
    await rm(source, { recursive: true, force: true });
    await mkdir(source, { recursive: true });
    for (const name of await readdir(path.join(dir, "usr/src")))
        await move(path.join(dir, "usr/src", name), source, /^library$/);
    await rm(path.join(dir, "usr/src"), { recursive: true });

    const files = [];
    for (const folder of ["bin", "lib", "libexec"])
        for (const entry of await readdir(at(folder), { withFileTypes: true }))
            if (entry.isFile()) files.push(at(folder, entry.name));
    await useOwnLibraries(dir, files);
}

/**
 * @param {string} from
 * @param {string} to
 * @param {RegExp} names
 */
async function move(from, to, names) {
    for (const name of await readdir(from).catch(() => []))
        if (names.test(name)) await rename(path.join(from, name), path.join(to, name));
}

async function installedToolchain() {
    const rustc = await onPath("rustc");
    if (!rustc) throw new Error("Please install Rust (https://rustup.rs).");
    const { stdout } = await execute(rustc, ["--print", "sysroot"]);
    return stdout.trim();
}
