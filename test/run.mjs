// `npm test`: everything, on a machine where nothing is prepared. Suites run one after the other;
// the last line adds them up. Arguments name the suites to run, as in `npm test -- unit nix`.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const root = path.dirname(import.meta.dirname);
process.chdir(root);

const results = mkdtempSync(path.join(tmpdir(), "nix-rust-test-"));
const totals = { passed: 0, failed: 0, skipped: 0 };
const summary = [];

/**
 * Runs a command with its output on ours.
 *
 * @returns {boolean} whether it went well
 */
function run(command, args, env = {}) {
    const options = { stdio: ["ignore", "inherit", "inherit"], env: { ...process.env, ...env } };
    return spawnSync(command, args, options).status === 0;
}

/** Counts a suite that is one command, without tests of its own. */
function step(name, command, args) {
    const start = Date.now();
    const ok = run(command, args);
    count(name, { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: 0 }, since(start));
}

/** Runs a suite of mocha tests; one that fails to start, or has no test, has failed. */
function mocha(name, args, env = {}) {
    const start = Date.now();
    const file = path.join(results, `${name.replaceAll(" ", "-")}.json`);
    const reporter = ["--reporter", path.join(import.meta.dirname, "reporter.cjs")];
    const program = path.join(root, "node_modules/mocha/bin/mocha.js");
    const ok = run(process.execPath, [program, ...reporter, ...args], {
        ...env,
        NIX_RUST_TEST_RESULT: file,
    });
    count(name, outcome(file, ok), since(start));
}

/** What a suite left behind; a suite that ended badly without a failed test counts as one. */
function outcome(file, ok) {
    const none = { passed: 0, failed: 0, skipped: 0 };
    const result = existsSync(file) ? JSON.parse(readFileSync(file, "utf8")) : none;
    const isEmpty = result.passed + result.failed === 0;
    return (isEmpty || !ok) && result.failed === 0 ? { ...result, failed: 1 } : result;
}

function count(name, result, seconds) {
    for (const key of Object.keys(totals)) totals[key] += result[key];
    const skipped = result.skipped > 0 ? `, ${result.skipped} skipped` : "";
    summary.push(
        `${name}: ${result.passed} passed, ${result.failed} failed${skipped} (${Math.round(seconds)} s)`,
    );
    console.log(`\n${summary.at(-1)}\n`);
}

/** Seconds since a time in milliseconds. */
function since(start) {
    return (Date.now() - start) / 1000;
}

const log = (line) => console.log(line);

const suites = {
    check() {
        step("types", "npx", ["tsc", "--noEmit", "-p", "."]);
        step("lint", "npx", ["eslint", "-c", "test/eslint.config.mjs", "."]);
        step("format", "npx", ["prettier", "--check", "--log-level", "warn", "."]);
    },
    unit() {
        mocha("unit", ["dist/test/unit/**/*.test.js"]);
    },
    async nix() {
        const { nixes } = await import("./bed/nix.mjs");
        for (const { version, bin } of await nixes(log)) {
            mocha(`nix ${version}`, ["--timeout", "120000", "dist/test/nix/**/*.test.js"], {
                NIX_RUST_NIX: bin,
            });
        }
    },
    async editor() {
        const { runEditorTests } = await import("./editor/run.mjs");
        for (const suite of await runEditorTests(log)) {
            const seconds = (suite.end - suite.start) / 1000;
            count(`editor ${suite.name}`, outcome(suite.file, suite.ok), seconds);
        }
    },
    window() {
        mocha("window", ["--timeout", "300000", "dist/test/window/**/*.test.js"]);
    },
    package() {
        mocha("package", ["--timeout", "120000", "dist/test/package/**/*.test.js"]);
    },
};

const wanted = process.argv.slice(2);
const unknown = wanted.find((name) => !Object.hasOwn(suites, name));
if (unknown !== undefined) {
    console.error(`There is no suite ${unknown}; there are ${Object.keys(suites).join(", ")}.`);
    process.exit(2);
}

if (!existsSync("node_modules/.package-lock.json") && !run("npm", ["ci"])) process.exit(1);
// Tests that were renamed or removed must not run on from an earlier build.
rmSync("dist", { recursive: true, force: true });
if (!run("npm", ["run", "-s", "build"])) {
    console.error("The build failed.");
    process.exit(1);
}
for (const [name, suite] of Object.entries(suites)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    try {
        await suite();
    } catch (error) {
        console.error(error);
        count(name, { passed: 0, failed: 1, skipped: 0 }, 0);
    }
}

rmSync(results, { recursive: true, force: true });
console.log(`\n${summary.join("\n")}\n`);
const skipped = totals.skipped > 0 ? `, ${totals.skipped} skipped` : "";
console.log(`${totals.passed} passed, ${totals.failed} failed${skipped}`);
process.exitCode = totals.failed === 0 && totals.passed > 0 ? 0 : 1;
