import { readFileSync } from "node:fs";
import { join } from "node:path";
import { commonGitFolder, gitFolder } from "../lock/gitFolder";

/** The branch that changes are merged into, as far as files tell: origin's own, else the current one. */
export function mainBranch(repository: string | undefined): string {
    if (repository === undefined) return "main";
    const origin = join(commonGitFolder(repository), "refs/remotes/origin/HEAD");
    return (
        branchIn(origin, /^ref: refs\/remotes\/origin\/(\S+)/) ??
        branchIn(join(gitFolder(repository), "HEAD"), /^ref: refs\/heads\/(\S+)/) ??
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
