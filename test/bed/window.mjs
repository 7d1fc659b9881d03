import { readlink } from "node:fs/promises";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { chromium as driver } from "playwright-core";
import { chromium } from "./chromium.mjs";

const flags = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
];

/**
 * The address of a window on a folder, a .code-workspace file or, without a target, nothing.
 *
 * @param {{ port: number }} server
 * @param {{ target?: string, payload?: [string, string][] }} [window]
 */
export function windowUrl({ port }, { target, payload } = {}) {
    const url = new URL(`http://127.0.0.1:${port}/`);
    if (target === undefined) url.searchParams.set("ew", "true");
    else url.searchParams.set(isWorkspaceFile(target) ? "workspace" : "folder", target);
    if (payload) url.searchParams.set("payload", JSON.stringify(payload));
    return url.href;
}

/**
 * Opens a window in headless Chromium. Opening one again with a kept `profileDir` is a warm start.
 *
 * @param {import("./server.mjs").Server} server
 * @param {object} options
 * @param {string} options.profileDir
 * @param {string} [options.target] absolute path
 * @param {[string, string][]} [options.payload] what VS Code's own pages hand to a new window
 * @param {string[]} [options.development] folders of extensions under development
 * @param {string} [options.tests] file whose `run()` the extension host calls
 * @param {{ width: number, height: number }} [options.viewport]
 * @param {(page: import("playwright-core").Page) => unknown} [options.onPage] before it loads
 * @param {(line: string) => void} [options.log]
 */
export async function openWindow(
    server,
    {
        profileDir,
        target,
        payload,
        development = [],
        tests,
        viewport = { width: 1400, height: 900 },
        onPage = () => {},
        log,
    },
) {
    await profileIsFree(profileDir);
    const context = await driver.launchPersistentContext(profileDir, {
        executablePath: await chromium(log),
        headless: true,
        chromiumSandbox: process.getuid?.() !== 0,
        args: flags,
        viewport,
        permissions: ["clipboard-read", "clipboard-write"],
        // Whoever started the window closes it, after what else hangs on it.
        handleSIGINT: false,
        handleSIGTERM: false,
        handleSIGHUP: false,
    });
    if (development.length) await develop(context, server, development, tests);
    const page = context.pages()[0] ?? (await context.newPage());
    await onPage(page);
    await page.goto(windowUrl(server, { target, payload }));
    return {
        page,
        async close() {
            // Only a window that is left in order tells the server to end its extension host.
            await page.goto("about:blank").catch(() => {});
            await context.close();
        },
    };
}

/**
 * Names the extensions under development in the page's own configuration, where an embedder of VS
 * Code does. The payload can name them too, but a built VS Code listens to it only under its smoke
 * test driver, and that driver suppresses notifications.
 *
 * @param {import("playwright-core").BrowserContext} context
 * @param {{ port: number }} server
 * @param {string[]} development
 * @param {string | undefined} tests
 */
async function develop(context, { port }, development, tests) {
    const uri = (/** @type {string} */ path) => ({
        scheme: "vscode-remote",
        authority: `127.0.0.1:${port}`,
        path,
    });
    const options = {
        extensions: development.map(uri),
        ...(tests ? { extensionTestsPath: uri(tests) } : {}),
    };
    await context.addInitScript((options) => {
        // The page is interactive once it is parsed, just before its modules run.
        document.addEventListener("readystatechange", () => {
            const meta = document.getElementById("vscode-workbench-web-configuration");
            if (!meta || document.readyState !== "interactive") return;
            const settings = JSON.parse(meta.dataset.settings);
            settings.developmentOptions = { ...settings.developmentOptions, ...options };
            meta.dataset.settings = JSON.stringify(settings);
        });
    }, options);
}

/**
 * A Chromium that was closed goes on for a moment after its driver has said goodbye, and until then
 * no other can have its profile. The lock is a link to nowhere, named for the machine and process.
 *
 * @param {string} profileDir
 */
async function profileIsFree(profileDir) {
    const deadline = Date.now() + 30_000;
    for (;;) {
        const holder = await readlink(path.join(profileDir, "SingletonLock")).catch(() => "");
        const pid = Number(/-(\d+)$/.exec(holder)?.[1]);
        if (!pid || !isAlive(pid) || Date.now() > deadline) return;
        await pause(50);
    }
}

/** @param {number} pid */
function isAlive(pid) {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

/** @param {string} target */
function isWorkspaceFile(target) {
    return target.endsWith(".code-workspace");
}
