// Runs beside the extension in the extension host, is activated before it, and times how it is
// loaded and activated. The product itself is the one that users get.
const { appendFileSync } = require("node:fs");
const Module = require("node:module");

const bundle = process.env.NIX_RUST_BENCH_BUNDLE;
const log = process.env.NIX_RUST_BENCH_LOG;
/** A variable that only the dev shell has. */
const variable = "BENCH_1";

// At once, not when this is activated: by then the extension may have been loaded, too.
const load = Module._load;
Module._load = function (request, ...rest) {
    if (request !== bundle) return load.call(this, request, ...rest);
    const start = now();
    const extension = load.call(this, request, ...rest);
    const loaded = now();
    const activate = (context) => {
        const called = now();
        const result = extension.activate(context);
        const returned = now();
        const entry = {
            load: difference(start, loaded),
            activate: difference(called, returned),
            sinceStart: performance.now(),
            hostStart: performance.timeOrigin,
            inside: process.env[variable] !== undefined,
        };
        // Its promise resolves when the rest is registered, too.
        return result.finally(() => record({ ...entry, rest: difference(returned, now()) }));
    };
    return { activate, deactivate: () => extension.deactivate() };
};

exports.activate = () => {};

/** The clock's time, and the time that this thread really ran: the machine does other things too. */
function now() {
    const { user, system } = process.threadCpuUsage();
    return { clock: performance.now(), cpu: (user + system) / 1_000 };
}

function difference(start, end) {
    return { clock: end.clock - start.clock, cpu: end.cpu - start.cpu };
}

function record(entry) {
    appendFileSync(log, `${JSON.stringify(entry)}\n`);
}
