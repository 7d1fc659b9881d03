import { filesReadBy } from "../flake/reads";
import type { FailedFlake } from "./findProblem";
import type { Problem } from "./problem";
import { repairs, type Repair } from "./repairs";
import { offsetAt } from "./textPlace";

/** A repair, and the file that it changes. */
export interface FileRepair extends Repair {
    /** Absolute path. */
    readonly file: string;
    /** The text that the repair is for. */
    readonly text: string;
}

/** What would mend a problem in the files of its flake, the file that it is in first. */
export async function findRepairs(
    problem: Problem,
    flake: FailedFlake,
    system: string,
): Promise<FileRepair[]> {
    const { failure, file, range } = problem;
    const found: FileRepair[] = [];
    const files = new Set([file, ...filesReadBy(flake.flake)]);
    for (const path of files) {
        const text = path.endsWith(".nix") ? flake.read(path) : undefined;
        if (text === undefined) continue;
        const at = path === file ? offsetAt(text, range) : undefined;
        const of = await repairs({ failure, text, at, system });
        found.push(...of.map((repair) => ({ ...repair, file: path, text })));
    }
    return found;
}
