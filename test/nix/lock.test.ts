import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { listDevShells } from "../../src/core/nix/devShells";
import { bed, captureOf, inside, suiteFolder, testedNix } from "./bed";

describe("capturing leaves flake.lock and git's index as they are", () => {
    const at = suiteFolder();

    const cases: Record<string, (folder: string) => Promise<void>> = {
        "with the lock in place": () => Promise.resolve(),
        "without a lock": async (folder) => {
            rmSync(join(folder, "flake.lock"));
            await (await bed()).commit(folder);
        },
        "with a lock that was deleted, but not committed so": (folder) => {
            rmSync(join(folder, "flake.lock"));
            return Promise.resolve();
        },
        "with a lock that git doesn't know": async (folder) => {
            await (await bed()).git(folder, "rm", "--quiet", "--cached", "flake.lock");
        },
        "with a lock that git is told to ignore": async (folder) => {
            const { git, commit } = await bed();
            await git(folder, "rm", "--quiet", "--cached", "flake.lock");
            writeFileSync(join(folder, ".gitignore"), "/target\nflake.lock\n");
            await commit(folder);
        },
        "with a stale lock": async (folder) => {
            const flake = join(folder, "flake.nix");
            const text = readFileSync(flake, "utf8");
            const [, input = ""] = /"path:([^"]*)"/.exec(text) ?? [];
            await cp(input, at("other-input"), { recursive: true });
            writeFileSync(flake, text.replace(`path:${input}`, `path:${at("other-input")}`));
        },
        "with a changed file": (folder) => {
            writeFileSync(join(folder, "src/main.rs"), "fn main() { println!(); }\n");
            return Promise.resolve();
        },
        "with a file that was only touched": (folder) => {
            utimesSync(join(folder, "src/main.rs"), 1, 1);
            return Promise.resolve();
        },
        "with something staged, and a file to be added": async (folder) => {
            const { git } = await bed();
            writeFileSync(join(folder, "src/main.rs"), "fn main() { println!(); }\n");
            writeFileSync(join(folder, "src/new.rs"), "");
            await git(folder, "add", "src/main.rs");
            await git(folder, "add", "--intent-to-add", "src/new.rs");
            writeFileSync(join(folder, "src/main.rs"), "fn main() {}\n");
        },
    };

    for (const [name, change] of Object.entries(cases)) {
        it(name, async () => {
            const folder = at(name.replaceAll(/\W/g, "-"));
            await (await bed()).instantiate("example", folder);
            await change(folder);
            const before = kept(folder);
            const captured = await captureOf(folder);
            assert.equal(inside(captured).get("GREETING"), "Hello");
            await listDevShells(await testedNix(), folder, undefined);
            assert.deepEqual(kept(folder), before);
        });
    }
});

/** What must not change, byte for byte. */
function kept(folder: string): Record<string, string | undefined> {
    const names = ["flake.lock", ".git/index", ".git/HEAD", "flake.nix"];
    return Object.fromEntries(
        names.map((name) => {
            const file = join(folder, name);
            return [name, existsSync(file) ? readFileSync(file, "base64") : undefined];
        }),
    );
}
