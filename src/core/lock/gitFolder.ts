import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { readTextFile } from "../textFile";

/** Where git keeps the index and HEAD of a work tree: elsewhere for worktrees and submodules. */
export function gitFolder(repository: string): string {
    const path = join(repository, ".git");
    try {
        const [, elsewhere] = /^gitdir: (.+)/.exec(readFileSync(path, "utf8")) ?? [];
        return elsewhere === undefined ? path : resolve(repository, elsewhere.trim());
    } catch {
        return path; // A folder, as is usual.
    }
}

/** Where git keeps what all work trees of a repository have in common, such as remote branches. */
export function commonGitFolder(repository: string): string {
    const folder = gitFolder(repository);
    const common = readTextFile(join(folder, "commondir"));
    return common === undefined ? folder : resolve(folder, common.trim());
}
