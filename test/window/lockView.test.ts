import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

describe("the lock, to be seen", () => {
    const editor = editorForSuite({
        rustAnalyzer: false,
        // In a browser, what is typed is saved at once unless told otherwise.
        userSettings: { "files.autoSave": "off" },
    });
    let folder: string;
    let window: EditorWindow;

    before(async () => {
        const { instantiate, commit } = await bed();
        for (const name of ["two", "one"]) await newCommit(name);
        folder = await instantiate("example", join(editor().folder, "locked"));
        const flake = join(folder, "flake.nix");
        const text = readFileSync(flake, "utf8")
            .replace(
                /inputs\.nixpkgs\.url = (.*);/,
                `inputs = {
        nixpkgs.url = $1;

        # A comment in between.
        one = {
            url = "${address("one")}";
            inputs.two.follows = "two";
        };
        two.url = "${address("two")}";
        same.follows = "one/two";
    };`,
            )
            .replace("{ self, nixpkgs }:", "{ self, nixpkgs, ... }:");
        writeFileSync(flake, text);
        await commit(folder, "Inputs");
        window = await editor().open(folder);
        await window.waitForStatus("Nix: flake.lock out of step");
    });

    it("shows what is not locked, and what is when it was locked", async () => {
        // The view is the last one in the Explorer, and gets little room beside its files.
        await window.page.locator(".pane-header", { hasText: "locked" }).click();
        await window.run("Explorer: Focus on Nix View");
        await window.waitForRow("Warning. one: not locked yet");
        await window.picture("view-unlocked");
        await window.run("Nix: Lock Flake");
        await window.waitForStatus("Nix: flake.lock not committed");
        await window.waitForNotification("flake.lock changed");
        await window.clearNotifications();
        await (await bed()).commit(folder, "Locked");
        await window.waitForStatus("Nix: default");
        await window.waitForRow(/^one: [0-9a-f]{7}, .* old, /);
        await window.waitForRow(/^same: follows one\/two, [0-9a-f]{7}, /);
        await window.waitForRow("flake.lock: committed");
        await window.waitForRow(/^Rust Toolchain: \d+\.\d+\.\d+$/);
        await window.picture("view");
    });

    it("opens its lines by keyboard, and asks nix for other dev shells only then", async () => {
        const { keyboard } = window.page;
        const calls = (): number => editor().machine.nixCalls.started.length;
        await editor().nixIsIdle();
        const before = calls();
        await window.run("Explorer: Focus on Nix View");
        await keyboard.press("Home");
        await goDown("one");
        await keyboard.press("ArrowRight");
        await window.waitForRow(/^Revision: [0-9a-f]{40}$/);
        await window.waitForRow("Its own inputs: 1");
        await window.picture("view-input");
        await keyboard.press("ArrowLeft");

        await goDown("flake.lock");
        await keyboard.press("ArrowRight");
        await window.waitForRow("Committed, and fits flake.nix");
        await window.waitForRow(/^Size: \d+ nodes, /);
        await goDown("Rust Toolchain");
        await keyboard.press("ArrowRight");
        await window.waitForRow("Comes from: rust-toolchain.toml, which flake.nix reads");
        await window.waitForRow("Standard library source: there");
        await window.waitForRow(/^Channel asked for: \d/);
        await goDown("Dev Shells");
        await keyboard.press("ArrowRight");
        await window.waitForRow("default: in use");
        await window.picture("view-open");
        assert.equal(calls(), before);

        await goDown("Others");
        await keyboard.press("ArrowRight");
        await window.waitForRow("ci");
        assert.ok(calls() > before);
        await window.picture("view-shells");
    });

    it("goes from an input to its place in flake.nix, where its revision stands", async () => {
        await window.clickRow("one");
        await window.waitForTab("flake.nix");
        const [one, two] = [revision("one"), revision("two")];
        await window.waitForLens(new RegExp(`one ${one.slice(0, 7)} · .* old`));
        await window.waitForLens(new RegExp(`two ${two.slice(0, 7)} · .* old`));
        await window.waitForLens(new RegExp(`one/two ${two.slice(0, 7)} · .* old`));
        await window.picture("lenses");
        const said = await window.hover("inputs.two.follows");
        assert.match(said, new RegExp(`one\\s+Revision ${one}\\s+Last changed .* ago`));
        assert.match(said, /Update · Copy Revision/);
        await window.picture("hover");
    });

    it("updates an input from its lens, and shows what that changed", async () => {
        const before = revision("two");
        const now = await newCommit("two");
        await window.pressLensAfter(/^two /, "Update");
        await window.waitForNotification("flake.lock changed");
        assert.equal(revision("two"), now);
        await window.clearNotifications();
        await window.waitForLens(new RegExp(`two ${now.slice(0, 7)} · `));
        await window.waitForRow(new RegExp(`^two: ${now.slice(0, 7)}, `));
        await window.waitForRow("Warning. flake.lock: not committed");

        await window.clickRow("flake.lock");
        await window.waitForTab("flake.lock");
        await window.waitForLens("1 input changed since the last commit");
        const said = await window.hover("narHash");
        assert.match(said, /Revision|Locked from/);
        await window.picture("lock-lens");
        await window.pressLens("Show Lock Changes");
        const text = await window.waitForEditor("Inputs of this flake");
        assert.match(
            text,
            new RegExp(`two\\n +${before.slice(0, 7)} .*\\n +→ ${now.slice(0, 7)} .*`),
        );
        await window.picture("lock-changes");
    });

    it("offers the same where flake.lock is compared with what is committed", async () => {
        await window.clickRow("flake.lock");
        await window.waitForTab("flake.lock");
        // Git's own extension offers it once it knows of the change; its command does nothing before.
        await window.pressTitleAction("Open Changes");
        await window.waitForTab("flake.lock (Working Tree)");
        // It begins with the first change, once that is found.
        await window.waitForLine(await firstChangedLine());
        await window.page
            .locator(".editor.modified .view-line", { hasText: '"root": "root"' })
            .click();
        await window.page.keyboard.press("ControlOrMeta+Home");
        await window.waitForLine(1);
        const said = await window.hoverLine(".editor.modified", /^\{$/);
        assert.match(said, /1 input changed since the last commit · Show Lock Changes/);
        await window.picture("lock-compared");
        await window.pressTitleAction("Show Lock Changes");
        await window.waitForEditor("Inputs of this flake");
    });

    it("uses the text that is being typed, and says unknown where it can't be read", async () => {
        await window.clickRow("one");
        await window.waitForTab("flake.nix");
        await window.waitForLens(/^two /);
        await typeAt("17", "new.url = path:/x; ");
        await window.waitForLens(/^new is not locked \| Lock Flake/);
        await window.picture("lens-not-locked");
        await typeAt("9:14", "f ");
        await until("no lens", async () => (await window.lenses()).length === 0);
        assert.match(await window.hover("inputs"), /can't be read without evaluating/);
        await window.picture("hover-unknown");
        await window.run("File: Revert File");
        await window.waitForLens(/^two /);
    });

    it("does to a line what its menu offers", async () => {
        await window.clickRowMenu("two", "Copy Revision");
        await until("the revision in the clipboard", async () => {
            return (await window.clipboard()) === revision("two");
        });
        await window.clickRowMenu("two", "Open Input in flake.nix");
        await window.waitForLine(17);
        await window.openRow("Others");
        await window.pressRowAction("ci", "Enter This Dev Shell");
        await window.waitForRow("ci: in use");
        assert.equal((await window.terminalEnvironment()).get("GREETING"), "Beep");
        await window.picture("view-other-shell");
    });

    function address(name: string): string {
        return `git+file://${join(editor().folder, name)}?ref=main`;
    }

    /** Gives an input another commit. */
    async function newCommit(name: string): Promise<string> {
        const { git, commit } = await bed();
        const at = join(editor().folder, name);
        mkdirSync(at, { recursive: true });
        const inputs = name === "one" ? `inputs.two.url = "${address("two")}";` : "";
        writeFileSync(join(at, "flake.nix"), `{ ${inputs} outputs = _: { v = ${++commits}; }; }\n`);
        await commit(at, `Version ${commits}`);
        return (await git(at, "rev-parse", "HEAD")).trim();
    }

    /** The first line of flake.lock that is not the committed one, counted from 1. */
    async function firstChangedLine(): Promise<number> {
        const { git } = await bed();
        const committed = (await git(folder, "show", "HEAD:flake.lock")).split("\n");
        const now = readFileSync(join(folder, "flake.lock"), "utf8").split("\n");
        return now.findIndex((line, i) => line !== committed[i]) + 1;
    }

    function revision(name: string): string {
        const { nodes } = JSON.parse(readFileSync(join(folder, "flake.lock"), "utf8")) as {
            nodes: Record<string, { locked: { rev: string } }>;
        };
        return nodes[name]?.locked.rev ?? "";
    }

    /** Types into the active editor at a line, or a line and column. */
    async function typeAt(place: string, text: string): Promise<void> {
        await window.run("Go to Line/Column...");
        await window.page.keyboard.type(place);
        await window.page.keyboard.press("Enter");
        await window.waitForLine(Number.parseInt(place, 10));
        await window.page.keyboard.type(text);
    }

    /** Moves the view's focus down to the line that begins so. */
    async function goDown(label: string): Promise<void> {
        await until(`the focus on ${label}`, async () => {
            if ((await window.focusedRow()).startsWith(label)) return true;
            await window.page.keyboard.press("ArrowDown");
            return false;
        });
    }

    let commits = 0;
});
