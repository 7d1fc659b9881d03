/**
 * One of several that do the same, or nearly.
 *
 * @typedef {object} Contestant
 * @property {string} name of its figure
 * @property {() => Promise<unknown>} [prepare] before each run, not timed
 * @property {() => Promise<number | Record<string, number>>} run in milliseconds; several figures
 *     are given by what follows the name
 */

/**
 * Lets all contestants run in each round, so that whatever else the machine does hits them alike.
 * Each round begins with another one, and a first round does not count: it fills caches.
 *
 * @param {Contestant[]} contestants
 * @param {import("./figures.mjs").Figures} figures
 * @param {{ runs: number, warmUps?: number }} options
 */
export async function rounds(contestants, figures, { runs, warmUps = 1 }) {
    for (let round = -warmUps; round < runs; round++) {
        for (const i of contestants.keys()) {
            const { name, prepare, run } = at(contestants, i + Math.max(round, 0));
            await prepare?.();
            const result = await run();
            if (round < 0) continue;
            const parts = typeof result === "number" ? { "": result } : result;
            for (const [part, milliseconds] of Object.entries(parts))
                figures.add(name + part, milliseconds);
        }
    }
}

/**
 * @template T
 * @param {T[]} list
 * @param {number} index counted around
 */
function at(list, index) {
    return list[index % list.length];
}
