import { spawn } from "node:child_process";

/** How much is kept of what a program that fails said. */
const KEPT = 2_000;

/**
 * How long a program takes, from its start to its exit.
 *
 * @param {string} file
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, expect?: (stdout: string) => boolean }} options
 * @returns {Promise<number>} milliseconds
 */
export async function timeProcess(file, args, { cwd, env, expect }) {
    let stdout = "";
    let stderr = "";
    const start = performance.now();
    const child = spawn(file, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
    child.stdout.on("data", (chunk) => (stdout += chunk));
    child.stderr.on("data", (chunk) => (stderr = (stderr + chunk).slice(-KEPT)));
    const how = await new Promise((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("close", (code, signal) => resolve(code ?? signal));
    });
    const milliseconds = performance.now() - start;
    const said = `${file} ${args.join(" ")} in ${cwd} (${how}): ${stderr}`;
    if (how !== 0) throw new Error(said);
    if (expect && !expect(stdout)) throw new Error(`unexpected output of ${said}`);
    return milliseconds;
}
