import { realpath } from "node:fs/promises";
import path from "node:path";
import { bedDir, once } from "./cache.mjs";
import { isExecutable, onPath, run } from "./command.mjs";
import { installPackages } from "./packages.mjs";

const release = "4.139.1";
const nodeMajor = 24;

/**
 * What a window with terminals, file watching and logs needs, and what ends an extension host whose
 * server died; the other modules stay unbuilt.
 */
const nativeModules = ["node-pty", "@vscode/spdlog", "@parcel/watcher", "@vscode/native-watchdog"];

/**
 * VS Code's own server and web workbench as the npm package `code-server` carries them, with a
 * Node of the version that they want: a real VS Code on machines that can reach only npm.
 *
 * @param {(line: string) => void} [log]
 * @returns {Promise<{ root: string, node: string, version: string }>}
 */
export async function embeddedVsCode(log) {
    const nodePackage = `node-${process.platform}-${process.arch}`;
    const dir = await once(
        `vscode-${release}-${process.platform}-${process.arch}`,
        (dir) => install(dir, nodePackage, log),
        log,
    );
    return {
        root: path.join(dir, "node_modules", "code-server", "lib", "vscode"),
        node: path.join(dir, "node_modules", nodePackage, "bin", "node"),
        version: release.replace(/^4/, "1"),
    };
}

/**
 * @param {string} dir
 * @param {string} nodePackage
 * @param {((line: string) => void) | undefined} log
 */
async function install(dir, nodePackage, log) {
    await compiler(log);
    const logFile = path.join(bedDir(), "logs", `vscode-${release}.log`);
    const quiet = ["--no-audit", "--no-fund", "--ignore-scripts"];
    await run(
        "npm",
        [
            "install",
            "--prefix",
            dir,
            "--no-package-lock",
            ...quiet,
            `${nodePackage}@${nodeMajor}`,
            `code-server@${release}`,
        ],
        { cwd: dir, logFile },
    );
    const nodeDir = path.join(dir, "node_modules", nodePackage);
    const cwd = path.join(dir, "node_modules", "code-server", "lib", "vscode");
    const env = {
        ...process.env,
        PATH: [path.join(nodeDir, "bin"), process.env.PATH].join(path.delimiter),
        npm_config_nodedir: nodeDir,
    };
    await run("npm", ["install", "--omit=dev", ...quiet], { cwd, env, logFile });
    await run(
        "npm",
        ["rebuild", "--foreground-scripts", "--dangerously-allow-all-scripts", ...nativeModules],
        { cwd, env, logFile },
    );
}

/** @param {((line: string) => void) | undefined} log */
async function compiler(log) {
    const needed = { "g++": "g++", make: "make", python3: "python3" };
    const missing = [];
    for (const [tool, name] of Object.entries(needed))
        if (!(await onPath(tool))) missing.push(name);
    if (missing.length) await installPackages(missing, "build VS Code's native modules", log);
}

/**
 * The machine's own VS Code, as the executable that takes part in `runTests`: `$VSCODE_PATH`, the
 * one that `code` on PATH belongs to, or the macOS application.
 *
 * @returns {Promise<string | undefined>}
 */
export async function desktopVsCode() {
    if (process.env.VSCODE_PATH) return process.env.VSCODE_PATH;
    const command = await desktopCommand();
    const home = command && path.resolve(command, "../..");
    const candidates = [
        ...(home ? [path.join(home, "code"), path.resolve(home, "../../MacOS/Electron")] : []),
        ...(home ? [path.resolve(home, "../../MacOS/Code")] : []),
        "/Applications/Visual Studio Code.app/Contents/MacOS/Electron",
        "/Applications/Visual Studio Code.app/Contents/MacOS/Code",
    ];
    for (const file of candidates) if (await isExecutable(file)) return file;
    return undefined;
}

/**
 * `code` on PATH, its links resolved. The one that VS Code's server puts into remote terminals
 * does not count: it opens no window of its own.
 *
 * @returns {Promise<string | undefined>}
 */
export async function desktopCommand() {
    const found = await onPath("code");
    const file = found && (await realpath(found));
    if (!file || file.startsWith(bedDir() + path.sep) || file.includes("remote-cli"))
        return undefined;
    return file;
}
