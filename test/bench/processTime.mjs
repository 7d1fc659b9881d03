import childProcess from "node:child_process";
import { syncBuiltinESMExports } from "node:module";

/** @type {{ start: number, end?: number }[]} */
let spans = [];

/** From here on it is noted when processes run, whoever starts them. */
export function watchProcesses() {
    const { spawn } = childProcess;
    childProcess.spawn = (...args) => {
        /** @type {(typeof spans)[number]} */
        const span = { start: performance.now() };
        spans.push(span);
        const child = Reflect.apply(spawn, childProcess, args);
        child.once("exit", () => (span.end = performance.now()));
        return child;
    };
    syncBuiltinESMExports();
}

/** Forgets the processes so far. */
export function startOver() {
    spans = [];
}

/**
 * For how long one process at least ran since {@link startOver}.
 *
 * @param {number} now
 */
export function processTime(now) {
    let sum = 0;
    let until = 0;
    for (const { start, end = now } of spans) {
        sum += Math.max(0, Math.min(end, now) - Math.max(start, until));
        until = Math.max(until, end);
    }
    return sum;
}
