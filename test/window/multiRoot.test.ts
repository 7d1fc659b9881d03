import assert from "node:assert/strict";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

describe("a window with several folders", () => {
    const editor = editorForSuite();
    let window: EditorWindow;

    before(async () => {
        const folder = join(editor().folder, "several");
        await (await bed()).instantiate("multi-root", folder);
        window = await editor().open(join(folder, "all.code-workspace"));
        await window.waitForStatus("Nix: default (north)");
        await until("both dev shells", () => editor().captures === 2);
    });

    it("has terminals in the dev shell of their own folder", async () => {
        const names = ["GREETING", "NORTH_ONLY", "SOUTH_ONLY", "IN_NIX_SHELL"];
        const expected = {
            north: ["Hello from the north", "1", undefined, "impure"],
            south: ["Hello from the south", undefined, "1", "impure"],
            plain: [undefined, undefined, undefined, undefined],
        };
        for (const [folder, values] of Object.entries(expected)) {
            const environment = await window.terminalEnvironment(folder);
            assert.deepEqual(
                names.map((name) => environment.get(name)),
                values,
                folder,
            );
        }
    });

    it("has rust-analyzer in the first one's", async () => {
        await serverGreets("Hello from the north");
        await window.tooltip("rust-analyzer and other extensions are in this dev shell.");
    });

    it("names the folder of the file that is open", async () => {
        await window.open("main.rs", "south");
        await window.waitForStatus("Nix: default (south)");
        await window.tooltip("rust-analyzer is in another folder's");
        await window.picture("several-folders");
    });

    it("moves rust-analyzer where the user wants it, by one restart", async () => {
        const before = editor().machine.serverStarts.length;
        await window.run("Nix: Select Folder for rust-analyzer…");
        assert.deepEqual(await window.choices("Whose dev shell"), ["north", "south"]);
        await window.picture("several-folders-choice");
        await window.pick("south");
        await serverGreets("Hello from the south");
        const environment = await window.terminalEnvironment("north");
        assert.equal(environment.get("GREETING"), "Hello from the north");
        assert.equal(editor().machine.serverStarts.length, before + 1);
    });

    function serverGreets(greeting: string): Promise<void> {
        return editor().waitForServer((environment) => environment.get("GREETING") === greeting);
    }
});
