#!/usr/bin/env node
// Stands in for desktop VS Code's executable in `runTests` of @vscode/test-electron: the same
// command line, but the window is the embedded VS Code's in headless Chromium.
import { statSync } from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { controlServer } from "./control-server.mjs";
import { startServer } from "./server.mjs";
import { readSettings } from "./settings.mjs";
import { openWindow } from "./window.mjs";
import * as workbench from "./workbench.mjs";

const idleLimit = 10 * 60_000;
const log = (/** @type {string} */ line) => void process.stderr.write(`test bed: ${line}\n`);

const { values, positionals } = parseArgs({
    strict: false,
    allowPositionals: true,
    options: {
        extensionDevelopmentPath: { type: "string", multiple: true },
        extensionTestsPath: { type: "string" },
        "user-data-dir": { type: "string" },
        "extensions-dir": { type: "string" },
        "disable-workspace-trust": { type: "boolean" },
        "disable-extensions": { type: "boolean" },
    },
});

/** @type {(() => unknown)[]} */
const cleanups = [];
/** @type {(end: { code: number, reason?: string }) => void} */
let finish = () => {};
/** @type {Promise<{ code: number, reason?: string }>} */
const finished = new Promise((resolve) => (finish = resolve));
const fail = (/** @type {string} */ reason) => finish({ code: 1, reason });

for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }))
    process.on(signal, () => finish({ code, reason: `ended by ${signal}` }));
process.on("uncaughtException", (error) => fail(error.message));
process.stdout.on("error", () => fail("nobody reads the standard output any more"));
process.stderr.on("error", () => fail("nobody reads the standard error any more"));

/** @type {Map<string, string>} */
const complaints = new Map();
runSuite().catch((error) => fail(error.message));
const { code, reason } = await finished;
if (reason) {
    log(reason);
    for (const complaint of complaints.values()) log(complaint);
}
for (const cleanup of cleanups.reverse()) {
    try {
        await cleanup();
    } catch (error) {
        log(`while ending: ${error.message}`);
    }
}
process.exit(code);

async function runSuite() {
    const tests = values.extensionTestsPath;
    if (!tests) throw new Error("--extensionTestsPath is missing; this VS Code only runs tests");
    const userDataDir = path.resolve(values["user-data-dir"] ?? ".vscode-test/user-data");
    const extensionsDir = values["extensions-dir"] ?? path.join(userDataDir, "extensions");

    const idle = setTimeout(
        () => fail(`nothing heard from the suite in ${idleLimit / 60_000} minutes`),
        idleLimit,
    );
    /** @type {import("playwright-core").Page | undefined} */
    let page;
    const control = await controlServer({
        log(text) {
            idle.refresh();
            process.stdout.write(text);
        },
        done: (failures) => finish({ code: failures === 0 ? 0 : 1 }),
        async ui(method, args) {
            idle.refresh();
            if (!page || !Object.hasOwn(workbench, method))
                throw new Error(page ? `No function ${method}.` : "The window is not open yet.");
            return workbench[method](page, ...args);
        },
    });
    cleanups.push(control.close);

    const server = await startServer({
        dataDir: path.join(userDataDir, "server"),
        extensionsDir: path.resolve(extensionsDir),
        env: { NIX_RUST_TEST_CONTROL: control.url },
        trust: values["disable-workspace-trust"] === true,
        userSettings: await readSettings(path.join(userDataDir, "User", "settings.json")),
        onOutput(line) {
            const exit = /Extension Host Process exited with (.+)/.exec(line)?.[1];
            if (exit) fail(`the extension host ended before the suite did (${exit})`);
        },
        log,
    });
    cleanups.push(server.stop);
    void server.ended.then((how) => fail(`VS Code's server ended (${how})`));

    const window = await openWindow(server, {
        profileDir: path.join(userDataDir, "browser"),
        target: positionals.find(isTarget),
        development: values.extensionDevelopmentPath?.map((dir) => path.resolve(dir)) ?? [],
        tests: path.resolve(tests),
        payload: values["disable-extensions"] ? [["disableExtensions", "true"]] : undefined,
        onPage(opened) {
            page = opened;
            page.on("crash", () => fail("the window crashed"));
            page.on("close", () => fail("the browser ended"));
            page.on("console", (message) => {
                if (message.type() === "error") note(message.text());
            });
            // VS Code's own end of a test run: the code is that of the suite's `run()`.
            return page.exposeFunction("codeAutomationExit", (/** @type {number} */ code) =>
                finish({ code, reason: code === 0 ? undefined : `the suite failed (${code})` }),
            );
        },
        log,
    });
    cleanups.push(window.close);
}

/**
 * Keeps what the console says of errors in the extension host, such as a suite that can't be loaded;
 * not what the window itself misses without a network.
 *
 * @param {string} text
 */
function note(text) {
    if (text.includes("/static/out/vs/") || /^(Failed to load|.*fetch|\[Service Worker)/.test(text))
        return;
    const [first, ...stack] = text.replace(/^%c\s*ERR color: #\w+ /, "").split("\n");
    complaints.set(first, [first, ...stack.slice(0, 4)].join("\n"));
}

/** @param {string} file */
function isTarget(file) {
    const stat = statSync(file, { throwIfNoEntry: false });
    return stat?.isDirectory() || (stat?.isFile() && file.endsWith(".code-workspace"));
}
