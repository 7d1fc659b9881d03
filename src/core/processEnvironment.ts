import { readdirSync, readFileSync } from "node:fs";

/** A running process and the environment that it was started with. */
export interface RunningProcess {
    readonly pid: number;
    /** The program and its arguments. */
    readonly arguments: readonly string[];
    readonly environment: ReadonlyMap<string, string>;
}

/**
 * The children of a process with their environments, by Linux' /proc; undefined where there is
 * none. Other systems give no reliable answer.
 */
export function childrenOf(parent: number): readonly RunningProcess[] | undefined {
    try {
        return readdirSync(`/proc/${parent}/task`)
            .flatMap((task) =>
                readFileSync(`/proc/${parent}/task/${task}/children`, "latin1").trim().split(" "),
            )
            .filter((pid) => pid !== "")
            .flatMap((pid) => describe(Number(pid)));
    } catch {
        return undefined;
    }
}

function describe(pid: number): RunningProcess[] {
    try {
        return [
            {
                pid,
                arguments: records(`/proc/${pid}/cmdline`),
                environment: new Map(
                    records(`/proc/${pid}/environ`).map((record) => {
                        const equals = record.indexOf("=");
                        return [record.slice(0, equals), record.slice(equals + 1)];
                    }),
                ),
            },
        ];
    } catch {
        return []; // It ended in between.
    }
}

function records(file: string): string[] {
    return readFileSync(file, "utf8").split("\0").slice(0, -1);
}
