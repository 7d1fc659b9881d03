import { execFile } from "node:child_process";
import { lookup } from "node:dns/promises";
import { availableParallelism, cpus, loadavg, release } from "node:os";
import { promisify } from "node:util";
import { embeddedVsCode } from "../bed/vscode.mjs";
import { direnvExecutable } from "./direnv.mjs";

const execute = promisify(execFile);

/**
 * What the figures depend on.
 *
 * @param {import("./bed.mjs").Bed} bed
 * @param {string | undefined} direnvrc
 * @returns {Promise<string[]>}
 */
export async function machineFacts({ nix, log }, direnvrc) {
    const direnv = await direnvExecutable(log);
    const { stdout } = await execute(direnv, ["version"]);
    const { version } = await embeddedVsCode(log);
    const network = await lookup("cache.nixos.org").then(
        () => "there",
        () => "none (names are not resolved)",
    );
    return [
        `${availableParallelism()} cores, ${cpus()[0]?.model ?? "unknown"}, ${process.platform} ${release()}`,
        `Node ${process.version}, nix ${nix.version}, direnv ${stdout.trim()}, VS Code ${version}`,
        `nix-direnv: ${direnvrc ?? "not measured; NIX_RUST_BENCH_DIRENVRC names its direnvrc"}`,
        `network: ${network}; load at the start: ${loadavg()
            .map((load) => load.toFixed(1))
            .join(" ")}`,
    ];
}
