import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { firstFolder, taskEnvironment, untilHost } from "./bed";

const file = join(firstFolder().uri.fsPath, "nix/values.nix");
const textWith = (value: string): string => `{ FROM_IMPORT = "${value}"; }\n`;

/**
 * What stands in for a network file system: VS Code is told to exclude all files from its watching.
 * It then reports no change below the folder itself, as when another machine made it.
 */
describe("in a folder whose changes nobody reports, the environment follows", () => {
    const reported: string[] = [];

    before(async () => {
        await untilHost("FROM_IMPORT", "first");
        const watcher = vscode.workspace.createFileSystemWatcher(
            new vscode.RelativePattern(firstFolder(), "**"),
        );
        for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete])
            event(({ fsPath }) => reported.push(fsPath));
    });
    after(() => assert.ok(!reported.includes(file), "the stand-in reports changes"));

    it("what others write", async () => {
        for (const value of ["second", "third"]) {
            writeFileSync(file, textWith(value));
            await untilHost("FROM_IMPORT", value);
        }
        assert.equal((await taskEnvironment())["FROM_IMPORT"], "third");
    });

    it("what is saved in the editor", async () => {
        const document = await vscode.workspace.openTextDocument(file);
        const editor = await vscode.window.showTextDocument(document);
        const all = new vscode.Range(0, 0, document.lineCount, 0);
        assert.ok(await editor.edit((edit) => edit.replace(all, textWith("saved"))));
        assert.ok(await document.save());
        await untilHost("FROM_IMPORT", "saved");
        assert.equal((await taskEnvironment())["FROM_IMPORT"], "saved");
    });
});
