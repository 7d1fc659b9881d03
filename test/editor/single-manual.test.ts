import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeTerminals, enter, loaded, set, taskEnvironment, untilHost } from "./bed";

describe("a folder that is opened in manual mode", () => {
    after(closeTerminals);

    it("is left alone", async () => {
        assert.equal(loaded["GREETING"], undefined);
        assert.equal((await taskEnvironment())["GREETING"], undefined);
    });

    it("is entered when the user asks for it", async () => {
        await enter();
        assert.equal(process.env["GREETING"], "Hello");
        assert.equal((await taskEnvironment())["GREETING"], "Hello");
    });

    it("is entered in a terminal of its own", async () => {
        await vscode.commands.executeCommand("nixRust.enter");
        assert.ok(vscode.window.terminals.some(({ name }) => name === "Nix: default"));
    });

    it("stays in the dev shell in automatic mode", async () => {
        await set("enter", undefined);
        await untilHost("GREETING", "Hello");
    });
});
