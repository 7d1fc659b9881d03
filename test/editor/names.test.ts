import assert from "node:assert/strict";
import * as vscode from "vscode";
import {
    closeTerminals,
    command,
    firstFolder,
    taskEnvironment,
    terminalEnvironment,
    untilHost,
} from "./bed";

describe("a folder with an odd name", () => {
    before(() => untilHost("GREETING", "Hello"));
    after(closeTerminals);

    it("has blanks, quotes, #, %, $ and other scripts", () => {
        assert.match(firstFolder().name, /'.* .*".*#.*%.*\p{Script=Han}.*\$/u);
    });

    it("is entered under its own name", async () => {
        assert.equal(process.env["PROJECT_ROOT"], firstFolder().uri.fsPath);
        for (const kind of ["shell", "process"] as const) {
            const seen = await taskEnvironment(firstFolder(), kind);
            assert.equal(seen["PROJECT_ROOT"], firstFolder().uri.fsPath);
            assert.equal(seen["PWD"], firstFolder().uri.fsPath);
        }
    });

    it("is where its terminal starts", async () => {
        await command("enter");
        const terminal = vscode.window.terminals.find(({ name }) => name === "Nix: default");
        assert.ok(terminal);
        const seen = await terminalEnvironment(terminal);
        assert.equal(seen["PWD"], firstFolder().uri.fsPath);
        assert.equal(seen["GREETING"], "Hello");
    });

    it("is named by the document of its environment", async () => {
        await command("showEnvironment");
        const text = vscode.window.activeTextEditor?.document.getText() ?? "";
        assert.ok(text.includes(firstFolder().name), text);
        assert.match(text, /^GREETING=•+$/m);
    });
});
