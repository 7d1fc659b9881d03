import { isDeepStrictEqual } from "node:util";
import * as vscode from "vscode";
import type { Environment } from "../core/environment/environment";
import { carries } from "../core/environment/listEnds";
import type { Log } from "../core/log";
import { childrenOf } from "../core/processEnvironment";
import { isServer } from "../core/rust/serverProcess";
import { serverSettings, type ServerSettings, type ServerShell } from "../core/rust/serverShell";

const RUST_ANALYZER = "rust-lang.rust-analyzer";

/** The part of rust-analyzer's exported API that is used (since its release of 2025-10-27). */
interface RustAnalyzerApi {
    addConfiguration?(extensionId: string, configuration: ServerSettings): Promise<void>;
}

/** How long rust-analyzer's activation is waited for before it counts as failed, in milliseconds. */
const PATIENCE = 30_000;

/** A client gives up a server that ends at once after some attempts in this time, in milliseconds. */
const MOMENT = 3_000;

const GIVEN = "rustAnalyzer.given";

const NOTHING: ReadonlyMap<string, string | undefined> = new Map();

/**
 * Makes rust-analyzer's server run in the dev shell, by one restart where the one that runs does
 * not, and none otherwise.
 *
 * Its first server inherits the host's environment, if that was there in time; what the host can't
 * carry goes through rust-analyzer's API, which remembers it for its next start.
 */
export class RustAnalyzer implements vscode.Disposable {
    readonly #extensionId: string;
    readonly #base: Environment;
    readonly #memory: vscode.Memento;
    readonly #log: Log;
    #wanted: ServerShell | undefined;
    /** What the server that runs was started with, as far as that is known; empty for the base. */
    #running: ReadonlyMap<string, string | undefined>;
    #work: Promise<void> = Promise.resolve();
    readonly #listener: vscode.Disposable;
    #disposed = false;

    /** @param shell what the host's environment has been given already. */
    constructor(
        context: { readonly extensionId: string; readonly memory: vscode.Memento },
        base: Environment,
        shell: ServerShell | undefined,
        log: Log,
    ) {
        this.#extensionId = context.extensionId;
        this.#memory = context.memory;
        this.#base = base;
        this.#log = log;
        // A server that is up already was started without us; one to come inherits what is there.
        const isLate = this.#extension?.isActive ?? false;
        this.#running = (isLate ? undefined : shell?.host) ?? NOTHING;
        this.#listener = vscode.extensions.onDidChange(() => this.#enqueue(() => this.#bring()));
        this.update(shell);
    }

    /** Tells what the server is to run in from now on; undefined for no dev shell. */
    update(shell: ServerShell | undefined): void {
        // Without a look into them where one is missing: the first look loads what it takes.
        const isSame =
            shell === undefined || this.#wanted === undefined
                ? shell === this.#wanted
                : isDeepStrictEqual(shell, this.#wanted);
        if (isSame) return;
        this.#wanted = shell;
        void this.#enqueue(() => this.#bring());
    }

    /** Restarts the server whether it needs that or not. */
    restart(): Promise<void> {
        return this.#enqueue(async () => {
            await this.#activated();
            await this.#restartServer();
        });
    }

    get isInstalled(): boolean {
        return this.#extension !== undefined;
    }

    dispose(): void {
        this.#disposed = true;
        this.#listener.dispose();
    }

    get #extension(): vscode.Extension<RustAnalyzerApi> | undefined {
        return vscode.extensions.getExtension<RustAnalyzerApi>(RUST_ANALYZER);
    }

    #enqueue(work: () => Promise<void>): Promise<void> {
        this.#work = this.#work.then(async () => {
            if (this.#disposed) return;
            try {
                await work();
            } catch (error) {
                this.#log.error(error instanceof Error ? error : String(error));
            }
        });
        return this.#work;
    }

    /** One restart at most, for whatever was asked for meanwhile. */
    async #bring(): Promise<void> {
        if (this.#extension === undefined) return;
        const isUntouched =
            this.#running.size === 0 && isDeepStrictEqual(this.#memory.get(GIVEN, {}), {});
        // Waiting for its activation would activate it, in a window that may have no Rust.
        if (this.#wanted === undefined && isUntouched) return;
        const outcome = await this.#activated();
        const wanted = this.#wanted;
        const host = wanted?.host ?? NOTHING;
        const configuration = serverSettings(wanted, this.#base, this.#log);
        const isGiven = isDeepStrictEqual(configuration, this.#memory.get(GIVEN, {}));
        const isRunning = this.#isRunningIn(host);
        if (isGiven && isRunning && outcome !== "failed") return;
        const add = outcome === "failed" ? undefined : this.#extension.exports?.addConfiguration;
        if (!isGiven && add !== undefined) {
            this.#log.info("rust-analyzer is given the dev shell's settings, and restarts once.");
            await this.#memory.update(GIVEN, configuration);
            // Without this key each call asks the user whether to restart.
            const silently = { ...configuration, restartServerOnConfigChange: true };
            await within(PATIENCE, add.call(this.#extension.exports, this.#extensionId, silently));
        } else if (!isRunning || outcome === "failed") {
            await this.#restartServer();
            if (outcome === "failed" && !(await this.#stays())) void this.#offerReload();
        }
        this.#running = host;
    }

    /** A client whose first server failed keeps that server's environment until the window is new. */
    async #offerReload(): Promise<void> {
        const reload = "Reload Window";
        const message =
            "rust-analyzer could not start before the dev shell was there. " +
            "Reload the window to start it in the dev shell.";
        if ((await vscode.window.showWarningMessage(message, reload)) === reload) {
            await vscode.commands.executeCommand("workbench.action.reloadWindow");
        }
    }

    async #restartServer(): Promise<void> {
        this.#log.info("rust-analyzer is restarted in the dev shell's environment.");
        const host = this.#wanted?.host ?? NOTHING;
        try {
            await within(PATIENCE, vscode.commands.executeCommand("rust-analyzer.restartServer"));
        } catch (error) {
            this.#log.error(`rust-analyzer could not be restarted: ${String(error)}`);
        }
        this.#running = host;
    }

    /** Whether there is a server for more than a moment, as far as that can be told. */
    async #stays(): Promise<boolean> {
        await new Promise((resolve) => setTimeout(resolve, MOMENT));
        return childrenOf(process.pid)?.some(isServer) !== false;
    }

    /** A restart while it still activates would leave two servers, or none. */
    async #activated(): Promise<"active" | "failed"> {
        const extension = this.#extension;
        if (extension === undefined) return "failed";
        try {
            // Not by `isActive`, which is true of one that failed, too.
            const ended = await within(PATIENCE, extension.activate());
            return ended ? "active" : "failed";
        } catch {
            this.#log.warn("rust-analyzer could not start its server; it is asked to try again.");
            return "failed";
        }
    }

    /** Whether the server that runs has these values in its environment. */
    #isRunningIn(host: ReadonlyMap<string, string | undefined>): boolean {
        const server = childrenOf(process.pid)?.find(isServer);
        if (server !== undefined) {
            const names = new Set([...host.keys(), ...this.#running.keys()]);
            return [...names].every((name) => {
                const value = host.has(name) ? host.get(name) : this.#base.get(name);
                return carries(server.environment.get(name), value);
            });
        }
        // Where processes can't be looked at, a server that started after us has what was there.
        return isDeepStrictEqual(this.#running, host);
    }
}

/** Whether a promise settled in time; rejects as it does. */
async function within(milliseconds: number, promise: Thenable<unknown>): Promise<boolean> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<false>((resolve) => {
        timer = setTimeout(() => resolve(false), milliseconds);
    });
    try {
        return await Promise.race([promise.then(() => true), late]);
    } finally {
        clearTimeout(timer);
    }
}
