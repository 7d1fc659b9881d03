import { spawn } from "node:child_process";
import { createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import path from "node:path";
import { createInterface } from "node:readline";
import { bedDir } from "./cache.mjs";
import { run } from "./command.mjs";
import { killTree } from "./process-tree.mjs";
import { writeSettings } from "./settings.mjs";
import { embeddedVsCode } from "./vscode.mjs";

const patience = 60_000;

/**
 * @typedef {object} Server
 * @property {number} port
 * @property {string} url of a window without a folder
 * @property {number} pid
 * @property {string} logsDir VS Code's logs of this run: `remoteagent.log`, `exthost1/…`
 * @property {Promise<number | string>} ended its exit code or signal
 * @property {() => Promise<void>} stop ends it with its extension hosts and terminals
 */

/**
 * Starts the embedded VS Code on a free port of this machine alone.
 *
 * @param {object} options
 * @param {string} options.dataDir
 * @param {string} options.extensionsDir
 * @param {Record<string, string | undefined>} [options.env] over this process's; undefined removes
 * @param {boolean | "ask"} [options.trust] true switches workspace trust off; false opens an unknown
 *     folder in restricted mode, as VS Code has done by default since it stopped asking; "ask"
 *     brings the question that it asked before, and still asks whoever wants it
 * @param {object} [options.userSettings]
 * @param {object} [options.machineSettings]
 * @param {(line: string) => void} [options.onOutput] gets each line that the server prints
 * @param {(line: string) => void} [options.log]
 * @returns {Promise<Server>}
 */
export async function startServer({
    dataDir,
    extensionsDir,
    env = {},
    trust = true,
    userSettings,
    machineSettings,
    onOutput = () => {},
    log = () => {},
}) {
    const { root, node } = await embeddedVsCode(log);
    const question = trust === "ask" ? { "security.workspace.trust.startupPrompt": "once" } : {};
    await writeSettings(dataDir, {
        user: { ...question, ...userSettings },
        machine: machineSettings,
    });
    await mkdir(extensionsDir, { recursive: true });
    const stamp = new Date().toISOString().replace(/[-:]/g, "");
    const logsDir = path.join(dataDir, "data", "logs", stamp);
    await mkdir(logsDir, { recursive: true });

    const child = spawn(
        node,
        [
            path.join(root, "out", "server-main.js"),
            "--host=127.0.0.1",
            "--port=0",
            "--without-connection-token",
            "--accept-server-license-terms",
            "--telemetry-level=off",
            "--disable-getting-started-override",
            // As when `code` is started in a terminal: no login shell's environment on top.
            "--force-disable-user-env",
            `--server-data-dir=${dataDir}`,
            `--extensions-dir=${extensionsDir}`,
            `--logsPath=${logsDir}`,
            ...(trust === true ? ["--disable-workspace-trust"] : []),
        ],
        { env: { ...outsideEditor(process.env), ...env }, stdio: ["ignore", "pipe", "pipe"] },
    );
    const output = createWriteStream(path.join(logsDir, "server.log"));
    child.stderr.pipe(output, { end: false });
    const ended = new Promise((resolve) => {
        child.once("error", (error) => resolve(error.message));
        child.once("exit", (code, signal) => resolve(code ?? signal));
    });
    const stop = async () => {
        if (child.pid && child.exitCode === null) await killTree(child.pid);
        await ended;
    };
    try {
        const port = await listeningPort(child, ended, (line) => {
            output.write(line + "\n");
            onOutput(line);
        });
        return {
            port,
            url: `http://127.0.0.1:${port}/?ew=true`,
            pid: child.pid,
            logsDir,
            ended,
            stop,
        };
    } catch (error) {
        await stop();
        throw new Error(`${error.message} (log: ${output.path})`);
    }
}

/**
 * Installs a packaged extension, over an earlier one.
 *
 * @param {string} vsix
 * @param {{ dataDir: string, extensionsDir: string, log?: (line: string) => void }} options
 */
export async function installExtension(vsix, { dataDir, extensionsDir, log }) {
    const { root, node } = await embeddedVsCode(log);
    const main = path.join(root, "out", "server-main.js");
    const folders = [`--server-data-dir=${dataDir}`, `--extensions-dir=${extensionsDir}`];
    await run(node, [main, ...folders, `--install-extension=${vsix}`, "--force"], {
        logFile: path.join(bedDir(), "logs", "install-extension.log"),
    });
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @param {Promise<number | string>} ended
 * @param {(line: string) => void} onOutput
 * @returns {Promise<number>}
 */
function listeningPort(child, ended, onOutput) {
    return new Promise((resolve, reject) => {
        const timer = setTimeout(
            () => reject(new Error(`VS Code's server is not up after ${patience / 1000} s`)),
            patience,
        );
        void ended.then((how) => reject(new Error(`VS Code's server ended (${how})`)));
        createInterface({ input: child.stdout }).on("line", (line) => {
            onOutput(line);
            const port = /agent listening on (\d+)/.exec(line)?.[1];
            if (!port) return;
            clearTimeout(timer);
            resolve(Number(port));
        });
    });
}

/**
 * A VS Code terminal tells its programs about the editor around it; this one is to be its own.
 *
 * @param {NodeJS.ProcessEnv} env
 */
function outsideEditor(env) {
    return Object.fromEntries(
        Object.entries(env).filter(([name]) => !/^(VSCODE_|ELECTRON_|TERM_PROGRAM)/.test(name)),
    );
}
