// `npm start [-- [--embedded] [--screenshot FILE] [folder]]`: the extension in a VS Code, on a folder
// or on an example project, on a machine where nothing is prepared.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bedDir } from "./cache.mjs";
import { onPath, run } from "./command.mjs";
import { exampleProject } from "./example.mjs";
import { newestNix } from "./nix.mjs";
import { installExtension, startServer } from "./server.mjs";
import { desktopCommand, desktopVsCode } from "./vscode.mjs";

const root = fileURLToPath(new URL("../..", import.meta.url));
const log = (/** @type {string} */ line) => console.log(line);
const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { embedded: { type: "boolean" }, screenshot: { type: "string" } },
});
try {
    await start();
} catch (error) {
    console.error(error.message);
    process.exit(1);
}

async function start() {
    if (!existsSync(path.join(root, "node_modules", ".package-lock.json"))) {
        log("installing npm packages");
        await npm("ci");
    }
    const folder = positionals[0] ? path.resolve(positionals[0]) : await exampleProject(log);
    const env = await withNix();
    const desktop = (await desktopCommand()) ?? (await desktopVsCode());
    if (desktop && !values.embedded && !values.screenshot) await openDesktop(desktop, folder, env);
    else await openEmbedded(folder, env);
}

/** @param {string[]} args */
function npm(...args) {
    return run("npm", args, { cwd: root, logFile: path.join(bedDir(), "logs", "npm.log") });
}

/** The environment for an editor that is to find a nix. */
async function withNix() {
    if (await onPath("nix")) return process.env;
    const { bin } = await newestNix(log);
    return { ...process.env, PATH: [bin, process.env.PATH].join(path.delimiter) };
}

/**
 * @param {string} editor
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function openDesktop(editor, folder, env) {
    log("building the extension");
    await npm("run", "-s", "build");
    const args = ["--new-window", `--extensionDevelopmentPath=${root}`, folder];
    const asRoot = ["--no-sandbox", `--user-data-dir=${path.join(bedDir(), "desktop")}`];
    if (process.getuid?.() === 0) args.push(...asRoot);
    spawn(editor, args, { env, detached: true, stdio: "ignore" }).unref();
    log(`opened ${folder} in VS Code`);
}

/**
 * @param {string} folder
 * @param {NodeJS.ProcessEnv} env
 */
async function openEmbedded(folder, env) {
    const temporary = values.screenshot && (await mkdtemp(path.join(tmpdir(), "nix-rust-start-")));
    const home = temporary || path.join(bedDir(), "start");
    const dataDir = path.join(home, "data");
    const extensionsDir = path.join(home, "extensions");
    log("packaging the extension");
    await npm("run", "-s", "package");
    await installExtension(path.join(root, "nix-rust.vsix"), { dataDir, extensionsDir, log });
    const server = await startServer({ dataDir, extensionsDir, env, trust: "ask", log });
    const interrupted = new Promise((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, resolve);
    });
    try {
        if (values.screenshot) {
            await Promise.race([takePicture(server, folder, home), interrupted]);
        } else {
            log("Ctrl-C ends it. Open in a browser:");
            const address = new URL(server.url);
            address.search = new URLSearchParams({ folder }).toString();
            log(address.href);
            await Promise.race([interrupted, server.ended]);
        }
    } finally {
        await server.stop();
        if (temporary) await rm(temporary, { recursive: true, force: true });
    }
}

/**
 * @param {import("./server.mjs").Server} server
 * @param {string} folder
 * @param {string} home
 */
async function takePicture(server, folder, home) {
    // Not at the top: these need npm packages.
    const { openWindow } = await import("./window.mjs");
    const workbench = await import("./workbench.mjs");
    const profileDir = path.join(home, "browser");
    const { page, close } = await openWindow(server, { target: folder, profileDir, log });
    try {
        await workbench.waitForWorkbench(page);
        await workbench.trustFolder(page);
        const status = { id: "nix-rust.nix-rust.status", label: "is in use" };
        log((await workbench.waitForStatus(page, status, 120_000)).label);
        await workbench.runCommand(page, "Nix: Enter Dev Shell");
        await workbench.typeInTerminal(page, "rustc --version");
        await workbench.waitForTerminal(page, "\nrustc 1.");
        await workbench.screenshot(page, /** @type {string} */ (values.screenshot));
        log(`saved ${values.screenshot}`);
    } catch (error) {
        await workbench.screenshot(page, /** @type {string} */ (values.screenshot));
        throw new Error(`${error.message}\n(${values.screenshot} shows the window then)`);
    } finally {
        await close();
    }
}
