import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

describe("a flake that changes while its window is open", () => {
    const editor = editorForSuite();
    let flake: string;
    let window: EditorWindow;

    before(async () => {
        const folder = await (await bed()).instantiate("example", join(editor().folder, "hello"));
        flake = join(folder, "flake.nix");
        window = await editor().open(folder);
        await window.waitForStatus("Nix: default");
        await editor().waitForOwnServer();
        await window.waitForRustAnalyzer();
        await window.waitForWatcher(folder);
    });

    it("gives new terminals and rust-analyzer a new value, by one restart", async () => {
        const before = starts();
        edit('GREETING = "Hello"', 'GREETING = "Salut"');
        const { environment } = await editor().serverAfter(before, window);
        assert.equal(environment.get("GREETING"), "Salut");
        assert.equal((await window.terminalEnvironment()).get("GREETING"), "Salut");
        assert.equal(starts(), before + 1);
        assert.equal((await window.status())?.text, "Nix: default");
    });

    it("restarts and keeps nothing for a comment", async () => {
        const before = starts();
        const [known] = editor().snapshots;
        edit("{", "# A comment.\n{");
        const checked = await until("a check of the changed file", () =>
            editor().snapshots.find(({ fingerprint }) => fingerprint !== known?.fingerprint),
        );
        await editor().nixIsIdle();
        assert.equal(checked.takenAt, known?.takenAt);
        assert.equal(editor().captures, 2);
        assert.equal((await window.status())?.text, "Nix: default");
        assert.equal((await window.terminalEnvironment()).get("GREETING"), "Salut");
        assert.equal(starts(), before);
    });

    it("keeps the previous environment while it has a syntax error", async () => {
        const before = starts();
        edit("packages = [ rust ];", "packages = [ rust ;");
        const status = await window.waitForStatus("Nix: previous environment");
        assert.match(status.label, /syntax error \(flake\.nix, line \d+\)/);
        assert.equal((await window.terminalEnvironment()).get("GREETING"), "Salut");
        assert.deepEqual(await window.notifications(), []);
        await window.tooltip("just now stays in use");
        await window.picture("syntax-error-after");

        edit("packages = [ rust ;", "packages = [ rust ];");
        await window.waitForStatus("Nix: default");
        assert.equal((await window.terminalEnvironment()).get("GREETING"), "Salut");
        assert.equal(starts(), before);
    });

    it("takes back what it no longer sets", async () => {
        const before = starts();
        edit('GREETING = "Salut";', "");
        const { environment } = await editor().serverAfter(before, window);
        assert.equal(environment.get("GREETING"), undefined);
        assert.equal((await window.terminalEnvironment()).get("GREETING"), undefined);
        assert.equal(starts(), before + 1);
    });

    /** Replaces the first occurrence. */
    function edit(from: string, to: string): void {
        const text = readFileSync(flake, "utf8");
        assert.ok(text.includes(from), `${from} is not in ${text}`);
        writeFileSync(flake, text.replace(from, to));
    }

    function starts(): number {
        return editor().machine.serverStarts.length;
    }
});
