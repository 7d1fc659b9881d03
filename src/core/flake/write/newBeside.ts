import { join } from "node:path";
import { readTextFile } from "../../textFile";
import { besideFile, type BesideFile, type FlakeFacts } from "./besides";
import type { FileOptionId } from "./templates";

/** The files of some options as they would be in a folder, without those that are so already. */
export function newBeside(
    folder: string,
    options: readonly FileOptionId[],
    facts: FlakeFacts,
): BesideFile[] {
    const read = (path: string): string | undefined => readTextFile(join(folder, path));
    return options
        .map((option) => besideFile(option, facts, read))
        .filter(({ path, text }) => read(path) !== text);
}
