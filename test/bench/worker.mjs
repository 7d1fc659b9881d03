// A process of its own, in the place of the extension host: what it does for the first time is as
// slow as it is in a window that has just been opened. Does what workerProcess.mjs asks for.
import { createRequire } from "node:module";
import v8 from "node:v8";
import vm from "node:vm";
import { processTime, startOver, watchProcesses } from "./processTime.mjs";

watchProcesses();
v8.setFlagsFromString("--expose-gc");
const collectGarbage = vm.runInNewContext("gc");
const require = createRequire(import.meta.url);
/** @type {typeof import("./core.ts")} */
const core = require(process.env.NIX_RUST_BENCH_CORE);
delete process.env.NIX_RUST_BENCH_CORE;
const environment = core.environmentOf(process.env);

/** @type {Record<string, (request: any) => unknown>} */
const verbs = {
    /** As when a folder is entered for the first time. */
    async capture({ folder, storage }) {
        const shell = makeShell(folder, storage, "out");
        return timeWork(shell, () => shell.enter());
    },

    /** As when a folder is opened: files are looked at, and nix is asked. */
    async check({ folder, storage }) {
        const shell = insideShell(folder, storage);
        return timeWork(shell, () => shell.refresh("opened"));
    },

    /** As when a file was saved that has no part in the dev shell. */
    async gate({ folder, storage }) {
        const shell = insideShell(folder, storage);
        await shell.refresh("opened");
        return timeWork(shell, () => shell.refresh("files changed"));
    },

    /** As when the user asks for it. */
    async reload({ folder, storage }) {
        const shell = insideShell(folder, storage);
        return timeWork(shell, () => shell.reload());
    },

    /** Where a folder's snapshot is kept. */
    where: ({ folder, storage }) => makeShell(folder, storage, "out").storage,

    /** The snapshot alone, read and checked. */
    restore({ snapshot, count }) {
        const { milliseconds, result } = time(() => core.readSnapshot(snapshot));
        if (!result || result.changes.length < count) throw new Error("the snapshot is a miss");
        return milliseconds;
    },

    /** All that the extension does with folders before its `activate()` goes on. */
    open({ folders, storage }) {
        const { milliseconds, result } = time(() =>
            folders.map((/** @type {string} */ folder) => makeShell(folder, storage, "in")),
        );
        for (const shell of result) expectInside(shell);
        return milliseconds;
    },

    /** Gives folders the snapshot of another one. */
    plant({ from, folders, storage }) {
        const captured = core.readSnapshot(from);
        for (const flakeFolder of folders) {
            const own = makeShell(flakeFolder, storage, "out").storage;
            core.writeSnapshot(own, { ...captured, flakeFolder });
        }
    },

    async drift({ folder, storage }) {
        const shell = makeShell(folder, storage, "out");
        const start = performance.now();
        await shell.refreshDrift();
        const milliseconds = performance.now() - start;
        if (shell.drift?.state !== "clean") throw new Error(`drift is ${shell.drift?.state}`);
        return milliseconds;
    },

    /** The same, told apart by whether git was at work. */
    async splitDrift({ folder, storage }) {
        const shell = makeShell(folder, storage, "out");
        startOver();
        const start = performance.now();
        await shell.refreshDrift();
        const end = performance.now();
        if (shell.drift?.state !== "clean") throw new Error(`drift is ${shell.drift?.state}`);
        const git = processTime(end);
        return { "": end - start, ", git": git, ", without git": end - start - git };
    },

    /** What the crates of a project need of the system. */
    async needs({ folder }) {
        const start = performance.now();
        const needs = await core.readNativeNeeds(core.detectProject(folder));
        const milliseconds = performance.now() - start;
        if (!needs) throw new Error("the needs were not read");
        return milliseconds;
    },

    /** Reading what a dev shell dumped, what it changes, and its snapshot's two ways. */
    environment({ count, like, storage }) {
        const marker = "/marker";
        const temporary = "/temporary";
        const base = new Map([...environment, ["PATH", `${marker}:${environment.get("PATH")}`]]);
        const dump = dumpOf([...base, ...variables(count)]);
        const delta = time(() => {
            const shell = core.parseDump(dump);
            const exceptions = { keepOut: [], letIn: [] };
            return core.deltaOf({ base, shell, marker, temporary, exceptions });
        });
        const { changes, omitted } = delta.result;
        if (changes.length < count) throw new Error("changes are missing");
        const snapshot = { ...core.readSnapshot(like), changes, omitted };
        const write = time(() => core.writeSnapshot(storage, snapshot));
        // A window that opens has nothing of what making the snapshot leaves behind in a process.
        collectGarbage();
        const restore = time(() => core.readSnapshot(storage));
        if (!restore.result) throw new Error("the snapshot is a miss");
        return {
            ", delta": delta.milliseconds,
            ", snapshot write": write.milliseconds,
            ", restore": restore.milliseconds,
        };
    },
};

/** What the log said of errors, for when something goes wrong. */
const complaints = [];

/**
 * @param {string} folder
 * @param {string} storage
 * @param {"in" | "out"} wants
 */
function makeShell(folder, storage, wants) {
    let choice = { shell: undefined, wants };
    const note = (/** @type {unknown} */ what) => void complaints.push(String(what));
    return new core.FolderShell(folder, {
        settings: () => ({
            enter: "automatic",
            nixPath: "",
            extraArguments: [],
            exceptions: { keepOut: [], letIn: [] },
            hookTimeout: 60_000,
            nixOutput: "normal",
        }),
        choice: () => choice,
        choose: (chosen) => (choice = chosen),
        watchedFiles: async () => [],
        onDidChange() {},
        log: { debug() {}, info() {}, warn: note, error: note },
        editorEnvironment: environment,
        storage,
    });
}

/**
 * @param {string} folder
 * @param {string} storage
 */
function insideShell(folder, storage) {
    const shell = makeShell(folder, storage, "in");
    expectInside(shell);
    return shell;
}

/** @param {import("../../src/core/shell/folderShell").FolderShell} shell */
function expectInside({ folder, state }) {
    if (state.kind === "inside" && !state.stale) return;
    throw new Error(`${folder} is ${JSON.stringify(state)}\n${complaints.join("\n")}`);
}

/**
 * @param {import("../../src/core/shell/folderShell").FolderShell} shell
 * @param {() => Promise<unknown>} work
 */
async function timeWork(shell, work) {
    startOver();
    const start = performance.now();
    await work();
    const end = performance.now();
    const processes = processTime(end);
    expectInside(shell);
    await shell.dispose();
    const total = end - start;
    return { "": total, ", without processes": total - processes };
}

/** @param {number} count */
function variables(count) {
    return Array.from({ length: count }, (_, i) => [
        `BENCH_${i}`,
        `the value of variable number ${i}, of a usual length`,
    ]);
}

/** @param {string[][]} all */
function dumpOf(all) {
    const records = all.map(([name, value]) => `${name}=${value}`);
    return Buffer.from([core.DUMP_START, ...records, core.DUMP_END, ""].join("\0"));
}

/**
 * @template T
 * @param {() => T} work
 */
function time(work) {
    const start = performance.now();
    const result = work();
    return { milliseconds: performance.now() - start, result };
}

process.on("message", async ({ verb, request }) => {
    try {
        process.send({ result: await verbs[verb](request) });
    } catch (error) {
        process.send({ error: error.stack });
    }
});
process.send({ result: "ready" });
