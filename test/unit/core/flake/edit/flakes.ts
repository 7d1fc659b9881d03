import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** The flakes that stand for the shapes in which they are written, by name. */
export function exampleFlakes(): ReadonlyMap<string, string> {
    const folder = resolve("test/fixtures/flakes");
    return new Map(
        readdirSync(folder).map((file) => [
            file.replace(/\.nix$/, ""),
            readFileSync(join(folder, file), "utf8"),
        ]),
    );
}
