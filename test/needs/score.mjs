// `npm run -s score -- [-v]`: what the analysis suggests for real projects against what their own nix
// files teach. Both are in ../shared/data, and so is the program that compares them.
import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const top = fileURLToPath(new URL("../..", import.meta.url));
export const data = process.env.NIX_RUST_SHARED ?? path.join(top, "..", "shared", "data");
const scorer = path.join(data, "score-needs.py");
const truth = path.join(data, "groundtruth.json");

/** Whether the data is on this machine. */
export const hasData = existsSync(scorer) && existsSync(truth);

/**
 * What `needs` prints, in the scorer's words.
 *
 * @param {string} folder
 * @returns {string[]}
 */
function suggestions(folder) {
    const cli = path.join(top, "dist", "cli.js");
    const needs = JSON.parse(
        execFileSync(process.execPath, [cli, "needs", folder], { encoding: "utf8" }),
    );
    const attributes = (/** @type {{ attribute: string, platform: string }[]} */ list) =>
        list.filter(({ platform }) => platform !== "darwin").map(({ attribute }) => attribute);
    return [
        ...["nativeBuildInputs", "buildInputs", "tools"].flatMap((list) => attributes(needs[list])),
        ...attributes(needs.runtimeLibraries).map((name) => `dlopen:${name}`),
        ...needs.environment.map((/** @type {{ name: string }} */ { name }) => name),
    ];
}

/**
 * The scorer's lines over all projects.
 *
 * @param {string[]} options of the scorer
 */
export function score(options) {
    const scratch = mkdtempSync(path.join(tmpdir(), "nix-rust-score-"));
    try {
        const file = path.join(scratch, "suggestions.json");
        const all = JSON.parse(readFileSync(truth, "utf8")).map(
            (/** @type {{ repo: string }} */ { repo }) => [
                repo,
                suggestions(path.join(data, "rust-projects", repo.replace("/", "__"))),
            ],
        );
        writeFileSync(file, JSON.stringify(Object.fromEntries(all)));
        return execFileSync("python3", [scorer, file, truth, ...options], { encoding: "utf8" });
    } finally {
        rmSync(scratch, { recursive: true });
    }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
    if (!hasData)
        throw new Error(`There is no ${scorer}: the projects to score against are not here.`);
    process.stdout.write(score(process.argv.slice(2)));
}
