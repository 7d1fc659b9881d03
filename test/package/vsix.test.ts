import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The largest package that the project allows itself, in bytes. */
const LARGEST = 200_000;

describe("the package", () => {
    let folder = "";
    let vsix = "";

    before(() => {
        folder = mkdtempSync(join(tmpdir(), "nix-rust-package-"));
        vsix = join(folder, "nix-rust.vsix");
        const args = ["package", "--no-dependencies", "--allow-missing-repository", "--out", vsix];
        execFileSync("node_modules/.bin/vsce", args, { stdio: "ignore" });
    });
    after(() => rmSync(folder, { recursive: true, force: true }));

    it("holds what it runs and shows, and nothing else", () => {
        const listed = execFileSync("node_modules/.bin/vsce", ["ls", "--no-dependencies"], {
            encoding: "utf8",
        });
        const files = listed.split("\n").filter((line) => line !== "" && !line.startsWith("npm "));
        assert.deepEqual(files.sort(), [
            "CHANGELOG.md",
            "LICENSE",
            "README.md",
            "dist/execa.js",
            "dist/extension.js",
            "dist/nix-grammar.js",
            "dist/smol-toml.js",
            "media/icon.png",
            "media/walkthrough/enter.md",
            "media/walkthrough/flake.md",
            "media/walkthrough/lock.md",
            "media/walkthrough/terminal.md",
            "package.json",
        ]);
    });

    it("is small", () => {
        const { size } = statSync(vsix);
        assert.ok(size <= LARGEST, `${size} bytes`);
    });
});
