import { readFileSync } from "node:fs";

/** Whether a process runs. One that ended and that nobody collected, as in many containers, does not. */
export function isRunning(pid: number): boolean {
    try {
        process.kill(pid, 0);
    } catch {
        return false;
    }
    try {
        const stat = readFileSync(`/proc/${pid}/stat`, "latin1");
        return !/^ [ZX]/.test(stat.slice(stat.lastIndexOf(")") + 1));
    } catch {
        return process.platform !== "linux";
    }
}

/** The process id that a script wrote to a file; undefined while it has not. */
export function pidIn(file: string): number | undefined {
    try {
        return Number(/^(\d+)\n/.exec(readFileSync(file, "utf8"))?.[1]) || undefined;
    } catch {
        return undefined;
    }
}
