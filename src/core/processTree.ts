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
    const found = new Set(descendants(await processes(), [leader]));
    signal(-leader, "SIGTERM");
    for (let waited = 0; waited < GRACE && (await anyAlive(leader, found)); waited += POLL) {
        await new Promise((resolve) => setTimeout(resolve, POLL));
    }
    if (!(await anyAlive(leader, found))) return;
    for (const pid of descendants(await processes(), [leader, ...found])) found.add(pid);
    signal(-leader, "SIGKILL");
    for (const pid of found) signal(pid, "SIGKILL");
}

/** Ends a process that leads a group with that group, at once and synchronously. */
export function killGroup(leader: number): void {
    signal(-leader, "SIGKILL");
}

async function anyAlive(leader: number, others: ReadonlySet<number>): Promise<boolean> {
    if (!exists(-leader) && ![...others].some(exists)) return false;
    // Many containers have nobody who collects the dead, which exist for ever then.
    return (await processes()).some(
        ({ pid, group, isDead }) => !isDead && (group === leader || others.has(pid)),
    );
}

function exists(pid: number): boolean {
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

interface ListedProcess {
    readonly pid: number;
    readonly parent: number;
    readonly group: number;
    /** It ended, and its parent has not asked how. */
    readonly isDead: boolean;
}

/** The processes below `roots`, in no order. */
function descendants(all: readonly ListedProcess[], roots: readonly number[]): number[] {
    const children = new Map<number, number[]>();
    for (const { pid, parent } of all) {
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

/** Every process. Linux is asked through /proc, as minimal containers lack `ps`. */
async function processes(): Promise<ListedProcess[]> {
    if (process.platform === "linux") {
        return readdirSync("/proc")
            .filter((name) => /^\d+$/.test(name))
            .flatMap((name) => {
                try {
                    // The second field is the program's name in brackets, which may hold anything.
                    const stat = readFileSync(`/proc/${name}/stat`, "latin1");
                    return listed([name, ...stat.slice(stat.lastIndexOf(")") + 2).split(" ")]);
                } catch {
                    return []; // It ended in between.
                }
            });
    }
    const table = await new Promise<string>((resolve) => {
        const args = ["-A", "-o", "pid=,state=,ppid=,pgid="];
        execFile("/bin/ps", args, { timeout: GRACE }, (_, stdout) => resolve(stdout));
    });
    return table.split("\n").flatMap((line) => listed(line.trim().split(/\s+/)));
}

function listed([pid, state, parent, group]: readonly string[]): ListedProcess[] {
    if (!pid || !parent) return [];
    const isDead = state?.startsWith("Z") ?? false;
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), isDead }];
}
