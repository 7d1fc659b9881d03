import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import {
    calls,
    closeTerminals,
    command,
    EXTENSION_PATH,
    firstFolder,
    atStart,
    withoutEditor,
    taskEnvironment,
    until,
    userInterface,
} from "./bed";

const extension = vscode.extensions.getExtension("nix-rust.nix-rust");

describe("a folder with neither Rust nor a dev shell", () => {
    after(closeTerminals);

    it("does not even activate the extension", () => {
        assert.equal(extension?.isActive, false);
    });

    it("is as it would be without the extension", async () => {
        await extension?.activate();
        assert.deepEqual(withoutEditor(process.env), withoutEditor(atStart));
        const seen = await taskEnvironment();
        assert.equal(seen["IN_NIX_SHELL"], atStart["IN_NIX_SHELL"]);
        assert.ok(!seen["PATH"]?.startsWith("/nix/store/"), seen["PATH"]);
    });

    it("has no status bar item", async function () {
        const items = await userInterface(this).statusBar();
        assert.deepEqual(
            items.filter(({ id }) => id.startsWith("nix-rust.")),
            [],
        );
    });

    for (const name of ["enter", "reload", "selectShell"]) {
        it(`answers ${name} with a sentence`, async function () {
            const ui = userInterface(this);
            const answered = command(name);
            const { message, severity } = await ui.waitForNotification("flake.nix");
            assert.equal(severity, "error");
            assert.match(message, /\.$/);
            await vscode.commands.executeCommand("notifications.clearAll");
            await answered;
            await until("it is gone", async () => (await ui.notifications()).length === 0);
        });
    }

    it("runs every other command without an error", async () => {
        const file = join(EXTENSION_PATH, "package.json");
        const { contributes } = JSON.parse(readFileSync(file, "utf8")) as {
            contributes: { commands: { command: string }[] };
        };
        for (const { command: id } of contributes.commands) {
            let ended = false;
            const done = Promise.resolve(vscode.commands.executeCommand(id)).finally(() => {
                ended = true;
            });
            await until(`${id} ends once its question is closed`, async () => {
                if (ended) return true;
                await vscode.commands.executeCommand("workbench.action.closeQuickOpen");
                await vscode.commands.executeCommand("notifications.clearAll");
                return ended;
            });
            await done;
        }
        await vscode.commands.executeCommand("workbench.action.revertAndCloseActiveEditor");
    });

    it("says that there is no environment to show", async () => {
        await command("showEnvironment");
        const text = vscode.window.activeTextEditor?.document.getText();
        assert.equal(text, "This folder is in no Nix dev shell.\n");
    });

    it("has been left as it was", async () => {
        assert.deepEqual(withoutEditor(process.env), withoutEditor(atStart));
        const files = await vscode.workspace.fs.readDirectory(firstFolder().uri);
        assert.deepEqual(
            files.map(([name]) => name),
            ["notes.txt"],
        );
        // The report on the setup asks nix about itself, and nobody asks it about this folder.
        for (const call of calls()) {
            assert.doesNotMatch(call, /\b(?:print-dev-env|develop|flake|build|eval|path-info)\b/);
        }
    });
});
