import { execFile } from "node:child_process";
import {
    existsSync,
    mkdtempSync,
    readdirSync,
    readFileSync,
    realpathSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { bed, until, type Page, type Server, type ServerOptions } from "./bed";
import { environmentOfProcess, Machine, rustupFolder, type MachineOptions } from "./machine";
import { EditorWindow } from "./window";

const execute = promisify(execFile);

export interface EditorOptions
    extends Pick<ServerOptions, "trust" | "userSettings" | "machineSettings">, MachineOptions {
    /** Whether the extension rust-analyzer is installed; it takes the machine's time. */
    readonly rustAnalyzer?: boolean;
    /** The id of an extension that is installed too: a fake that does nothing but be active. */
    readonly fakeExtension?: string;
}

/** A VS Code with the extension as it is installed, on a machine of its own. */
export class Editor {
    readonly #server: Server;
    readonly #windows = new Set<EditorWindow>();

    private constructor(
        /** A folder for what belongs to it; projects may lie there, too. */
        readonly folder: string,
        readonly machine: Machine,
        server: Server,
    ) {
        this.#server = server;
    }

    static async start(folder: string, options: EditorOptions = {}): Promise<Editor> {
        const machine = await Machine.make(folder, options);
        const { startServer } = await bed();
        const server = await startServer({
            trust: true,
            ...options,
            userSettings: { ...STEADY, ...options.userSettings },
            dataDir: join(folder, "data"),
            extensionsDir: await installedExtensions(options),
            env: machine.env,
        });
        return new Editor(folder, machine, server);
    }

    /** Changes the settings of this machine, which open windows notice. */
    configure(settings: object): void {
        const file = join(this.folder, "data/data/Machine/settings.json");
        writeFileSync(file, JSON.stringify(settings));
    }

    /** Opens a window. It remembers what earlier windows of the same profile remembered. */
    async open(target: string | undefined, profile = "profile"): Promise<EditorWindow> {
        const { openWindow, waitForWorkbench, windowUrl } = await bed();
        const opened = await openWindow(this.#server, {
            target,
            profileDir: join(this.folder, profile),
        });
        const window = new EditorWindow(opened.page, await bed(), {
            folder: this.folder,
            urlOf: (other) => windowUrl(this.#server, { target: other }),
            close: async () => {
                this.#windows.delete(window);
                await opened.close();
            },
        });
        this.#windows.add(window);
        await waitForWorkbench(opened.page);
        return window;
    }

    /** The pages of the windows that are open. */
    get pages(): readonly Page[] {
        return [...this.#windows].map(({ page }) => page);
    }

    /** The extension's log, of all windows so far. */
    get log(): string {
        return readdirSync(this.#server.logsDir, { recursive: true, encoding: "utf8" })
            .filter((file) => file.endsWith("Nix Rust.log"))
            .sort()
            .map((file) => readFileSync(join(this.#server.logsDir, file), "utf8"))
            .join("");
    }

    /** How often a dev shell was captured, by all windows so far. */
    get captures(): number {
        return this.log.split("Captured the dev shell").length - 1;
    }

    /** The snapshots that are kept, in no order. */
    get snapshots(): readonly { fingerprint: string; takenAt: number }[] {
        const storage = join(this.folder, "data/data/User/globalStorage/nix-rust.nix-rust");
        if (!existsSync(storage)) return [];
        return readdirSync(storage)
            .map((shell) => join(storage, shell, "snapshot.json"))
            .filter((file) => existsSync(file))
            .map((file) => readSnapshot(file));
    }

    /** Waits for a start of rust-analyzer's server after the first `count`, and for its answer. */
    async serverAfter(
        count: number,
        window: EditorWindow,
    ): Promise<{ command: string; environment: ReadonlyMap<string, string> }> {
        const start = await until(
            `a start of rust-analyzer after ${count}`,
            () => this.machine.serverStarts[count],
        );
        await window.waitForRustAnalyzer();
        const environment = environmentOfProcess(start.pid);
        if (environment === undefined) throw new Error(`${start.command} has ended`);
        return { command: start.command, environment };
    }

    /** Waits until the server that started last is such a program in such an environment. */
    async waitForServer(
        matches: (environment: ReadonlyMap<string, string>, command: string) => boolean,
    ): Promise<void> {
        await until("a rust-analyzer in the right environment", () => {
            const start = this.machine.serverStarts.at(-1);
            const environment = start && environmentOfProcess(start.pid);
            return environment !== undefined && matches(environment, start?.command ?? "");
        });
    }

    /** Waits until the server is the dev shell's own, in the dev shell. */
    async waitForOwnServer(): Promise<void> {
        await this.waitForServer(
            (environment, command) =>
                environment.has("IN_NIX_SHELL") && command.includes("globalStorage"),
        );
    }

    /** Waits until nothing that nix was asked is left without an answer. */
    async nixIsIdle(): Promise<void> {
        const { machine } = this;
        await until(
            () => `the end of ${machine.nixCalls.started.join("\n")}`,
            () => machine.nixCalls.started.length === machine.nixCalls.ended,
        );
    }

    async stop(): Promise<void> {
        for (const window of [...this.#windows]) await window.close();
        await this.#server.stop();
    }
}

/** An editor for the tests of one suite. What its windows show when a test fails is kept. */
export function editorForSuite(options: EditorOptions = {}): () => Editor {
    let folder = "";
    let editor: Editor | undefined;
    before(async function () {
        if (options.rustup && (await rustupFolder()) === undefined) {
            console.log("    skipped: this machine has no rustup");
            this.skip();
        }
        folder = realpathSync(mkdtempSync(join(tmpdir(), "nix-rust-window-")));
        editor = await Editor.start(folder, options);
    });
    afterEach(async function () {
        if (this.currentTest?.state === "failed") {
            const kept = mkdtempSync(join(tmpdir(), "nix-rust-failed-"));
            const { screenshot } = await bed();
            for (const [i, page] of (editor?.pages ?? []).entries()) {
                await screenshot(page, join(kept, `window-${i}.png`));
            }
            console.log(`    what was to be seen: ${kept}\n${editor?.log ?? ""}`);
        }
    });
    after(async () => {
        await editor?.stop();
        if (folder !== "") rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    });
    return () => {
        if (editor === undefined) throw new Error("only within tests");
        return editor;
    };
}

/** What would change of its own accord under the eyes of a test. */
const STEADY = {
    // A terminal that nobody has typed into yet is started anew when git's extension comes.
    "git.terminalAuthentication": false,
    "git.terminalGitEditor": false,
    // One of an earlier window comes back at some time.
    "terminal.integrated.enablePersistentSessions": false,
    "workbench.reduceMotion": "on",
};

const installed = new Map<string, Promise<string>>();

/** A folder with the extension as it is installed, made once in a run. */
function installedExtensions(options: EditorOptions): Promise<string> {
    const { rustAnalyzer = true, fakeExtension } = options;
    const key = JSON.stringify([rustAnalyzer, fakeExtension]);
    const known = installed.get(key);
    const made =
        known ??
        install([
            ".",
            ...(rustAnalyzer ? ["dist/test/rust-analyzer"] : []),
            ...(fakeExtension === undefined ? [] : [writeFakeExtension(fakeExtension)]),
        ]);
    installed.set(key, made);
    return made;
}

function writeFakeExtension(id: string): string {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "nix-rust-fake-extension-")));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const [publisher, name] = id.split(".");
    const manifest = {
        name,
        publisher,
        version: "1.0.0",
        engines: { vscode: "^1.93.0" },
        main: "./extension.js",
        activationEvents: ["onStartupFinished"],
    };
    writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
    writeFileSync(join(folder, "extension.js"), "exports.activate = () => undefined;\n");
    writeFileSync(join(folder, "README.md"), "A fake.\n");
    return folder;
}

async function install(sources: readonly string[]): Promise<string> {
    const folder = realpathSync(mkdtempSync(join(tmpdir(), "nix-rust-extensions-")));
    process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
    const places = { dataDir: join(folder, "data"), extensionsDir: join(folder, "extensions") };
    const { installExtension } = await bed();
    for (const source of sources) {
        const vsix = join(folder, "extension.vsix");
        const options = ["--no-dependencies", "--allow-missing-repository", "--skip-license"];
        await execute(
            process.execPath,
            [resolve("node_modules/@vscode/vsce/vsce"), "package", ...options, "--out", vsix],
            { cwd: source },
        );
        await installExtension(vsix, places);
    }
    return places.extensionsDir;
}

function readSnapshot(file: string): { fingerprint: string; takenAt: number } {
    const { snapshot } = JSON.parse(readFileSync(file, "utf8")) as {
        snapshot: { fingerprint: string; takenAt: number };
    };
    return snapshot;
}
