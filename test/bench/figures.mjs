/**
 * What was measured, by name.
 *
 * @typedef {{ median: number, min: number, max: number, unit: string }} Figure
 */

/** The samples of a run, and what they come to. All are milliseconds. */
export class Figures {
    /** @type {Map<string, number[]>} */
    #samples = new Map();

    /**
     * @param {string} name
     * @param {number} milliseconds
     */
    add(name, milliseconds) {
        const samples = this.#samples.get(name);
        if (samples) samples.push(milliseconds);
        else this.#samples.set(name, [milliseconds]);
    }

    get names() {
        return [...this.#samples.keys()];
    }

    /** @param {string} name */
    runs(name) {
        return this.#samples.get(name)?.length ?? 0;
    }

    /**
     * @param {string} name
     * @returns {number | undefined}
     */
    median(name) {
        return this.#samples.has(name) ? this.figure(name).median : undefined;
    }

    /**
     * @param {string} name
     * @returns {number | undefined}
     */
    fastest(name) {
        return this.#samples.has(name) ? this.figure(name).min : undefined;
    }

    /**
     * @param {string} name
     * @returns {Figure}
     */
    figure(name) {
        const sorted = [...(this.#samples.get(name) ?? [])].sort((a, b) => a - b);
        const middle = sorted.length / 2;
        const median = (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
        return {
            median: rounded(median),
            min: rounded(sorted[0]),
            max: rounded(sorted[sorted.length - 1]),
            unit: "ms",
        };
    }

    /** @returns {Record<string, Figure>} */
    toJSON() {
        return Object.fromEntries(this.names.map((name) => [name, this.figure(name)]));
    }
}

/** @param {number} milliseconds */
function rounded(milliseconds) {
    return Math.round(milliseconds * 1_000) / 1_000;
}
