import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { findDrift } from "../../src/core/lock/drift";
import { driftWarning } from "../../src/core/lock/driftText";
import { detectProject } from "../../src/core/project/project";
import { processesWith } from "../nix/bed";
import { DRIFT_CASES } from "../unit/core/lock/driftCases";
import { git, GIT } from "../unit/core/lock/testRepository";
import { bed, until } from "./bed";
import { editorForSuite, type Editor } from "./editor";
import { rustProject } from "./projects";
import type { EditorWindow } from "./window";

const execute = promisify(execFile);

/** One of each state: the others are the same to a window, and its time is dear. */
const DISTINCT = [
    ...new Map(
        [...DRIFT_CASES]
            .reverse()
            .map((one) => [JSON.stringify([one.state, one.notes, one.invisible]), one]),
    ).values(),
].reverse();

describe("the status bar of a window on a flake.lock", () => {
    // VS Code's own git would write the index, and what is tested is that we don't.
    const editor = editorForSuite({ rustAnalyzer: false, userSettings: { "git.enabled": false } });
    let window: EditorWindow;
    let project = "";

    before(async () => {
        const input = await rustInput(editor(), "rust-overlay", "1.90.0");
        git(input, "branch", "other");
        project = await lockedProject(editor(), "project", { "rust-overlay": input });
        window = await editor().open(undefined);
    });

    for (const { name, change, status } of DISTINCT) {
        it(`that is ${name} says so, and leaves all as it is`, async () => {
            const copy = join(editor().folder, name.replaceAll(/\W+/g, "-"));
            await cp(project, copy, { recursive: true });
            const folder = change(copy) ?? copy;
            const warning = driftWarning(await findDrift(detectProject(folder), GIT));
            const before = kept(folder);
            await window.goTo(folder);
            const { label } = await window.waitForStatus(status);
            const isFailed = label.includes("No dev shell is in use");
            if (warning !== undefined && !isFailed) assert.ok(label.includes(warning.long), label);
            assert.deepEqual(await window.notifications(), []);
            await editor().nixIsIdle();
            assert.deepEqual(kept(folder), before);
            await window.picture(`lock-is-${name.replaceAll(/\W+/g, "-")}`);
        });
    }
});

describe("a flake.lock that is mended in a window", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let window: EditorWindow;
    let input = "";
    let folder = "";
    let lock = "";

    before(async () => {
        input = await rustInput(editor(), "rust", "1.90.0");
        folder = await lockedProject(editor(), "mended", { rust: input });
        lock = join(folder, "flake.lock");
        window = await editor().open(folder);
        await window.waitForStatus("Nix: default");
        await window.waitForWatcher(folder);
    });

    const head = (of: string): string => git(of, "rev-parse", "HEAD").trim();
    const short = (of: string): string => head(of).slice(0, 7);
    const log = (...args: string[]): string => git(folder, "log", "-1", ...args).trim();
    const commitAll = (): string => git(folder, "commit", "--quiet", "--all", "--message=Clean");

    it("is updated, and the window tells in a line what changed, the version of Rust too", async () => {
        const old = short(input);
        await releaseRust(input, "1.91.0");
        await window.run("Nix: Update Input…");
        await window.choices("Which inputs should take their newest version?");
        await window.picture("update-choose");
        await window.page.locator(".quick-input-list .monaco-list-row").first().click();
        await window.page.locator(".quick-input-count", { hasText: "1 Selected" }).waitFor();
        await window.page.locator(".quick-input-widget .monaco-button", { hasText: "OK" }).click();
        const { message, buttons } = await window.waitForNotification("flake.lock changed.");
        assert.match(message, new RegExp(`rust: ${old} \\(.*\\) → ${short(input)} \\(`));
        assert.ok(message.includes("Rust: 1.90.0 → 1.91.0"), message);
        assert.deepEqual(buttons, ["Show Changes"]);
        await window.waitForStatus("Nix: flake.lock not committed");
        await window.picture("update-told");
        await window.press("Show Changes");
        await window.waitForEditor("Changes of flake.lock in mended by the last update");
        await window.waitForEditor(short(input));
        await window.picture("update-difference");
    });

    it("has its commit prepared in Source Control, of this file alone", async () => {
        const message = `flake.lock: update rust (${shortIn("HEAD")} → ${short(input)})`;
        await window.clickStatus();
        const choices = await window.choices("Nix: mended");
        assert.deepEqual(choices.slice(0, 5), [
            "Commit flake.lock…",
            "Show Lock Changes",
            "Open flake.lock",
            "Undo Last Update",
            "Ignore “flake.lock not committed” in This Workspace",
        ]);
        await window.picture("update-actions");
        await window.pick("Commit flake.lock…");
        // The box is narrow: it breaks the line.
        const lines = window.page.locator(".scm-editor .view-line");
        await until(`“${message}” in Source Control`, async () => {
            const text = (await lines.allTextContents()).join("").replaceAll(/\s/g, "");
            return text === message.replaceAll(" ", "");
        });
        assert.equal(git(folder, "diff", "--cached", "--name-only"), "flake.lock\n");
        await window.picture("update-source-control");
        await window.run("Git: Commit");
        await window.waitForStatus("Nix: default");
        assert.equal(log("--format=%s", "--name-only"), `${message}\n\nflake.lock`);
    });

    it("is as it was before the update when that is undone, after the window was closed", async () => {
        await window.goTo(folder);
        await window.waitForStatus("Nix: default");
        const before = git(folder, "show", "HEAD~1:flake.lock");
        await window.run("Nix: Undo Last Update");
        const { message } = await window.waitForNotification("as it was before");
        assert.match(message, /^flake\.lock is as it was before the last update\. rust: /);
        assert.equal(readFileSync(lock, "utf8"), before);
        await window.waitForStatus("Nix: flake.lock not committed");
        await window.clearNotifications();
        await window.run("Nix: Undo Last Update");
        await window.waitForNotification("There is no update of flake.lock to undo.");
        await window.clearNotifications();
    });

    it("is committed alone, by a message that is asked for, where other files are staged", async () => {
        writeFileSync(join(folder, "src/main.rs"), "fn main() { println!(); }\n");
        git(folder, "add", "src/main.rs");
        await window.run("Nix: Commit flake.lock");
        const box = window.page.locator(".quick-input-widget input.input");
        await until("a message", async () => (await box.inputValue()).startsWith("flake.lock: "));
        await window.picture("update-commit-message");
        await window.page.keyboard.press("Enter");
        await window.waitForNotification("flake.lock is committed. Nothing was pushed.");
        await window.waitForStatus("Nix: default");
        assert.equal(log("--format=", "--name-only"), "flake.lock");
        assert.equal(git(folder, "diff", "--cached", "--name-only"), "src/main.rs\n");
        await window.clearNotifications();
        await window.run("Nix: Commit flake.lock");
        await window.waitForNotification("flake.lock is committed as it is");
        await window.clearNotifications();
    });

    it("is not committed while git's index is locked, which is told in a sentence", async () => {
        writeFileSync(lock, `${readFileSync(lock, "utf8")}\n`);
        writeFileSync(join(folder, ".git/index.lock"), "");
        await window.run("Nix: Commit flake.lock");
        const box = window.page.locator(".quick-input-widget input.input");
        await until("a message", async () => (await box.inputValue()).startsWith("flake.lock: "));
        await window.page.keyboard.press("Enter");
        await window.waitForNotification("flake.lock was not committed: another git is at work");
        await window.picture("update-index-locked");
        rmSync(join(folder, ".git/index.lock"));
        commitAll();
        await window.waitForStatus("Nix: default");
        await window.clearNotifications();
    });

    it("is compared with what its inputs have by now, only when that is asked for", async () => {
        await window.run("Nix: Check for Updates");
        const { message, buttons } = await window.waitForNotification("There is something newer");
        assert.ok(message.includes(`→ ${short(input)}`), message);
        assert.deepEqual(buttons, ["Update"]);
        await window.picture("update-check");
        await window.press("Update");
        await until("an update", () => readFileSync(lock, "utf8").includes(head(input)));
        await window.waitForStatus("Nix: flake.lock not committed");
        await window.clearNotifications();
        await window.run("Nix: Check for Updates");
        await window.waitForNotification("Nothing newer was found.");
        await window.clearNotifications();
    });

    it("has an input pinned to a revision, if it is one", async () => {
        const first = git(input, "rev-list", "--max-parents=0", "HEAD").trim();
        await window.run("Nix: Pin Input to a Revision…");
        await window.choices("Which input should be pinned?");
        await window.pick("rust");
        const box = window.page.locator(".quick-input-widget input.input");
        await window.page.locator(".quick-input-widget", { hasText: "undoes it" }).waitFor();
        await box.fill(first.slice(0, 7));
        await window.page.locator(".quick-input-widget", { hasText: "40 digits" }).waitFor();
        await window.picture("update-pin");
        await box.fill(first);
        await window.page.keyboard.press("Enter");
        await window.waitForNotification(`→ ${first.slice(0, 7)} (`);
        assert.ok(readFileSync(lock, "utf8").includes(first));
        await window.clearNotifications();
    });

    it("is no longer warned of where that is ignored, until that is taken back", async () => {
        await window.waitForStatus("Nix: flake.lock not committed");
        await window.clickStatus();
        await window.choices("Nix: mended");
        await window.pick("Ignore “flake.lock not committed” in This Workspace");
        await window.waitForStatus("Nix: default");
        await window.run("Nix: Show Lock Warnings Again");
        await window.waitForStatus("Nix: flake.lock not committed");
        commitAll();
        await window.waitForStatus("Nix: default");
    });

    it("is taken from one side of a merge, and git is told that this is over", async () => {
        const text = readFileSync(lock, "utf8");
        const write = (version: string): void => {
            writeFileSync(lock, text.replace('"version": 7', version));
            commitAll();
        };
        git(folder, "checkout", "--quiet", "-b", "other");
        write('"version":  7');
        git(folder, "checkout", "--quiet", "-");
        write('"version": 7 ');
        assert.throws(() => git(folder, "merge", "--quiet", "other"));
        await window.waitForStatus("Nix: flake.lock has a conflict");
        await window.clickStatus();
        await window.pick("Resolve flake.lock…");
        await window.choices("Nix: Resolve flake.lock");
        await window.pick("Take Theirs");
        await window.waitForNotification("flake.lock is in order again");
        assert.ok(readFileSync(lock, "utf8").includes('"version":  7'));
        await window.waitForStatus("Nix: flake.lock not marked as resolved");
        await window.tooltip("It can be read again");
        await window.picture("conflict-resolved");
        await window.clickStatus();
        await window.pick("Mark flake.lock as Resolved in Git");
        await window.waitForStatus("Nix: flake.lock not committed");
        assert.equal(git(folder, "ls-files", "--unmerged"), "");
        commitAll();
        await window.waitForStatus("Nix: default");
        await window.clearNotifications();
    });

    it("keeps its lock when an update is cancelled", async () => {
        const before = readFileSync(lock);
        await releaseRust(input, "1.92.0");
        await startHeldUpdate();
        await window.picture("update-runs");
        await window.press("Cancel");
        await until("no notification", async () => (await window.notifications()).length === 0);
        editor().machine.releaseNix();
        assert.deepEqual(readFileSync(lock), before);
    });

    it("is whole, and can be brought back, after the editor was killed in an update", async () => {
        const before = readFileSync(lock);
        const { ended } = await startHeldUpdate();
        const [host] = await extensionHosts(editor());
        assert.ok(host, "there is no extension host");
        process.kill(Number(host), "SIGKILL");
        // Nix outlives an editor that is killed, and ends what it is at.
        editor().machine.releaseNix();
        await until("the end of nix", () => editor().machine.nixCalls.ended > ended);
        assert.ok(readFileSync(lock, "utf8").includes(head(input)));
        await window.goTo(folder);
        await window.waitForStatus("Nix: flake.lock not committed");
        await window.run("Nix: Undo Last Update");
        await window.waitForNotification("as it was before the last update");
        assert.deepEqual(readFileSync(lock), before);
        await window.picture("update-after-kill");
    });

    /** Begins an update of which nix gets no further. */
    async function startHeldUpdate(): Promise<{ ended: number }> {
        const updates = (): number =>
            editor().machine.nixCalls.started.filter((call) => call.includes("flake update"))
                .length;
        const before = updates();
        editor().machine.holdNix("flake update");
        await window.run("Nix: Update All Inputs");
        await window.waitForNotification("Nix: changing flake.lock");
        await until("an update", () => updates() > before);
        return editor().machine.nixCalls;
    }

    function shortIn(commit: string): string {
        const text = git(folder, "show", `${commit}:flake.lock`);
        return /"rev": "([0-9a-f]{7})/.exec(text)?.[1] ?? "";
    }
});

/** A flake in a git repository that brings a stand-in for rustc of that version. */
async function rustInput(editor: Editor, name: string, version: string): Promise<string> {
    const folder = join(editor.folder, "inputs", name);
    mkdirSync(join(folder, "bin"), { recursive: true });
    writeFileSync(join(folder, "flake.nix"), "{ outputs = _: { }; }\n");
    await releaseRust(folder, version);
    return folder;
}

async function releaseRust(folder: string, version: string): Promise<void> {
    const rustc = `#!/bin/sh\ncase "$*" in *sysroot*) echo "\${0%/bin/rustc}";; *) echo "rustc ${version}";; esac\n`;
    writeFileSync(join(folder, "bin/rustc"), rustc, { mode: 0o755 });
    await (await bed()).commit(folder, version);
}

/** A Rust project in git whose flake has repositories as inputs, all locked and committed. */
async function lockedProject(
    editor: Editor,
    name: string,
    inputs: Readonly<Record<string, string>>,
): Promise<string> {
    const [[first = ""] = []] = Object.entries(inputs);
    const urls = Object.entries(inputs).map(([key, at]) => [key, `git+file://${at}?ref=main`]);
    const folder = await rustProject(join(editor.folder, name), {
        inputs: Object.fromEntries(urls) as Record<string, string>,
        expression: `{ RUST_BIN = "\${self.inputs.${JSON.stringify(first)} or ""}/bin"; }`,
        hook: 'export PATH="$RUST_BIN:$PATH"',
    });
    const { bin } = await (await bed()).newestNix();
    const features = ["--extra-experimental-features", "nix-command flakes"];
    await execute(join(bin, "nix"), [...features, "flake", "lock"], { cwd: folder });
    git(folder, "config", "user.name", "Nix Rust");
    git(folder, "config", "user.email", "nix-rust@localhost");
    await (await bed()).commit(folder, "Locked");
    return folder;
}

/** What nothing of ours may write, with the time when it was written last. */
function kept(folder: string): unknown {
    return ["flake.lock", "flake.nix", ".git/index"].map((name) => {
        const file = join(folder, name);
        const found = statSync(file, { throwIfNoEntry: false });
        return found && [found.mtimeMs, found.ino, readFileSync(file, "base64")];
    });
}

/** The extension hosts of an editor's server. */
function extensionHosts(editor: Editor): Promise<string[]> {
    return processesWith(`--type=extensionHost`).then((pids) =>
        pids.filter((pid) => readFileSync(`/proc/${pid}/environ`, "utf8").includes(editor.folder)),
    );
}
