import assert from "node:assert/strict";
import { readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { SILENT } from "../../../../src/core/log";
import type { Choice } from "../../../../src/core/shell/choice";
import {
    FolderShell,
    type FolderPorts,
    type ShellSettings,
} from "../../../../src/core/shell/folderShell";
import { currentOf } from "../../../../src/core/shell/state";
import { readSnapshot, writeSnapshot } from "../../../../src/core/snapshot";
import { isRunning, pidIn } from "../../running";
import { testFolder, type TestFolder } from "../../testFolder";
import { until } from "../../until";
import { fakeNix, type FakeNix } from "../fakeNix";

const SYNTAX_ERROR = "error: syntax error, unexpected '}'\n       at /x/flake.nix:3:1:\n";

/** A memory, settings and a log that a test can look into. */
class FakeFolderPorts implements FolderPorts {
    readonly log = SILENT;
    readonly storage: string;
    readonly editorEnvironment: ReadonlyMap<string, string>;
    enter: ShellSettings["enter"] = "automatic";
    remembered: Choice = { shell: undefined, wants: undefined };
    watched: readonly string[] = [];
    changes = 0;
    readonly #nixPath: string;

    constructor(folder: TestFolder, nixPath: string) {
        this.#nixPath = nixPath;
        this.storage = join(folder.path, "storage");
        this.editorEnvironment = new Map([
            ["PATH", process.env["PATH"] ?? "/usr/bin:/bin"],
            ["HOME", folder.path],
            ["GIT_CONFIG_GLOBAL", "/dev/null"],
        ]);
    }

    readonly settings = (): ShellSettings => ({
        enter: this.enter,
        nixPath: this.#nixPath,
        extraArguments: [],
        exceptions: { keepOut: [], letIn: [] },
        hookTimeout: 20_000,
        oldAfter: undefined,
        nixOutput: "quiet",
    });
    readonly choice = (): Choice => this.remembered;
    readonly choose = (choice: Choice): void => void (this.remembered = choice);
    watchedFiles = async (): Promise<readonly string[]> => this.watched;
    readonly onDidChange = (): void => void this.changes++;
}

describe("FolderShell", () => {
    const folder = testFolder();
    let nix: FakeNix;
    let ports: FakeFolderPorts;
    const opened: FolderShell[] = [];

    beforeEach(() => {
        nix = fakeNix(folder);
        nix.printsShell("first", "export TOOL=first");
        ports = new FakeFolderPorts(folder, nix.path);
    });

    afterEach(async () => {
        nix.goesOn();
        await Promise.all(opened.splice(0).map((shell) => shell.dispose()));
    });

    /** A window opens the folder. */
    function open(): FolderShell {
        const shell = new FolderShell(folder.folder("project"), ports);
        opened.push(shell);
        return shell;
    }

    function rustProject(): void {
        folder.write("project/Cargo.toml");
        folder.write("project/flake.nix", "{ outputs = _: { }; }");
    }

    const toolOf = (shell: FolderShell): string | undefined => {
        const change = currentOf(shell.state)?.changes.find(({ name }) => name === "TOOL");
        return change?.op === "set" ? change.value : undefined;
    };

    describe("when it is opened", () => {
        it("has nothing to do with a folder without Rust and without a flake", async () => {
            const shell = open();
            assert.deepEqual(shell.state, { kind: "none" });
            await shell.refresh("opened");
            assert.deepEqual(shell.state, { kind: "none" });
            assert.equal(shell.canFeedWindow, false);
        });

        it("says that a Rust folder has no flake", async () => {
            folder.write("project/Cargo.toml");
            const shell = open();
            assert.deepEqual(shell.state, { kind: "no-flake" });
            await shell.refresh("opened");
            assert.deepEqual(shell.state, { kind: "no-flake" });
        });

        it("leaves a flake without Rust alone, and runs no nix for it", async () => {
            folder.write("project/flake.nix");
            const shell = open();
            await shell.refresh("opened");
            assert.deepEqual(shell.state, { kind: "outside", reason: "not-rust" });
            assert.deepEqual(nix.calls, []);
        });

        it("enters the dev shell of a Rust folder, and keeps a snapshot", async () => {
            rustProject();
            const shell = open();
            assert.deepEqual(shell.state, { kind: "outside", reason: "manual" });
            await shell.refresh("opened");
            assert.equal(shell.state.kind, "inside");
            assert.equal(toolOf(shell), "first");
            assert.deepEqual(
                readSnapshot(shell.storage ?? "")?.changes,
                currentOf(shell.state)?.changes,
            );
        });

        it("has the environment of the last time at once, before nix is asked", async () => {
            rustProject();
            await open().refresh("opened");
            const calls = nix.calls.length;
            const again = open();
            assert.equal(again.state.kind, "inside");
            assert.equal(toolOf(again), "first");
            assert.equal(nix.calls.length, calls);
        });

        it("brings that up to date where the shell is another one by now", async () => {
            rustProject();
            await open().refresh("opened");
            nix.printsShell("second", "export TOOL=second");
            const again = open();
            await again.refresh("opened");
            assert.equal(toolOf(again), "second");
        });

        it("does not enter again where nix says that the shell is the same", async () => {
            rustProject();
            await open().refresh("opened");
            nix.printsShell("first", "echo entered >&2; exit 7");
            const again = open();
            await again.refresh("opened");
            assert.equal(again.state.kind, "inside");
            assert.equal(toolOf(again), "first");
        });

        it("keeps the environment of the last time where the flake is broken by now", async () => {
            rustProject();
            await open().refresh("opened");
            nix.fails(SYNTAX_ERROR);
            const again = open();
            await again.refresh("opened");
            assert.equal(again.state.kind === "failed" && again.state.failure.kind, "syntax");
            assert.equal(toolOf(again), "first");
        });

        it("runs no nix in manual mode, and has the environment of the last time all the same", async () => {
            rustProject();
            await open().refresh("opened");
            const calls = nix.calls.length;
            ports.enter = "manual";
            const again = open();
            await again.refresh("opened");
            assert.equal(toolOf(again), "first");
            assert.equal(again.state.kind === "inside" && again.state.stale, false);
            assert.equal(nix.calls.length, calls);
        });

        it("waits to be asked in manual mode", async () => {
            rustProject();
            ports.enter = "manual";
            const shell = open();
            await shell.refresh("opened");
            assert.deepEqual(shell.state, { kind: "outside", reason: "manual" });
            assert.equal(shell.canFeedWindow, false);
            await shell.enter();
            assert.equal(toolOf(shell), "first");
        });

        it("tells of a nix that is not there", async () => {
            rustProject();
            const shell = open();
            folder.remove("fake-nix/nix");
            await shell.refresh("opened");
            assert.equal(shell.state.kind === "failed" && shell.state.failure.kind, "nix-missing");
        });
    });

    describe("when files change", () => {
        it("asks nix only where the files that decide the shell did", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            const calls = nix.calls.length;
            folder.write("project/src/main.rs");
            await shell.refresh("files changed");
            assert.equal(nix.calls.length, calls);
            nix.printsShell("second", "export TOOL=second");
            folder.write("project/flake.nix", "{ outputs = _: { /* changed */ }; }");
            await shell.refresh("files changed");
            assert.equal(toolOf(shell), "second");
        });

        it("enters again where a file changed that the user named as read by the shellHook", async () => {
            rustProject();
            ports.watched = [folder.write("project/.env", "1")];
            const shell = open();
            await shell.refresh("opened");
            nix.printsShell("first", "export TOOL=$(cat .env)");
            folder.write("project/.env", "2");
            await shell.refresh("files changed");
            assert.equal(toolOf(shell), "2");
        });

        it("does not enter for ever where the shellHook writes what it reads", async () => {
            rustProject();
            const file = folder.write("project/.env", "0");
            ports.watchedFiles = async () => [file];
            nix.printsShell("first", `echo x >> .env; echo x >> '${folder.path}/entered'`);
            const shell = open();
            await shell.refresh("opened");
            // As the watcher does with each change of the file.
            for (let i = 0; i < 5; i++) await shell.refresh("files changed");
            assert.ok(
                readFileSync(join(folder.path, "entered"), "utf8").length <= 2 * "x\n".length,
            );
        });

        it("marks what is in use as old in manual mode, and does not ask nix", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            ports.enter = "manual";
            const calls = nix.calls.length;
            folder.write("project/flake.nix", "{ outputs = _: { /* changed */ }; }");
            await shell.refresh("files changed");
            assert.equal(shell.state.kind === "inside" && shell.state.stale, true);
            assert.equal(nix.calls.length, calls);
            await shell.enter();
            assert.equal(shell.state.kind === "inside" && shell.state.stale, false);
        });

        it("enters with what was saved just now, before anything told of it", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            const calls = nix.calls.length;
            await shell.enter();
            assert.equal(nix.calls.length, calls);
            nix.printsShell("second", "export TOOL=second");
            folder.write("project/flake.nix", "{ outputs = _: { /* changed */ }; }");
            await shell.enter();
            assert.equal(toolOf(shell), "second");
        });

        it("enters with what is being looked into", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            nix.printsShell("second", "export TOOL=second");
            nix.holds();
            folder.write("project/flake.nix", "{ outputs = _: { /* changed */ }; }");
            const calls = nix.calls.length;
            const refreshed = shell.refresh("files changed");
            await until("nix runs", () => nix.calls.length > calls);
            const entered = shell.enter();
            nix.goesOn();
            await entered;
            assert.equal(toolOf(shell), "second");
            await refreshed;
        });

        it("enters as soon as there is a flake", async () => {
            folder.write("project/Cargo.toml");
            const shell = open();
            await shell.refresh("opened");
            rustProject();
            await shell.refresh("files changed");
            assert.equal(toolOf(shell), "first");
        });

        it("keeps the environment when the flake vanishes, says so, and takes it up again", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            folder.remove("project/flake.nix");
            await shell.refresh("files changed");
            assert.equal(shell.state.kind === "failed" && shell.state.failure.kind, "no-flake");
            assert.equal(toolOf(shell), "first");
            rustProject();
            await shell.refresh("files changed");
            assert.equal(shell.state.kind, "inside");
            assert.equal(toolOf(shell), "first");
        });

        it("keeps the environment when the whole folder vanishes", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            folder.remove("project");
            await shell.refresh("files changed");
            assert.equal(
                shell.state.kind === "failed" && shell.state.failure.kind,
                "folder-missing",
            );
            assert.equal(toolOf(shell), "first");
        });

        it("keeps the environment through a broken flake, and is inside again when it is mended", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            nix.fails(SYNTAX_ERROR);
            folder.write("project/flake.nix", "}");
            await shell.refresh("files changed");
            assert.equal(shell.state.kind, "failed");
            assert.equal(toolOf(shell), "first");
            nix.printsShell("first", "export TOOL=first");
            folder.write("project/flake.nix", "{ outputs = _: { }; }");
            await shell.refresh("files changed");
            assert.equal(shell.state.kind, "inside");
        });
    });

    describe("when the user", () => {
        it("leaves, is outside, also the next time, until it is entered again", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            shell.leave();
            assert.deepEqual(shell.state, { kind: "outside", reason: "left" });
            const calls = nix.calls.length;
            await shell.refresh("files changed");
            const again = open();
            await again.refresh("opened");
            assert.deepEqual(again.state, { kind: "outside", reason: "left" });
            assert.equal(nix.calls.length, calls);
            await again.enter();
            assert.equal(toolOf(again), "first");
            assert.equal(ports.remembered.wants, "in");
        });

        it("leaves after the flake vanished, is out of its environment", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            folder.remove("project/flake.nix");
            await shell.refresh("files changed");
            shell.leave();
            assert.equal(currentOf(shell.state), undefined);
            await shell.refresh("files changed");
            assert.deepEqual(shell.state, { kind: "no-flake" });
        });

        it("leaves while nix is at work, nothing comes of that", async () => {
            rustProject();
            nix.holds();
            const shell = open();
            const refreshed = shell.refresh("opened");
            await until("nix runs", () => nix.calls.length === 1);
            shell.leave();
            await refreshed;
            assert.deepEqual(shell.state, { kind: "outside", reason: "left" });
        });

        it("cancels, is outside and stays so when files change", async () => {
            rustProject();
            nix.holds();
            const shell = open();
            const refreshed = shell.refresh("opened");
            await until("nix runs", () => nix.calls.length === 1);
            assert.equal(shell.state.kind, "capturing");
            shell.cancel();
            await refreshed;
            assert.deepEqual(shell.state, { kind: "outside", reason: "cancelled" });
            folder.write("project/flake.nix", "{ /* changed */ }");
            await shell.refresh("files changed");
            assert.deepEqual(shell.state, { kind: "outside", reason: "cancelled" });
            assert.equal(nix.calls.length, 1);
        });

        it("enters a flake without Rust, is inside, also the next time", async () => {
            folder.write("project/flake.nix");
            const shell = open();
            await shell.enter();
            assert.equal(toolOf(shell), "first");
            assert.equal(toolOf(open()), "first");
        });

        it("enters where there is no flake, hears that", async () => {
            folder.write("project/Cargo.toml");
            const shell = open();
            assert.deepEqual(await shell.enter(), { kind: "no-flake" });
            assert.deepEqual(await shell.reload(), { kind: "no-flake" });
        });

        it("reloads, nix is asked and the shellHook run even where nothing changed", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            nix.printsShell("first", "export TOOL=again");
            const state = await shell.reload();
            assert.equal(state.kind, "inside");
            assert.equal(toolOf(shell), "again");
        });

        it("selects another dev shell, is in that one, and the snapshots are kept apart", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            const { storage } = shell;
            nix.printsShell("ci", "export TOOL=ci");
            await shell.select("ci");
            assert.equal(toolOf(shell), "ci");
            assert.match(nix.calls.at(-1) ?? "", / \.#ci$/);
            assert.notEqual(shell.storage, storage);
            assert.notEqual(readSnapshot(storage ?? ""), undefined);
            nix.printsShell("first", "export TOOL=first");
            await shell.select(undefined);
            assert.equal(toolOf(shell), "first");
            assert.equal(shell.storage, storage);
        });

        it("selects one that does not work, the environment in use stays", async () => {
            rustProject();
            const shell = open();
            await shell.refresh("opened");
            nix.fails(SYNTAX_ERROR);
            await shell.select("broken");
            assert.equal(shell.state.kind, "failed");
            assert.equal(toolOf(shell), "first");
        });
    });

    describe("stopped while it looks at the files", () => {
        /** Has a look wait until the test goes on with it. */
        function heldLook(): { readonly begun: () => boolean; goOn(): void } {
            let goOn: (() => void) | undefined;
            ports.watchedFiles = () => new Promise((resolve) => (goOn = () => resolve([])));
            return { begun: () => goOn !== undefined, goOn: () => goOn?.() };
        }

        it("by leaving, is outside", async () => {
            rustProject();
            ports.enter = "manual";
            const look = heldLook();
            const shell = open();
            const entered = shell.enter();
            await until("it looks", look.begun);
            shell.leave();
            look.goOn();
            assert.deepEqual(await entered, { kind: "outside", reason: "left" });
            assert.deepEqual(nix.calls, []);
        });

        it("by cancelling, runs no nix", async () => {
            rustProject();
            ports.enter = "manual";
            const look = heldLook();
            const shell = open();
            const entered = shell.reload();
            await until("it looks", look.begun);
            shell.cancel();
            look.goOn();
            await entered;
            assert.deepEqual(nix.calls, []);
        });

        it("by closing the folder, runs no nix", async () => {
            rustProject();
            const look = heldLook();
            const shell = open();
            const refreshed = shell.refresh("opened");
            await until("it looks", look.begun);
            const closed = shell.dispose();
            look.goOn();
            await Promise.all([closed, refreshed]);
            assert.deepEqual(nix.calls, []);
        });
    });

    it("is called after the dev shell in use where entering another one is cancelled", async () => {
        rustProject();
        const shell = open();
        await shell.refresh("opened");
        nix.printsShell("ci", "export TOOL=ci");
        nix.holds();
        const selected = shell.select("ci");
        await until("nix runs", () => nix.calls.length === 2);
        shell.cancel();
        await selected;
        assert.equal(toolOf(shell), "first");
        assert.equal(shell.choice.shell, undefined);
    });

    it("notes each time that its dev shell is in use, as a window may stay open", async () => {
        rustProject();
        const shell = open();
        await shell.refresh("opened");
        const used = join(shell.storage ?? "", "used");
        utimesSync(used, 1, 1);
        await shell.refresh("files changed");
        assert.ok(statSync(used).mtimeMs > 1_000_000);
    });

    it("ends what it asks of nix when it is closed, not the dev shell alone", async () => {
        rustProject();
        const pid = join(folder.path, "pid");
        const script = `echo $$ > '${pid}.new'; mv '${pid}.new' '${pid}'; exec sleep 98765`;
        ports = new FakeFolderPorts(folder, folder.script("slow/nix", script));
        const shell = open();
        const listed = shell.listShells(undefined);
        await until("nix runs", () => pidIn(pid) !== undefined);
        await Promise.all([shell.dispose(), assert.rejects(listed, { name: "AbortError" })]);
        assert.ok(!isRunning(pidIn(pid) ?? 0));
    });

    it("is not taken in by a snapshot from the future: what is read anew counts", async () => {
        rustProject();
        folder.write("project/.env", "old");
        nix.printsShell("first", "export TOOL=$(cat .env)");
        const first = open();
        await first.refresh("opened");
        const snapshot = currentOf(first.state);
        assert.ok(snapshot && first.storage);
        writeSnapshot(first.storage, { ...snapshot, takenAt: Date.now() + 1e12 });

        folder.write("project/.env", "new");
        const second = open();
        assert.equal(toolOf(second), "old");
        await second.reload();
        assert.equal(toolOf(second), "new");
        assert.ok((readSnapshot(first.storage)?.takenAt ?? Infinity) <= Date.now());
    });

    it("takes no nix from the workspace", async () => {
        rustProject();
        folder.script("project/bin/nix", `: > '${folder.path}/trapped'`);
        const unset = new FakeFolderPorts(folder, "");
        const path = join(folder.path, "project/bin");
        const shell = new FolderShell(join(folder.path, "project"), {
            ...unset,
            editorEnvironment: new Map([
                ["PATH", path],
                ["HOME", "/nonexistent"],
            ]),
        });
        opened.push(shell);
        const settled = shell.refresh("opened");
        await until("it is decided", () => shell.state.kind !== "outside");
        shell.cancel();
        await settled;
        assert.throws(() => folder.remove("trapped"), { code: "ENOENT" });
    });

    it("reports nothing any more once it is closed, and leaves no nix behind", async () => {
        rustProject();
        nix.holds();
        const shell = open();
        const refreshed = shell.refresh("opened");
        await until("nix runs", () => nix.calls.length === 1);
        const closed = shell.dispose();
        const { changes } = ports;
        await Promise.all([closed, refreshed]);
        assert.equal(ports.changes, changes);
    });

    it("is fed to the window only where it has an environment, or is about to have one", async () => {
        rustProject();
        const shell = open();
        assert.equal(shell.canFeedWindow, true);
        await shell.refresh("opened");
        assert.equal(shell.canFeedWindow, true);
        shell.leave();
        assert.equal(shell.canFeedWindow, false);
    });
});
