import { readFileSync, statSync } from "node:fs";

/** The text of a file; undefined where there is none, or it can't be read. */
export function readTextFile(file: string): string | undefined {
    return readBytes(file)?.toString();
}

/**
 * The bytes of a file; undefined where there is none, or it can't be read. What a name leads to may
 * also be a pipe or a device, whose end may never come.
 */
export function readBytes(file: string): Buffer | undefined {
    try {
        return statSync(file).isFile() ? readFileSync(file) : undefined;
    } catch {
        return undefined;
    }
}
