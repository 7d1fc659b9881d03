import assert from "node:assert/strict";
import { join } from "node:path";
import { bed } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

describe("the user's choice", () => {
    const editor = editorForSuite();
    let folder: string;
    let window: EditorWindow;
    let outside: ReadonlyMap<string, string>;

    before(async () => {
        folder = await (await bed()).instantiate("example", join(editor().folder, "hello"));
        window = await editor().open(join(editor().folder, "home"));
        outside = await window.terminalEnvironment();
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");
        await editor().waitForOwnServer();
        await window.waitForRustAnalyzer();
    });

    it("to leave takes everything back, by one restart", async () => {
        const before = starts();
        await window.run("Nix: Leave Dev Shell");
        await window.waitForStatus("Nix: not entered");
        const { environment } = await editor().serverAfter(before, window);
        assert.deepEqual(shellOf(environment), shellOf(outside));
        assert.deepEqual(shellOf(await window.terminalEnvironment()), shellOf(outside));
        await window.tooltip("You left it.");
        await window.picture("left");
        assert.equal(starts(), before + 1);
    });

    it("to leave is remembered", async () => {
        await window.waitForMemory('"wants":"out"');
        const calls = editor().machine.nixCalls.started.length;
        const before = starts();
        await window.goTo(folder);
        await window.waitForStatus("Nix: not entered");
        const { environment } = await editor().serverAfter(before, window);
        assert.deepEqual(shellOf(environment), shellOf(outside));
        assert.equal(starts(), before + 1);
        assert.equal(editor().machine.nixCalls.started.length, calls);
    });

    it("to enter opens a terminal in the dev shell, and restarts rust-analyzer once", async () => {
        const before = starts();
        await window.run("Nix: Enter Dev Shell");
        await window.waitForStatus("Nix: default");
        assert.equal((await window.inTerminal("echo $GREETING")).trim(), "Hello");
        assert.ok((await window.terminals()).includes("Nix: default"));
        const { environment } = await editor().serverAfter(before, window);
        assert.equal(environment.get("GREETING"), "Hello");
        await window.picture("entered");
        assert.equal(starts(), before + 1);
    });

    it("of another dev shell brings its variables, by one restart", async () => {
        const before = starts();
        await window.run("Nix: Select Dev Shell…");
        assert.deepEqual(await window.choices("Nix: Select Dev Shell"), ["default", "ci"]);
        await window.picture("select-shell");
        await window.pick("ci");
        await window.waitForStatus("Nix: ci");
        const { environment } = await editor().serverAfter(before, window);
        for (const env of [environment, await window.terminalEnvironment()]) {
            assert.equal(env.get("GREETING"), "Beep");
            assert.equal(env.get("RUSTFLAGS"), "-D warnings");
            assert.equal(env.get("PROJECT_ROOT"), undefined);
        }
        assert.equal(starts(), before + 1);
    });

    it("of another dev shell is remembered, outside the repository", async () => {
        await window.waitForMemory('"shell":"ci"');
        const before = starts();
        await window.goTo(folder);
        await window.waitForStatus("Nix: ci");
        const { environment } = await editor().serverAfter(before, window);
        assert.equal(environment.get("GREETING"), "Beep");
        assert.equal(starts(), before + 1);
        assert.equal(await (await bed()).git(folder, "status", "--porcelain"), "");
    });

    function starts(): number {
        return editor().machine.serverStarts.length;
    }

    /** The variables that a dev shell has something to do with. */
    function shellOf(environment: ReadonlyMap<string, string>): Record<string, string | undefined> {
        const names = ["GREETING", "PROJECT_ROOT", "IN_NIX_SHELL", "RUSTUP_TOOLCHAIN", "CC"];
        const path = environment
            .get("PATH")
            ?.split(":")
            .filter((entry) => /nix/.test(entry));
        return {
            ...Object.fromEntries(names.map((name) => [name, environment.get(name)])),
            PATH: path?.join(":"),
        };
    }
});
