import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { listDevShells } from "../../src/core/nix/devShells";
import { SILENT } from "../../src/core/log";
import { FolderShell } from "../../src/core/shell/folderShell";
import { base, bed, captureOf, inside, nixFolder, suiteFolder, testedNix } from "./bed";

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
            await useAsWindow(folder);
            assert.deepEqual(kept(folder), before);
        });
    }
});

/** Does all that a window does by itself, and all that only looks. */
async function useAsWindow(folder: string): Promise<void> {
    const nixPath = join(await nixFolder(), "nix");
    const shell = new FolderShell(folder, {
        settings: () => ({
            enter: "automatic",
            nixPath,
            extraArguments: [],
            exceptions: { keepOut: [], letIn: [] },
            hookTimeout: 60_000,
            oldAfter: 1,
            nixOutput: "quiet",
        }),
        choice: () => ({ shell: undefined, wants: undefined }),
        choose: () => {},
        watchedFiles: () => Promise.resolve([]),
        onDidChange: () => {},
        log: SILENT,
        editorEnvironment: base,
        storage: `${folder}.window`,
    });
    try {
        await shell.refresh("opened");
        await shell.enter();
        await shell.reload();
        await shell.refresh("files changed");
        await shell.refreshDrift();
        const mending = await shell.lock.mending();
        assert.equal(mending.canUndo, false);
        await mending.sinceCommit();
        await mending.commitMessage();
        await mending.hasStagedOthers();
        assert.equal(shell.state.kind, "inside");
    } finally {
        await shell.dispose();
    }
}

/** What must not change, byte for byte, nor be written anew. */
function kept(folder: string): Record<string, unknown> {
    const names = ["flake.lock", ".git/index", ".git/HEAD", "flake.nix"];
    return Object.fromEntries(
        names.map((name) => {
            const file = join(folder, name);
            if (!existsSync(file)) return [name, undefined];
            const { mtimeMs, ino } = statSync(file);
            return [name, [readFileSync(file, "base64"), mtimeMs, ino]];
        }),
    );
}
