import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

describe("the lock, to be seen", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let folder: string;
    let window: EditorWindow;

    before(async () => {
        const { instantiate, commit } = await bed();
        for (const name of ["one", "two"]) await newCommit(name);
        folder = await instantiate("example", join(editor().folder, "locked"));
        const flake = join(folder, "flake.nix");
        const address = (name: string): string =>
            `git+file://${join(editor().folder, name)}?ref=main`;
        const text = readFileSync(flake, "utf8")
            .replace(
                /inputs\.nixpkgs\.url = (.*);/,
                `inputs = {
        nixpkgs.url = $1;

        # A comment in between.
        one = {
            url = "${address("one")}";
            inputs.two.follows = "two";
        };
        two.url = "${address("two")}";
        same.follows = "one/two";
    };`,
            )
            .replace("{ self, nixpkgs }:", "{ self, nixpkgs, ... }:");
        writeFileSync(flake, text);
        await commit(folder, "Inputs");
        window = await editor().open(folder);
        await window.waitForStatus("Nix: flake.lock out of step");
    });

    it("shows what is not locked, and what is when it was locked", async () => {
        await window.page.locator(".pane-header", { hasText: "locked" }).click();
        await window.run("Explorer: Focus on Nix View");
        await window.waitForRow("Warning. one: not locked yet");
        await window.picture("view-unlocked");
        await window.run("Nix: Lock Flake");
        await window.waitForStatus("Nix: flake.lock not committed");
        await window.clearNotifications();
        await (await bed()).commit(folder, "Locked");
        await window.waitForStatus("Nix: default");
        await window.waitForRow(/^one: [0-9a-f]{7}, .* old, /);
        await window.picture("view");
    });

    /** Gives an input another commit. */
    async function newCommit(name: string): Promise<string> {
        const { git, commit } = await bed();
        const at = join(editor().folder, name);
        mkdirSync(at, { recursive: true });
        const inputs =
            name === "one"
                ? `inputs.two.url = "git+file://${join(editor().folder, "two")}?ref=main";`
                : "";
        writeFileSync(join(at, "flake.nix"), `{ ${inputs} outputs = _: { v = ${++commits}; }; }\n`);
        await commit(at, `Version ${commits}`);
        return (await git(at, "rev-parse", "HEAD")).trim();
    }
    let commits = 0;
});
