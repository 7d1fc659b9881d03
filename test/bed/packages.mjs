import path from "node:path";
import { bedDir } from "./cache.mjs";
import { onPath, run } from "./command.mjs";

/**
 * Installs packages where that needs nobody's permission: on Debian and its kin, as root.
 *
 * @param {string[]} packages
 * @param {string} purpose completes "… is needed to"
 * @param {(line: string) => void} [log]
 */
export async function installPackages(packages, purpose, log = () => {}) {
    const list = packages.join(" ");
    if (process.getuid?.() !== 0 || !(await onPath("apt-get")))
        throw new Error(`Please install ${list} (or what your system calls it) to ${purpose}.`);
    log(`installing ${list}`);
    const options = {
        logFile: path.join(bedDir(), "logs", "apt.log"),
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    const wait = ["-o", "DPkg::Lock::Timeout=300"];
    await run("apt-get", ["update"], options);
    await run(
        "apt-get",
        [...wait, "install", "-y", "--no-install-recommends", ...packages],
        options,
    );
}
