import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const file = fileURLToPath(new URL("worker.mjs", import.meta.url));

/** Ours in plain Node: a worker.mjs that has loaded the core and waits. */
export class WorkerProcess {
    #child;
    #ended;

    /** @param {import("node:child_process").ChildProcess} child */
    constructor(child) {
        this.#child = child;
        this.#ended = once(child, "exit").then(([code]) => [{ error: `it ended: ${code}` }]);
    }

    /** @param {{ core: string, env: NodeJS.ProcessEnv }} bed */
    static async start({ core, env }) {
        const child = fork(file, { env: { ...env, NIX_RUST_BENCH_CORE: core }, execArgv: [] });
        const worker = new WorkerProcess(child);
        await worker.#answer();
        return worker;
    }

    /**
     * Does one thing in a new process.
     *
     * @param {{ core: string, env: NodeJS.ProcessEnv }} bed
     * @param {string} verb
     * @param {object} request
     */
    static async once(bed, verb, request) {
        const worker = await WorkerProcess.start(bed);
        try {
            return await worker.call(verb, request);
        } finally {
            worker.end();
        }
    }

    /**
     * @param {string} verb
     * @param {object} request
     */
    call(verb, request) {
        const answer = this.#answer();
        this.#child.send({ verb, request });
        return answer;
    }

    end() {
        this.#child.disconnect();
    }

    async #answer() {
        const message = once(this.#child, "message");
        const [{ result, error }] = await Promise.race([message, this.#ended]);
        if (error !== undefined) throw new Error(`the worker: ${error}`);
        return result;
    }
}
