import { relative } from "node:path";

/**
 * Whether a file below a folder is one of those that tools make there by the thousand. Where the
 * folder itself lies does not count: somebody may keep projects in `~/target`.
 */
export function isByproduct(file: string, folder: string): boolean {
    return /(?:^|\/)(?:target|node_modules|\.direnv)\//.test(relative(folder, file));
}
