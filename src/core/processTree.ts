import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** How long processes may take to end by themselves after SIGTERM: nix stops its builders then. */
const GRACE = 2_000;

const POLL = 50;

/**
 * Ends a process that leads a group, and all of its descendants, also those with groups and
 * sessions of their own. Resolves when none of them is left or all were sent SIGKILL.
 *
 * SIGTERM alone is not enough: nix ignores it while it evaluates, and its builders survive a
 * SIGKILL of nix. See the reference on nix, section 1.4.
 */
export async function killTree(leader: number): Promise<void> {
    // The descendants are noted first: once a parent is dead its children can't be told any more.
    const found = new Set(await descendants([leader]));
    signal(-leader, "SIGTERM");
    for (let waited = 0; waited < GRACE && anyAlive(leader, found); waited += POLL) {
        await new Promise((resolve) => setTimeout(resolve, POLL));
    }
    if (!anyAlive(leader, found)) return;
    for (const pid of await descendants([leader, ...found])) found.add(pid);
    signal(-leader, "SIGKILL");
    for (const pid of found) signal(pid, "SIGKILL");
}

function anyAlive(leader: number, others: ReadonlySet<number>): boolean {
    return isAlive(-leader) || [...others].some(isAlive);
}

function isAlive(pid: number): boolean {
    try {
        process.kill(pid, 0);
        return true;
    } catch {
        return false;
    }
}

function signal(pid: number, name: NodeJS.Signals): void {
    try {
        process.kill(pid, name);
    } catch {
        // It ended by itself.
    }
}

/** The processes below `roots`, in no order. */
async function descendants(roots: readonly number[]): Promise<number[]> {
    const children = new Map<number, number[]>();
    for (const [pid, parent] of await parents()) {
        const siblings = children.get(parent);
        if (siblings === undefined) children.set(parent, [pid]);
        else siblings.push(pid);
    }
    const result: number[] = [];
    const queue = [...roots];
    for (let pid = queue.pop(); pid !== undefined; pid = queue.pop()) {
        const below = children.get(pid) ?? [];
        result.push(...below);
        queue.push(...below);
    }
    return result;
}

/** Every process with its parent. Linux is asked through /proc, as minimal containers lack `ps`. */
async function parents(): Promise<[pid: number, parent: number][]> {
    if (process.platform === "linux") {
        return readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .flatMap((name) => {
                try {
                    // The second field is the program's name in brackets, which may hold anything.
                    const stat = readFileSync(`/proc/${name}/stat`, "latin1");
                    const parent = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1];
                    return [[Number(name), Number(parent)]];
                } catch {
                    return []; // It ended in between.
                }
            });
    }
    const table = await new Promise<string>((resolve) => {
        const args = ["-A", "-o", "pid=,ppid="];
        execFile("/bin/ps", args, { timeout: GRACE }, (_, stdout) => resolve(stdout));
    });
    return table.split("\n").flatMap((line) => {
        const [pid, parent] = line.trim().split(/\s+/).map(Number);
        return pid === undefined || parent === undefined ? [] : [[pid, parent]];
    });
}
