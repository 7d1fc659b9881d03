import { WorkerProcess } from "./workerProcess.mjs";

/** How often something is done before it is timed: growth is about the work, not about its start. */
const practice = 5;

/** Of how many times the fastest counts: such short ones are easily disturbed. */
const tries = 5;

/**
 * A contestant whose process stays.
 *
 * @param {import("./bed.mjs").Bed} bed
 * @param {string} name
 * @param {string} verb
 * @param {() => Promise<object>} setup gives the request
 * @returns {import("./contestants.mjs").Contestant}
 */
export function inOneWorker(bed, name, verb, setup) {
    /** @type {object} */
    let request;
    return {
        name,
        async setup() {
            request = await setup();
        },
        async run() {
            const worker = await WorkerProcess.start(bed);
            try {
                for (let i = 0; i < practice; i++) await worker.call(verb, request);
                let best = await worker.call(verb, request);
                for (let i = 1; i < tries; i++)
                    best = faster(best, await worker.call(verb, request));
                return best;
            } finally {
                worker.end();
            }
        },
    };
}

/**
 * @param {number | Record<string, number>} a
 * @param {number | Record<string, number>} b with the same parts
 */
function faster(a, b) {
    if (typeof a === "number" || typeof b === "number") return Math.min(Number(a), Number(b));
    return Object.fromEntries(Object.keys(a).map((part) => [part, Math.min(a[part], b[part])]));
}
