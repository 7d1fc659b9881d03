import { CaptureError, failureOf, type Failure } from "../failure/failure";
import type { Log } from "../log";
import type { Progress } from "../nix/progress";
import type { Snapshot } from "../snapshot";
import { currentOf, type ShellState } from "./state";

/** What a {@link DevShell} can do to the world. */
export interface DevShellPorts {
    /**
     * Evaluates, builds and enters; keeps the result as the snapshot on disk. When the shell is
     * still the one of `known`, it is not entered again, and `known` is the result.
     */
    capture(
        known: Snapshot | undefined,
        signal: AbortSignal,
        onProgress: (progress: Progress) => void,
    ): Promise<Snapshot>;
    readonly onDidChange: (state: ShellState) => void;
    readonly log: Log;
}

/** How much is to be done: `check` enters the shell only where nix says that it changed. */
type Work = "check" | "capture";

/** What was asked for while something else is under way. */
interface Queued {
    work: Work;
    readonly done: Promise<void>;
}

/**
 * One folder's dev shell: the only mutable state in the core.
 *
 * One piece of work runs at a time, and what is asked for meanwhile becomes one more afterwards.
 * The last good environment stays in use until there is a better one.
 */
export class DevShell {
    readonly #ports: DevShellPorts;
    #state: ShellState;
    /** Where a cancelled or superseded piece of work leads back to. */
    #settled: ShellState;
    #running: { readonly controller: AbortController; readonly done: Promise<void> } | undefined;
    #next: Queued | undefined;

    constructor(initial: ShellState, ports: DevShellPorts) {
        this.#state = initial;
        this.#settled = initial;
        this.#ports = ports;
    }

    get state(): ShellState {
        return this.#state;
    }

    /** Captures anew, whatever is known. Never rejects: the outcome is the state. */
    capture(): Promise<void> {
        return this.#request("capture");
    }

    /** Makes sure that the environment in use is the one that the files define. Never rejects. */
    check(): Promise<void> {
        return this.#request("check");
    }

    /** Files changed, and nix may not be asked: says so in the state. */
    markStale(): void {
        if (this.#state.kind === "inside") this.#settle({ ...this.#state, stale: true });
    }

    /** Stops what is running, and says why the environment in use can't be renewed. */
    fail(failure: Failure): void {
        this.reset({ kind: "failed", failure, current: currentOf(this.#state) });
    }

    /** Stops what is running; the environment in use stays. */
    cancel(): void {
        if (this.#running === undefined) return;
        this.#running.controller.abort();
        this.#next = undefined;
        const back = this.#settled;
        this.#settle(
            back.kind === "outside" && back.reason !== "left"
                ? { kind: "outside", reason: "cancelled" }
                : back,
        );
    }

    /** Stops what is running, and starts again from another state. */
    reset(state: ShellState): void {
        this.#running?.controller.abort();
        this.#next = undefined;
        this.#settle(state);
    }

    /** Resolves when nothing runs any more, processes included. */
    async idle(): Promise<void> {
        while (this.#running !== undefined) await this.#running.done;
    }

    #request(work: Work): Promise<void> {
        if (this.#running === undefined) return this.#start(work);
        if (this.#running.controller.signal.aborted) {
            // What was cancelled takes a moment to die; the user sees that this one is under way.
            const current = currentOf(this.#state);
            this.#set({ kind: "capturing", progress: { kind: "waiting" }, current });
        }
        if (this.#next !== undefined) {
            if (work === "capture") this.#next.work = "capture";
            return this.#next.done;
        }
        const next: Queued = {
            work,
            done: this.#running.done.then(() => this.#startQueued(next)),
        };
        this.#next = next;
        return next.done;
    }

    #startQueued(queued: Queued): Promise<void> {
        // It was cancelled; what was asked for after that is waited for by who asked for it.
        if (this.#next !== queued) return Promise.resolve();
        this.#next = undefined;
        return this.#start(queued.work);
    }

    #start(work: Work): Promise<void> {
        const controller = new AbortController();
        const done = this.#work(work, controller.signal).finally(() => {
            this.#running = undefined;
        });
        this.#running = { controller, done };
        return done;
    }

    async #work(work: Work, signal: AbortSignal): Promise<void> {
        const current = currentOf(this.#state);
        const update = (state: ShellState): void => {
            if (!signal.aborted) this.#set(state);
        };
        // A check that finds nothing new is no news; one that has to build something is.
        const known = work === "check" ? current : undefined;
        if (known === undefined) {
            update({ kind: "capturing", progress: { kind: "evaluating" }, current });
        }
        try {
            const snapshot = await this.#ports.capture(known, signal, (progress) => {
                if (known !== undefined && progress.kind === "evaluating") return;
                update({ kind: "capturing", progress, current });
            });
            if (!signal.aborted) {
                this.#settle({ kind: "inside", current: snapshot, stale: false });
            }
        } catch (error) {
            if (signal.aborted) return; // Cancelling is not an error.
            if (error instanceof CaptureError) {
                this.#ports.log.error(error.message);
                this.#settle({ kind: "failed", failure: error.failure, current });
            } else {
                // A bug: it must not leave the state at "capturing" for ever.
                this.#ports.log.error(error instanceof Error ? error : String(error));
                const failure = failureOf("internal", "", String(error));
                this.#settle({ kind: "failed", failure, current });
            }
        }
    }

    #settle(state: ShellState): void {
        this.#settled = state;
        this.#set(state);
    }

    #set(state: ShellState): void {
        this.#state = state;
        this.#ports.onDidChange(state);
    }
}
