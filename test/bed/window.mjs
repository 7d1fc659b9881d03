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
 * A file of the server's machine as a window's payload names it.
 *
 * @param {{ port: number }} server
 * @param {string} file
 */
export function remoteUri({ port }, file) {
    return `vscode-remote://127.0.0.1:${port}${file.split("/").map(encodeURIComponent).join("/")}`;
}

/**
 * Opens a window in headless Chromium. Opening one again with a kept `profileDir` is a warm start.
 *
 * @param {import("./server.mjs").Server} server
 * @param {object} options
 * @param {string} options.profileDir
 * @param {string} [options.target] absolute path
 * @param {[string, string][]} [options.payload]
 * @param {{ width: number, height: number }} [options.viewport]
 * @param {(line: string) => void} [options.log]
 */
export async function openWindow(
    server,
    { profileDir, target, payload, viewport = { width: 1400, height: 900 }, log },
) {
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
    const page = context.pages()[0] ?? (await context.newPage());
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

/** @param {string} target */
function isWorkspaceFile(target) {
    return target.endsWith(".code-workspace");
}
