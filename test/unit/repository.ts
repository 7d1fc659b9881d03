import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The repository's root: tests are run from there. */
export const ROOT = process.cwd();

/** A file of the repository as text. */
export function readRepositoryFile(path: string): string {
    return readFileSync(join(ROOT, path), "utf8");
}

/** The TypeScript files of src/, with paths relative to it. */
export function sourceFiles(): string[] {
    return readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
        .filter((file) => file.endsWith(".ts"))
        .sort();
}
