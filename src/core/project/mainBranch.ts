import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gitFolder } from "../lock/gitFolder";

/** The branch that changes are merged into, as far as files tell: origin's own, else the current one. */
export function mainBranch(repository: string | undefined): string {
    if (repository === undefined) return "main";
    const folder = gitFolder(repository);
    return (
        branchIn(join(folder, "refs/remotes/origin/HEAD"), /^ref: refs\/remotes\/origin\/(\S+)/) ??
        branchIn(join(folder, "HEAD"), /^ref: refs\/heads\/(\S+)/) ??
        "main"
    );
}

function branchIn(file: string, pattern: RegExp): string | undefined {
    try {
        return pattern.exec(readFileSync(file, "utf8"))?.[1];
    } catch {
        return undefined;
    }
}
