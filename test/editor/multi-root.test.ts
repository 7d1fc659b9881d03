import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import {
    AT,
    closeTerminals,
    command,
    folderNamed,
    forgetSnapshots,
    atStart,
    withoutEditor,
    set,
    taskEnvironment,
    terminalEnvironment,
    until,
    untilHost,
    userInterface,
} from "./bed";

const folderOf = (name: string): string => join(AT, "workspace/multi-root", name);

async function untilTask(folder: string, name: string, value: string | undefined): Promise<void> {
    await until(`${name} is ${value} in a task of ${folder}`, async () => {
        return (await taskEnvironment(folderNamed(folder)))[name] === value;
    });
}

/** Changes the folders of the window, and waits until VS Code has. */
async function changeFolders(start: number, remove: number, ...add: string[]): Promise<void> {
    const added = add.map((name) => ({ uri: vscode.Uri.file(folderOf(name)), name }));
    const changed = new Promise<void>((resolve) => {
        const listener = vscode.workspace.onDidChangeWorkspaceFolders(() => {
            listener.dispose();
            resolve();
        });
    });
    assert.ok(vscode.workspace.updateWorkspaceFolders(start, remove, ...added));
    await changed;
}

async function showFileOf(folder: string): Promise<void> {
    await vscode.window.showTextDocument(vscode.Uri.file(join(folderOf(folder), "Cargo.toml")));
}

describe("a workspace of several folders", () => {
    before(async () => {
        await untilHost("NORTH_ONLY", "1");
        await untilTask("south", "SOUTH_ONLY", "1");
    });
    after(closeTerminals);

    it("gives each task the environment of its own folder", async () => {
        const north = await taskEnvironment(folderNamed("north"));
        assert.equal(north["GREETING"], "Hello from the north");
        assert.equal(north["SOUTH_ONLY"], undefined);
        const south = await taskEnvironment(folderNamed("south"), "shell");
        assert.equal(south["GREETING"], "Hello from the south");
        assert.equal(south["NORTH_ONLY"], undefined);
    });

    it("gives each terminal the environment of its own folder", async () => {
        const inSouth = vscode.window.createTerminal({ cwd: folderNamed("south").uri });
        const seen = await terminalEnvironment(inSouth);
        assert.equal(seen["GREETING"], "Hello from the south");
        assert.equal(seen["NORTH_ONLY"], undefined);
    });

    it("enters the folder of the file that is open", async () => {
        for (const name of ["south", "north"]) {
            closeTerminals();
            await showFileOf(name);
            await command("enter");
            const terminal = vscode.window.terminals.find(({ name }) => name === "Nix: default");
            assert.ok(terminal);
            const seen = await terminalEnvironment(terminal);
            assert.equal(seen["GREETING"], `Hello from the ${name}`);
            assert.equal(seen["PWD"], folderOf(name));
        }
    });

    it("gives a folder without a dev shell nothing", async () => {
        const seen = await taskEnvironment(folderNamed("plain"));
        for (const name of ["GREETING", "NORTH_ONLY", "SOUTH_ONLY", "IN_NIX_SHELL"]) {
            assert.equal(seen[name], atStart[name], name);
        }
        assert.ok(!seen["PATH"]?.startsWith("/nix/store/"), seen["PATH"]);
    });

    it("feeds the extension host from the folder that the user picks", async function () {
        const ui = userInterface(this);
        const picked = command("selectWindowFolder");
        await ui.pick("south");
        await picked;
        assert.equal(process.env["GREETING"], "Hello from the south");
        assert.equal(process.env["NORTH_ONLY"], undefined);
    });

    it("takes a folder's variables back when it is removed", async () => {
        await set("enter", "manual");
        await changeFolders(folderNamed("south").index, 1);
        await untilHost("GREETING", "Hello from the north");
        assert.equal(process.env["SOUTH_ONLY"], undefined);
        // It comes back as a folder that has never been entered.
        forgetSnapshots();
        await changeFolders(vscode.workspace.workspaceFolders?.length ?? 0, 0, "south");
        const seen = await taskEnvironment(folderNamed("south"));
        assert.equal(seen["GREETING"], undefined);
        assert.equal(seen["SOUTH_ONLY"], undefined);
        assert.ok(!seen["PATH"]?.startsWith("/nix/store/"), seen["PATH"]);
    });

    it("gives them again when it may be entered", async function () {
        await set("enter", undefined);
        await untilTask("south", "GREETING", "Hello from the south");
        await untilTask("north", "GREETING", "Hello from the north");
        // The pick is remembered, where one could be made.
        userInterface(this);
        assert.equal(process.env["GREETING"], "Hello from the south");
    });

    it("gives each folder its own environment when an earlier folder goes", async () => {
        await changeFolders(folderNamed("plain").index, 1);
        await untilTask("south", "GREETING", "Hello from the south");
        await untilTask("north", "GREETING", "Hello from the north");
    });

    it("gives each folder its own environment when they change places", async () => {
        await changeFolders(0, 2, "plain", "south", "north");
        await untilTask("south", "GREETING", "Hello from the south");
        await untilTask("north", "GREETING", "Hello from the north");
        assert.equal((await taskEnvironment(folderNamed("plain")))["GREETING"], undefined);
    });

    it("heeds a folder's own settings, also when it is the last of its workspace", async () => {
        const keepOut = async (names: string[] | undefined): Promise<void> => {
            await vscode.workspace
                .getConfiguration("nixRust", folderNamed("north"))
                .update("environment.keepOut", names, vscode.ConfigurationTarget.WorkspaceFolder);
        };
        await keepOut(["GREETING"]);
        await untilTask("north", "GREETING", undefined);
        await untilTask("south", "GREETING", "Hello from the south");
        await changeFolders(0, 2);
        await keepOut(undefined);
        await untilTask("north", "GREETING", "Hello from the north");
        await keepOut(["GREETING"]);
        await untilTask("north", "GREETING", undefined);
        await keepOut(undefined);
        await changeFolders(0, 0, "plain", "south");
    });

    it("gives the extension host back what it had when the last dev shell is removed", async () => {
        await changeFolders(folderNamed("south").index, 1);
        await untilHost("GREETING", "Hello from the north");
        await changeFolders(folderNamed("north").index, 1);
        await untilHost("GREETING", undefined);
        assert.deepEqual(withoutEditor(process.env), withoutEditor(atStart));
    });
});
