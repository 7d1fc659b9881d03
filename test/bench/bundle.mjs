import { execFile } from "node:child_process";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { embeddedVsCode } from "../bed/vscode.mjs";

const execute = promisify(execFile);
const script = fileURLToPath(new URL("load.cjs", import.meta.url));

/**
 * @param {import("./bed.mjs").Bed} bed
 * @returns {import("./contestants.mjs").Contestant[]}
 */
export function bundleContestants(bed) {
    const bundle = path.join(bed.extension, "dist", "extension.js");
    const load = async (/** @type {string} */ node) =>
        Number((await execute(node, [script, bundle], { env: bed.env })).stdout);
    return [
        { name: "bundle: load in plain Node, fake vscode", run: () => load(process.execPath) },
        {
            name: "bundle: load in VS Code's Node, fake vscode",
            run: async () => load((await embeddedVsCode(bed.log)).node),
        },
    ];
}
