import { driftName, needsName } from "./analysis.mjs";
import { growth, growthName } from "./growth.mjs";

/**
 * What must be reached, and whether it was.
 *
 * @typedef {{ demand: string, measured: string, isMet: boolean }} Verdict
 */

/** What ten times as much may take at most: ten times the time, and what measuring adds. */
const linear = 12;

const restore = "warm: ours, restore of 300 variables";
const evaluating = "cold, evaluating: ours, capture";

/**
 * The demands that can be judged by what was measured.
 *
 * @param {import("./figures.mjs").Figures} figures
 * @returns {Verdict[]}
 */
export function verdicts(figures) {
    const waiting = figures.names
        .filter((name) => /^not offline.*: nix develop -c true$/.test(name))
        .flatMap((theirs) => {
            const prefix = theirs.slice(0, theirs.lastIndexOf(": "));
            const ours = figures.names.find(
                (name) => name.startsWith(`${prefix}: ours`) && !name.endsWith("processes"),
            );
            return ours ? [atMost(figures, `${prefix}: plain nix develop`, ours, theirs, 1)] : [];
        });
    return [
        within(figures, "restore of 300 variables", restore, 5),
        ...["warm: direnv", "warm: nix-direnv"].map((theirs) =>
            atLeast(figures, `restore against ${theirs}`, theirs, restore, 20),
        ),
        atLeast(
            figures,
            "restore against nix develop --offline, smallest flake",
            "warm: nix develop --offline -c true",
            restore,
            10,
        ),
        atMost(
            figures,
            "cold capture against nix develop --offline, evaluating flake",
            evaluating,
            "cold, evaluating: nix develop --offline -c true",
            1.25,
        ),
        ...waiting,
        ...growthVerdicts(figures),
        within(figures, `${driftName}, beside git's own time`, `${driftName}, without git`, 50),
        within(figures, needsName, needsName, 100),
        within(figures, "bundle load and activate()", "editor: bundle load and activate()", 20),
    ].filter((verdict) => verdict !== undefined);
}

/**
 * How much longer each takes with ten times as much, by the fastest of its runs: what grows is the
 * work, and whatever else the machine does only adds to it.
 *
 * @param {import("./figures.mjs").Figures} figures
 */
export function growthRatios(figures) {
    return growth.flatMap(({ of, sizes, parts }) =>
        parts.map((part) => {
            const times = sizes.map((size) => figures.fastest(growthName(size, of) + part));
            const ratios = times.slice(1).map((time, i) => quotient(time, times[i]));
            return { name: of + part, sizes, ratios };
        }),
    );
}

/** @param {import("./figures.mjs").Figures} figures */
function growthVerdicts(figures) {
    return growthRatios(figures)
        .filter(({ name, ratios }) => !name.includes("nix print") && ratios.some(Number.isFinite))
        .map(({ name, ratios }) => {
            const worst = Math.max(...ratios.filter(Number.isFinite));
            return {
                demand: `growth of ${name}: ten times as much in at most ${linear} times the time`,
                measured: `${worst.toFixed(1)} times at worst`,
                isMet: worst <= linear,
            };
        });
}

/**
 * @param {import("./figures.mjs").Figures} figures
 * @param {string} what
 * @param {string} name
 * @param {number} limit
 */
function within(figures, what, name, limit) {
    const median = figures.median(name);
    if (median === undefined) return undefined;
    return {
        demand: `${what}: at most ${limit} ms`,
        measured: `${median.toFixed(2)} ms`,
        isMet: median <= limit,
    };
}

/**
 * @param {import("./figures.mjs").Figures} figures
 * @param {string} what
 * @param {string} slower
 * @param {string} faster
 * @param {number} factor
 */
function atLeast(figures, what, slower, faster, factor) {
    const ratio = quotient(figures.median(slower), figures.median(faster));
    if (!Number.isFinite(ratio)) return undefined;
    return {
        demand: `${what}: at least ${factor} times faster`,
        measured: `${ratio.toFixed(1)} times`,
        isMet: ratio >= factor,
    };
}

/**
 * @param {import("./figures.mjs").Figures} figures
 * @param {string} what
 * @param {string} ours
 * @param {string} theirs
 * @param {number} factor
 */
function atMost(figures, what, ours, theirs, factor) {
    const ratio = quotient(figures.median(ours), figures.median(theirs));
    if (!Number.isFinite(ratio)) return undefined;
    return {
        demand: `${what}: at most ${factor} times its time`,
        measured: `${ratio.toFixed(2)} times`,
        isMet: ratio <= factor,
    };
}

/**
 * @param {number | undefined} a
 * @param {number | undefined} b
 */
function quotient(a = NaN, b = NaN) {
    return a / b;
}
