import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { isComplete, type Toolchain } from "./toolchain";

/** Folders of a toolchain besides `bin` that its tools look into. */
const SHARED_FOLDERS = ["lib", "libexec", "share", "etc"];

/**
 * What RUSTUP_TOOLCHAIN has to be so that rustup's proxies run the dev shell's tools: the sysroot
 * where it holds them all, else a folder of links in `storage`.
 *
 * rustup takes an absolute path as a toolchain, and then ignores `rust-toolchain.toml`; where the
 * path lacks `bin/cargo` it falls back to another toolchain without a word, which is why nixpkgs'
 * split `rustc` and `cargo` need the links (the reference on rust-analyzer, "rustup's proxies").
 */
export function rustupToolchain(toolchain: Toolchain, storage: string): string {
    return isComplete(toolchain) ? toolchain.sysroot : linkFolder(toolchain, storage);
}

/** Links are never changed once made, as programs may be running through them: the name has a hash. */
function linkFolder(toolchain: Toolchain, storage: string): string {
    const links = new Map<string, string>();
    for (const [name, path] of Object.entries(toolchain.tools)) links.set(`bin/${name}`, path);
    for (const name of SHARED_FOLDERS) {
        const path = join(toolchain.sysroot, name);
        if (existsSync(path)) links.set(name, path);
    }
    const hash = createHash("sha256")
        .update(JSON.stringify([...links]))
        .digest("hex")
        .slice(0, 16);
    const folder = join(storage, `toolchain-${hash}`);
    if (existsSync(folder)) return folder;
    const unfinished = `${folder}.${process.pid}`;
    rmSync(unfinished, { recursive: true, force: true });
    mkdirSync(join(unfinished, "bin"), { recursive: true });
    for (const [name, path] of links) symlinkSync(path, join(unfinished, name));
    try {
        renameSync(unfinished, folder);
    } catch (error) {
        rmSync(unfinished, { recursive: true, force: true });
        if (!existsSync(folder)) throw error; // Otherwise another window was faster.
    }
    return folder;
}

/**
 * A path of the dev shell's rust-analyzer that stays the same when the shell changes, for the
 * setting that rust-analyzer keeps between windows. It is ours, so it can be mended from here.
 */
export function linkRustAnalyzer(
    toolchain: Toolchain | undefined,
    storage: string,
): string | undefined {
    const link = join(storage, "rust-analyzer");
    const target = toolchain?.tools["rust-analyzer"];
    if (target === undefined) {
        rmSync(link, { force: true });
        return undefined;
    }
    const unfinished = `${link}.${process.pid}`;
    rmSync(unfinished, { force: true });
    symlinkSync(target, unfinished);
    renameSync(unfinished, link);
    return link;
}
