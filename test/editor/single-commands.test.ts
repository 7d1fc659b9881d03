import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { command, enter, until } from "./bed";

const EXTENSION = "nix-rust.nix-rust";

interface Manifest {
    readonly contributes: { readonly commands: readonly { readonly command: string }[] };
}

describe("the extension", () => {
    const extension = vscode.extensions.getExtension(EXTENSION);

    it("is active in a Rust folder before anyone runs a command", () => {
        assert.equal(extension?.isActive, true);
    });

    it("has every command that its manifest declares", async () => {
        const file = join(extension?.extensionPath ?? "", "package.json");
        const { contributes } = JSON.parse(readFileSync(file, "utf8")) as Manifest;
        const registered = await vscode.commands.getCommands(true);
        const ours = registered.filter((id) => /^nixRust\.\w+$/.test(id)).sort();
        assert.deepEqual(ours, contributes.commands.map(({ command }) => command).sort());
    });
});

describe("the document of the environment", () => {
    before(enter);
    after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

    const text = (): string => vscode.window.activeTextEditor?.document.getText() ?? "";

    it("hides values", async () => {
        await command("showEnvironment");
        assert.match(text(), /^GREETING=•+$/m);
        assert.match(text(), /^LD_LIBRARY_PATH.*=•+$/m);
        for (const value of ["Hello", "secret-of", "/nix/store/", "/secret/of/a/list"]) {
            // Where Rust is from is no value of a variable.
            const shown = text().replace(/^Rust: .*$/m, "");
            assert.ok(!shown.includes(value), value);
        }
    });

    it("says what is left out, and why", () => {
        assert.match(text(), /^SOURCE_DATE_EPOCH: would date everything/m);
    });

    it("shows values when asked, and hides them again", async () => {
        await command("toggleValues");
        await until("values are shown", () => /^GREETING=Hello$/m.test(text()));
        assert.match(text(), /^ATTRIBUTE_SECRET=secret-of-an-attribute$/m);
        await command("toggleValues");
        await until("values are hidden", () => /^GREETING=•+$/m.test(text()));
    });

    it("hides values again when it is opened anew", async () => {
        await command("toggleValues");
        await until("values are shown", () => /^GREETING=Hello$/m.test(text()));
        await command("showEnvironment");
        await until("values are hidden", () => /^GREETING=•+$/m.test(text()));
    });

    it("follows the environment", async () => {
        await command("leave");
        await until("nothing is shown", () => text().includes("in no Nix dev shell"));
        await enter();
        await until("it is shown again", () => /^GREETING=•+$/m.test(text()));
    });

    it("can't be changed", async () => {
        const editor = vscode.window.activeTextEditor;
        assert.ok(editor);
        const before = text();
        await editor
            .edit((edit) => edit.insert(new vscode.Position(0, 0), "x"))
            .then(
                () => undefined,
                () => undefined,
            );
        assert.equal(text(), before);
    });
});
