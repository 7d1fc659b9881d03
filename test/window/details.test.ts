import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import { rustProject } from "./projects";
import type { EditorWindow } from "./window";

describe("a window on a dev shell", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let window: EditorWindow;

    before(async () => {
        window = await editor().open(undefined);
    });

    it("tells when flake.lock is not what is committed", async () => {
        const folder = await (await bed()).instantiate("example", join(editor().folder, "locked"));
        const { git, commit } = await bed();
        const lock = join(folder, "flake.lock");
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");

        await window.waitForWatcher(folder);
        appendFileSync(lock, "\n");
        const modified = await window.waitForStatus("Nix: flake.lock not committed");
        assert.match(modified.label, /flake\.lock has changes that are not committed/);
        await window.tooltip("others still use the old versions");
        await window.picture("lock-modified");

        await git(folder, "add", "flake.lock");
        await git(folder, "commit", "--quiet", "--message=Locked");
        await window.waitForStatus("Nix: default");

        await git(folder, "rm", "--cached", "--quiet", "flake.lock");
        const untracked = await until("an untracked lock", async () => {
            const status = await window.waitForStatus("Nix: flake.lock not committed");
            return status.label.includes("not in git") && status;
        });
        assert.equal(untracked.kind, "warning");
        await window.tooltip("nobody else gets the versions");
        await window.picture("lock-untracked");
        await commit(folder, "Locked again");
        await window.waitForStatus("Nix: default");

        rmSync(lock);
        await window.waitForStatus("Nix: no flake.lock");
        assert.equal((await window.terminalEnvironment()).get("GREETING"), "Hello");
        await window.tooltip("There is no flake.lock");
        await window.picture("lock-missing");
        assert.deepEqual(await window.notifications(), []);
    });

    it("shows the environment, its values when asked", async () => {
        const folder = await (await bed()).instantiate("example", join(editor().folder, "shown"));
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");
        await window.run("Nix: Show Environment");
        const masked = await window.waitForEditor("GREETING=••••••");
        assert.doesNotMatch(masked, /Hello|\/nix\/store\/\S+\/bin/);
        await window.picture("environment-masked");
        await window.pressLens("Show Values");
        await window.waitForEditor("GREETING=Hello");
        await window.picture("environment-shown");
        await window.pressLens("Hide Values");
        await window.waitForEditor("GREETING=••••••");
    });

    it("offers what makes sense in it", async () => {
        const folder = await rustProject(join(editor().folder, "offers"));
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");
        await window.clickStatus();
        const offered = await window.choices("Nix: offers");
        const expected = [
            "Open a Terminal in the Dev Shell",
            "Reload Environment",
            "Select Dev Shell…",
            "Show Environment",
            "Leave Dev Shell",
            "Show Log",
        ];
        assert.deepEqual(
            offered.filter((label) => expected.includes(label)),
            expected,
        );
        assert.ok(!offered.includes("Restart rust-analyzer"), "it is not installed");
        await window.picture("actions");
        await window.pick("Show Log");
        await window.waitForPanel("Captured the dev shell");
        await window.picture("log");
    });

    it("works in a folder of any name", async () => {
        const name = 'it\'s a "größe" & $HOME `x` 100% 日本 #1';
        const folder = await rustProject(join(editor().folder, name), {
            attributes: { GREETING: "Hello" },
            hook: 'export WHERE="$PWD"',
        });
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");
        const environment = await window.terminalEnvironment();
        assert.equal(environment.get("GREETING"), "Hello");
        assert.equal(environment.get("WHERE"), folder);
        await window.tooltip(name);
        await window.picture("odd-name");
    });

    it("keeps the environment of a folder that is gone, and says so", async () => {
        const folder = await rustProject(join(editor().folder, "doomed"));
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");
        await window.waitForWatcher(folder);
        rmSync(folder, { recursive: true });
        const { label } = await window.waitForStatus("Nix: previous environment");
        assert.match(label, /folder does not exist any more/);
        await window.tooltip("does not exist any more");
        await window.picture("folder-gone");
    });

    it("notices that a folder of its flake goes", async () => {
        const folder = join(editor().folder, "in-parts");
        mkdirSync(join(folder, "nix"), { recursive: true });
        writeFileSync(join(folder, "nix/more.nix"), '{ GREETING = "Hello"; }\n');
        await rustProject(folder, { expression: "import ./nix/more.nix" });
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");
        await window.waitForWatcher(folder);
        rmSync(join(folder, "nix"), { recursive: true });
        await window.waitForStatus("Nix: previous environment");
        assert.equal((await window.terminalEnvironment()).get("GREETING"), "Hello");
        await window.tooltip("more.nix");
        await window.picture("part-gone");
    });

    it("shares its folder with another window", async () => {
        const folder = await rustProject(join(editor().folder, "shared"), {
            attributes: { GREETING: "Hello" },
        });
        const before = editor().captures;
        await window.goTo(folder);
        const windows = [window, await editor().open(folder, "another-profile")];
        for (const one of windows) {
            await one.waitForStatus("Nix: default");
            assert.equal((await one.terminalEnvironment()).get("GREETING"), "Hello");
        }
        assert.equal(editor().captures, before + 1);

        for (const one of windows) await one.waitForWatcher(folder);
        const flake = join(folder, "flake.nix");
        writeFileSync(flake, readFileSync(flake, "utf8").replace('"Hello"', '"Salut"'));
        await until("the new value", () => editor().captures > before + 1);
        await editor().nixIsIdle();
        for (const one of windows) {
            await one.waitForStatus("Nix: default");
            await until("the new value in a terminal", async () => {
                return (await one.terminalEnvironment()).get("GREETING") === "Salut";
            });
        }
    });
});
