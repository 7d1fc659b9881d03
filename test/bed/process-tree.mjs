import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

const patience = 3_000;

/**
 * Ends a process and everything that it started, also what has made itself a session of its own, as
 * terminals do. Asks first; resolves when all are gone.
 *
 * @param {number} root
 */
export async function killTree(root) {
    const tree = await descendants(root);
    signal([root], "SIGTERM");
    const deadline = Date.now() + patience;
    while (isRunning(root) && Date.now() < deadline) await sleep(25);
    for (let left = tree; left.length; left = left.filter(isRunning)) {
        signal(left, "SIGKILL");
        await sleep(25);
    }
}

/** @param {number} root */
async function descendants(root) {
    const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
    /** @type {Map<number, number[]>} */
    const children = new Map();
    for (const line of stdout.trim().split("\n")) {
        const [pid, parent] = line.trim().split(/\s+/).map(Number);
        children.set(parent, [...(children.get(parent) ?? []), pid]);
    }
    const found = [root];
    for (const pid of found) found.push(...(children.get(pid) ?? []));
    return found;
}

/**
 * @param {number[]} pids
 * @param {NodeJS.Signals} name
 */
function signal(pids, name) {
    for (const pid of pids) {
        try {
            process.kill(pid, name);
        } catch (error) {
            if (error.code !== "ESRCH") throw error;
        }
    }
}

/** @param {number} pid */
function isRunning(pid) {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}
