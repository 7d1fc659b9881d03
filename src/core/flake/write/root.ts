import { dirname, relative } from "node:path";
import type { Project } from "../../project/project";

/**
 * The folder that a new flake.nix is for: the one that is open, or the one above it that has the
 * workspace's Cargo.toml or the toolchain file, which the flake reads.
 */
export function flakeRoot({ folder, cargo, toolchainFile }: Project): string {
    const above = [cargo, toolchainFile]
        .flatMap((file) => (file === undefined ? [] : [dirname(file)]))
        .filter((candidate) => isAbove(candidate, folder));
    return above.reduce((a, b) => (b.length < a.length ? b : a), folder);
}

function isAbove(candidate: string, folder: string): boolean {
    return /^\.\.(?:[\\/]\.\.)*$/.test(relative(folder, candidate));
}
