import { growthRatios, verdicts } from "./demands.mjs";

/**
 * All of it for people.
 *
 * @param {string[]} facts
 * @param {import("./figures.mjs").Figures} figures
 */
export function report(facts, figures) {
    const rows = figures.names.map((name) => {
        const { median, min, max, unit } = figures.figure(name);
        return [name, digits(median), digits(min), digits(max), unit, `${figures.runs(name)}`];
    });
    const growth = growthRatios(figures)
        .filter(({ ratios }) => ratios.some(Number.isFinite))
        .map(({ name, sizes, ratios }) => [
            name,
            ratios.map((ratio, i) => `${sizes[i]}→${sizes[i + 1]}: ${digits(ratio)}`).join("   "),
        ]);
    const demands = verdicts(figures).map(({ demand, measured, isMet }) => [
        isMet ? "ok" : "NOT",
        measured,
        demand,
    ]);
    return [
        ...facts,
        "",
        ...table([["figure", "median", "min", "max", "unit", "runs"], ...rows], [1, 2, 3, 5]),
        ...section("growth: how many times the time, by the fastest runs", growth),
        ...section("must reach", demands),
    ].join("\n");
}

/**
 * @param {string} title
 * @param {string[][]} rows
 */
function section(title, rows) {
    return rows.length ? ["", title, ...table(rows, [])] : [];
}

/**
 * @param {string[][]} rows
 * @param {number[]} right the columns of numbers
 */
function table(rows, right) {
    const widths = rows[0].map((_, i) => Math.max(...rows.map((row) => row[i].length)));
    return rows.map((row) =>
        row
            .map((cell, i) =>
                right.includes(i) ? cell.padStart(widths[i]) : cell.padEnd(widths[i]),
            )
            .join("  ")
            .trimEnd(),
    );
}

/** @param {number} value */
function digits(value) {
    return value.toFixed(value < 10 ? 2 : value < 100 ? 1 : 0);
}
