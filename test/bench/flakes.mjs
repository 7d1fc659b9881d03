import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { evaluation, variables } from "./project.mjs";
import { timeProcess } from "./stopwatch.mjs";

const execute = promisify(execFile);

/** How long the evaluation is to take that counts as a slow one, in milliseconds. */
const slow = 700;

/**
 * The dev shells that are measured, by what is said of them in the figures' names.
 *
 * @param {import("./bed.mjs").Bed} bed
 */
export function flakes(bed) {
    /** @type {Promise<number> | undefined} */
    let steps;
    return {
        smallest: async () => ({}),
        evaluating: async () => evaluation(await (steps ??= tuned(bed))),
        "300 variables": async () => variables(300),
    };
}

/**
 * How much there is to evaluate here for it to take that long. The fastest of several tries counts,
 * as another time the machine has less to do.
 *
 * @param {import("./bed.mjs").Bed} bed
 */
async function tuned(bed) {
    const tried = 2_000;
    const { expression = "" } = evaluation(tried);
    const nix = path.join(bed.nix.bin, "nix");
    const evaluate = (/** @type {string} */ text) =>
        timeProcess(nix, ["eval", "--expr", text], { cwd: bed.dir, env: bed.env });
    await execute(nix, ["eval", "--expr", "1"], { env: bed.env });
    const takes = [];
    for (let i = 0; i < 3; i++) takes.push((await evaluate(expression)) - (await evaluate("1")));
    const steps = Math.ceil((tried * slow) / Math.min(...takes));
    bed.log(`the slow evaluation: ${steps * 1_000} additions, for ${slow} ms`);
    return steps;
}
