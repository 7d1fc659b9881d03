import { accessSync, constants, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { DUMP_END, DUMP_START, parseDump } from "../environment/dump";
import type { Environment } from "../environment/environment";

/**
 * A script that writes the environment of the process that runs it into a private file, so that a
 * terminal or task can be asked what it has.
 */
export interface Probe {
    readonly script: string;
    /** Where the answer comes. */
    readonly file: string;
}

/** How often an answer is looked for, in milliseconds. */
const INTERVAL = 50;

/** Writes a probe into a private folder. */
export function writeProbe(folder: string, name: string): Probe {
    const script = join(folder, `${name}.sh`);
    const file = join(folder, name);
    writeFileSync(
        script,
        `umask 077
{ printf '%s\\0' ${quoted(DUMP_START)}; /usr/bin/env -0 && printf '%s\\0' ${quoted(DUMP_END)}; } >${quoted(file)}
`,
        { mode: 0o600 },
    );
    return { script, file };
}

/** A command line that runs it, the same in every shell: the paths are ours, and hold no quotes. */
export function probeCommand({ script }: Probe): string {
    return `/bin/sh ${quoted(script)}`;
}

/** Waits for the answer; undefined where none comes in time, or the signal aborts. */
export async function readProbe(
    { file }: Probe,
    milliseconds: number,
    signal: AbortSignal,
): Promise<Environment | undefined> {
    const deadline = Date.now() + milliseconds;
    while (Date.now() < deadline && !signal.aborted) {
        const dump = readDump(file);
        if (dump !== undefined) return dump;
        await pause(INTERVAL);
    }
    return undefined;
}

/** A folder for files that hold values: in memory where the system has one, else the usual one. */
export function privateParent(fallback: string): string {
    const memory = "/dev/shm";
    try {
        accessSync(memory, constants.W_OK | constants.X_OK);
        return memory;
    } catch {
        return fallback;
    }
}

function readDump(file: string): Environment | undefined {
    try {
        return parseDump(readFileSync(file))?.variables;
    } catch {
        return undefined; // Not there yet.
    }
}

/** A text as one word of any shell; it must hold no quotes. */
function quoted(text: string): string {
    return `'${text}'`;
}
