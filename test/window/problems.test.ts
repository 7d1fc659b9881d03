import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { processesWith } from "../nix/bed";
import { bed, until, type Flake } from "./bed";
import { editorForSuite } from "./editor";
import { canHideNix } from "./machine";
import { rustProject } from "./projects";
import type { EditorWindow } from "./window";

describe("a problem with the dev shell", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let window: EditorWindow;

    before(async () => {
        window = await editor().open(undefined);
    });

    it("that git does not know flake.nix is mended by a button", async () => {
        const folder = await rustProject(join(editor().folder, "untracked"), {
            attributes: { GREETING: "Hello" },
        });
        const { git } = await bed();
        await git(folder, "rm", "--cached", "--quiet", "flake.nix");
        await git(folder, "commit", "--quiet", "--message=Without");

        await openAndFail(folder, "problem-untracked", "Nix: flake.nix not in git");
        const { message, buttons } = await window.waitForNotification("flake.nix");
        assert.match(message, /“flake\.nix” is not in Git yet/);
        assert.deepEqual(buttons, ["Add to Git", "Show Log"]);
        await window.press("Add to Git");
        await window.waitForStatus("Nix: default");
        assert.equal((await window.inTerminal("echo $GREETING")).trim(), "Hello");
        assert.equal(await git(folder, "diff", "--name-only"), "flake.nix\n");
        assert.deepEqual(await window.notifications(), []);
        await window.picture("problem-untracked-mended");
    });

    it("that there is none for this system is told", async () => {
        await openAndFail(await oddProject("no-shell-for-system"), "problem-no-shell");
        const { message, buttons } = await window.waitForNotification("dev shell");
        assert.match(message, /no dev shell .*for this system/);
        assert.deepEqual(buttons, ["Choose Dev Shell", "Open flake.nix", "Show Log"]);
    });

    it("that flake.nix has a syntax error leads to its line", async () => {
        await openAndFail(await oddProject("syntax-error"), "problem-syntax");
        const { message, buttons } = await window.waitForNotification("syntax error");
        assert.match(message, /flake\.nix, line 3/);
        assert.deepEqual(buttons, ["Go to Error", "Open flake.nix", "Show Log"]);
        await window.press("Go to Error");
        await window.waitForEditor("devShells = { ];");
        await window.waitForLine(3);
        assert.deepEqual(await window.tabs(), ["flake.nix"]);
        await window.picture("problem-syntax-place");
    });

    it("that its evaluation fails is told", async () => {
        await openAndFail(await oddProject("throws"), "problem-throws");
        await window.waitForNotification("this dev shell is broken on purpose");
    });

    it("that a build fails is told", async () => {
        await openAndFail(await oddProject("fails-to-build"), "problem-build");
        await window.waitForNotification("broken-dependency");
    });

    it("that its shellHook fails is told", async () => {
        await openAndFail(await oddProject("hook-exits"), "problem-hook");
        await window.waitForNotification("shellHook");
    });

    it("that its shellHook hangs ends with Cancel, and nothing stays behind", async () => {
        const mark = `hanging-hook-${process.pid}-${Date.now()}`;
        const folder = await rustProject(join(editor().folder, "hook-hangs"), {
            attributes: { MARK: mark },
            hook: "bash -c 'sleep 98765; true'",
        });
        await window.goTo(folder);
        await window.waitForStatus(/^Nix: running the dev shell's shellHook/);
        await until("the hook", async () => (await processesWith(mark)).length > 0);
        await window.tooltip("Cancel");
        await window.picture("problem-hang-status");
        await window.run("Nix: Enter Dev Shell");
        await window.waitForNotification("Nix: running the dev shell's shellHook");
        await window.picture("problem-hang");
        await window.press("Cancel");
        await window.waitForStatus("Nix: not entered");
        await until("no process", async () => (await processesWith(mark)).length === 0);
        await until("no notification", async () => (await window.notifications()).length === 0);
        await window.tooltip("Entering it was cancelled.");
        await window.picture("problem-hang-cancelled");
    });

    /** Opens a folder that can't be entered; first nothing pops up, then the user asks. */
    async function openAndFail(
        folder: string,
        picture: string,
        status = "Nix: failed",
    ): Promise<void> {
        await window.goTo(folder);
        const { label } = await window.waitForStatus(status);
        assert.match(label, /No dev shell is in use\.$/);
        assert.deepEqual(await window.notifications(), []);
        await window.tooltip("What Can I Do?");
        await window.picture(`${picture}-status`);
        await window.run("Nix: Enter Dev Shell");
        await until("what went wrong, and nothing else", async () => {
            const [shown, ...others] = await window.notifications();
            return shown?.buttons.includes("Show Log") && others.length === 0;
        });
        await window.picture(picture);
    }

    async function oddProject(name: string): Promise<string> {
        const flakes: Readonly<Record<string, Flake>> = (await bed()).oddFlakes;
        return rustProject(join(editor().folder, name), flakes[name]);
    }
});

describe("a machine without nix", () => {
    before(function () {
        if (canHideNix()) return;
        console.log("    skipped: this machine's nix can't be hidden");
        this.skip();
    });
    const editor = editorForSuite({ rustAnalyzer: false, nix: false });

    it("is told how to get it", async () => {
        const folder = await rustProject(join(editor().folder, "hello"));
        const window = await editor().open(folder);
        await window.waitForStatus("Nix: not found");
        assert.deepEqual(await window.notifications(), []);
        await window.run("Nix: Enter Dev Shell");
        const { message, buttons } = await window.waitForNotification("Nix was not found");
        assert.match(message, /Install it, or choose the nix executable/);
        assert.deepEqual(buttons, ["How to Install Nix", "Choose Nix Executable", "Show Log"]);
        await window.picture("problem-no-nix");
        await window.press("Choose Nix Executable");
        await window.choices("Where is the nix executable?");
        await window.picture("problem-no-nix-choose");
        await window.page.keyboard.press("Escape");
    });
});

describe("a folder without a dev shell", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let window: EditorWindow;

    before(async () => {
        window = await editor().open(undefined);
    });

    it("but with Rust has a quiet offer of a flake.nix", async () => {
        const folder = join(editor().folder, "plain-rust");
        await (await bed()).instantiate("plain-rust", folder);
        await window.goTo(folder);
        await window.waitForStatus("Nix: no flake");
        assert.deepEqual(await window.notifications(), []);
        await window.tooltip("without a flake.nix");
        await window.picture("no-flake");
        await window.clickStatus();
        assert.deepEqual(await window.choices("Nix: plain-rust"), [
            "Generate flake.nix…",
            "Enter Without a Flake",
            "Check My Setup",
            "Show Log",
        ]);
        await window.picture("no-flake-actions");
        await window.key("Escape");
        await window.waitForWatcher(folder);
        await window.clickStatus();
        await window.pick("Generate flake.nix…");
        const [suggested] = await window.choices("(1/2)");
        assert.equal(suggested, "rust-toolchain.toml, with rust-overlay");
        await window.key("Enter");
        await window.choices("(2/2)");
        await window.key("Enter");
        await window.choices("Nothing is written yet");
        await window.waitForEditor("rust-toolchain.toml");
        assert.equal(await (await bed()).git(folder, "status", "--porcelain"), "");
        // Not with the pointer, which may rest where it calls up a tooltip.
        await window.key("ArrowDown");
        await window.key("Enter");
        await until("a flake.nix", async () =>
            (await (await bed()).git(folder, "status", "--porcelain")).includes("?? flake.nix"),
        );
        await until("its editor, and no other", async () => {
            const tabs = await window.tabs();
            return tabs.length === 1 && tabs[0] === "flake.nix";
        });
        await window.waitForStatus("Nix: flake.nix not in git");
        await window.tooltip("is not in Git yet");
        await window.picture("no-flake-saved");
    });

    it("leads to the folder in it that has one", async () => {
        const folder = join(editor().folder, "mono");
        await rustProject(join(folder, "backend"), { attributes: { GREETING: "Hello" } });
        await window.goTo(folder);
        await window.waitForStatus("Nix: no flake");
        await window.tooltip("The folder backend in it has one");
        await window.run("Nix: Enter Dev Shell");
        const { message, buttons } = await window.waitForNotification("no flake.nix");
        assert.match(message, /but “backend” in it has one/);
        assert.deepEqual(buttons, ["Open That Folder", "Generate flake.nix…", "Show Log"]);
        await window.picture("flake-below");
        const loaded = window.page.waitForEvent("load");
        await window.press("Open That Folder");
        await loaded;
        await window.waitForStatus("Nix: default");
    });

    it("and without Rust is left alone", async () => {
        const folder = join(editor().folder, "plain");
        mkdirSync(folder);
        writeFileSync(join(folder, "notes.txt"), "Nothing of interest.\n");
        await window.goTo(folder);
        await window.open("notes.txt");
        assert.equal(await window.status(), undefined);
        for (const command of [
            "Enter Dev Shell",
            "Pin Input to a Revision…",
            "Commit flake.lock",
        ]) {
            await window.run(`Nix: ${command}`);
            const { message, buttons } = await window.waitForNotification("no flake.nix");
            assert.match(message, /^This folder has no flake\.nix/);
            assert.deepEqual(buttons, ["Generate flake.nix…", "Show Log"]);
            await window.clearNotifications();
        }
        assert.equal(await window.status(), undefined);
        await window.picture("plain-folder");
    });

    it("because no folder is open is told", async () => {
        await window.goTo(undefined);
        for (const command of ["Enter Dev Shell", "Show Actions…"]) {
            await window.run(`Nix: ${command}`);
            const { buttons } = await window.waitForNotification("Open a folder first");
            assert.deepEqual(buttons, ["Open Folder"]);
            await window.picture("no-folder");
            await window.clearNotifications();
        }
    });

    it("in use is entered by command, when it has a flake and no Rust", async () => {
        const folder = await (await bed()).instantiate("no-rust", join(editor().folder, "no-rust"));
        const calls = editor().machine.nixCalls.started.length;
        const logs = editor().log.length;
        await window.goTo(folder);
        await window.open("flake.nix");
        assert.equal(await window.status(), undefined);
        assert.equal(editor().log.length, logs);
        assert.equal(editor().machine.nixCalls.started.length, calls);
        await window.run("Nix: Enter Dev Shell");
        await window.waitForStatus("Nix: default");
        const greeting = await window.inTerminal("echo $GREETING");
        assert.equal(greeting.trim(), "Hello without Rust");
        await window.tooltip("No Rust in this dev shell");
        await window.picture("no-rust-entered");
    });
});
