import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import * as vscode from "vscode";
import {
    closeTerminals,
    command,
    enter,
    firstFolder,
    atStart,
    withoutEditor,
    taskEnvironment,
    terminalEnvironment,
    terminalOutput,
    userInterface,
} from "./bed";

const isOfShell = (folder: string): boolean => folder.startsWith("/nix/store/");

/** How many folders of the dev shell come before any other on PATH. */
function inFront(path: string | undefined): number {
    return (path ?? "").split(delimiter).findIndex((folder) => !isOfShell(folder));
}

describe("in the dev shell of a folder", () => {
    before(enter);
    after(closeTerminals);

    for (const kind of ["shell", "process"] as const) {
        it(`a ${kind} task has its variables, with PATH in front`, async () => {
            const seen = await taskEnvironment(firstFolder(), kind);
            assert.equal(seen["GREETING"], "Hello");
            assert.equal(seen["PROJECT_ROOT"], firstFolder().uri.fsPath);
            assert.equal(seen["LD_LIBRARY_PATH"], "/lib/of-the-dev-shell");
            assert.ok(inFront(seen["PATH"]) > 0, seen["PATH"]);
            assert.ok(seen["PATH"]?.endsWith(atStart["PATH"] ?? "?"), seen["PATH"]);
        });
    }

    it("a terminal has its variables, with PATH in front of what .bashrc prepends", async () => {
        const seen = await terminalEnvironment(vscode.window.createTerminal());
        assert.equal(seen["GREETING"], "Hello");
        assert.equal(seen["LD_LIBRARY_PATH"], "/lib/of-the-dev-shell");
        const path = seen["PATH"] ?? "";
        assert.ok(path.includes(join(atStart["HOME"] ?? "?", ".cargo/bin")), path);
        assert.ok(inFront(path) > 0, path);
    });

    it("a terminal runs its cargo and rustc", async () => {
        const terminal = vscode.window.createTerminal();
        const found = await terminalOutput(terminal, "type -P cargo rustc");
        assert.deepEqual(found.trim().split("\n").map(isOfShell), [true, true], found);
    });

    it("the terminal that Enter Dev Shell opens has its variables", async () => {
        closeTerminals();
        await command("enter");
        const terminal = vscode.window.terminals.find(({ name }) => name === "Nix: default");
        assert.ok(terminal);
        const seen = await terminalEnvironment(terminal);
        assert.equal(seen["GREETING"], "Hello");
        assert.equal(seen["PWD"], firstFolder().uri.fsPath);
    });

    it("the extension host has its variables, with PATH in front", () => {
        assert.equal(process.env["GREETING"], "Hello");
        assert.ok(inFront(process.env["PATH"]) > 0, process.env["PATH"]);
        // Behind all else comes cargo's own folder, which cargo would otherwise search first.
        const last = join(atStart["HOME"] ?? "?", ".cargo/bin");
        assert.ok(process.env["PATH"]?.endsWith(`${atStart["PATH"]}:${last}`), process.env["PATH"]);
    });

    it("the extension host lacks what would break the editor's own programs", () => {
        assert.equal(process.env["LD_LIBRARY_PATH"], atStart["LD_LIBRARY_PATH"]);
    });

    it("rustup is answered with a toolchain by its path", async () => {
        const seen = await taskEnvironment();
        assert.match(seen["RUSTUP_TOOLCHAIN"] ?? "", /^\//);
        assert.equal(process.env["RUSTUP_TOOLCHAIN"], seen["RUSTUP_TOOLCHAIN"]);
    });

    it("what belongs to the session or to Nix's build is as before", async () => {
        const seen = await taskEnvironment();
        for (const name of ["HOME", "USER", "SHELL", "TMPDIR", "TEMP", "SOURCE_DATE_EPOCH", "TZ"]) {
            assert.equal(process.env[name], atStart[name], name);
            // Where there is none, a terminal's shell makes one up.
            if (atStart[name] !== undefined) assert.equal(seen[name], atStart[name], name);
        }
        for (const name of ["out", "builder", "buildPhase", "stdenv", "shellHook", "NIX_STORE"]) {
            assert.equal(process.env[name], undefined, name);
            assert.equal(seen[name], undefined, name);
        }
    });

    it("reloading reads what the shellHook reads", async () => {
        writeFileSync(join(firstFolder().uri.fsPath, "hook-input"), "changed by the user");
        await command("reload");
        assert.equal(process.env["FROM_FILE"], "changed by the user");
        assert.equal((await taskEnvironment())["FROM_FILE"], "changed by the user");
    });

    it("selecting another dev shell, and the first one again, changes the environment", async function () {
        const ui = userInterface(this);
        const select = async (name: string): Promise<void> => {
            const selected = command("selectShell");
            await ui.pick(name);
            await selected;
        };
        await select("ci");
        assert.equal(process.env["GREETING"], "Beep");
        assert.equal(process.env["ATTRIBUTE_SECRET"], undefined);
        const seen = await taskEnvironment();
        assert.equal(seen["RUSTFLAGS"], "-D warnings");
        assert.equal(seen["ATTRIBUTE_SECRET"], undefined);
        await select("default");
        assert.equal(process.env["GREETING"], "Hello");
        assert.equal(process.env["RUSTFLAGS"], undefined);
        assert.equal((await taskEnvironment())["RUSTFLAGS"], undefined);
    });
});

describe("leaving the dev shell", () => {
    before(async () => {
        await enter();
        await command("leave");
    });
    after(closeTerminals);

    it("gives the extension host back exactly the environment that it had", () => {
        assert.deepEqual(withoutEditor(process.env), withoutEditor(atStart));
    });

    it("takes everything back from tasks", async () => {
        for (const kind of ["shell", "process"] as const) {
            const seen = await taskEnvironment(firstFolder(), kind);
            assert.equal(seen["GREETING"], undefined);
            assert.equal(seen["RUSTUP_TOOLCHAIN"], atStart["RUSTUP_TOOLCHAIN"]);
            assert.equal(inFront(seen["PATH"]), 0, seen["PATH"]);
        }
    });

    it("takes everything back from terminals", async () => {
        const seen = await terminalEnvironment(vscode.window.createTerminal());
        assert.equal(seen["GREETING"], undefined);
        assert.equal(inFront(seen["PATH"]), 0, seen["PATH"]);
    });

    it("lasts until the user enters again", async () => {
        await enter();
        assert.equal(process.env["GREETING"], "Hello");
        assert.equal((await taskEnvironment())["GREETING"], "Hello");
    });
});
