import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** The largest package that the project allows itself, in bytes. */
const LARGEST = 400_000;

/** What the build made to be loaded on first use. */
const LATER = readdirSync("dist/later").map((name) => `dist/later/${name}`);

/** The files that a bundle loads by their path. */
function loadedBy(bundle: string): string[] {
    const required = readFileSync(bundle, "utf8").matchAll(/\brequire\("(\.[^"]+)"\)/g);
    return [...required].map(([, path = ""]) => join(dirname(bundle), path));
}

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
            "dist/extension.js",
            ...LATER,
            "media/icon.png",
            "media/walkthrough/enter.md",
            "media/walkthrough/flake.md",
            "media/walkthrough/lock.md",
            "media/walkthrough/terminal.md",
            "package.json",
        ]);
    });

    it("splits off what a window does not need at once, and loads nothing else by path", () => {
        const bundles = ["dist/extension.js", ...LATER];
        const loaded = new Set(bundles.flatMap(loadedBy));
        loaded.delete("dist/extension.js");
        assert.deepEqual([...loaded].sort(), [...LATER].sort());
        for (const name of ["execa", "editor-commands"]) {
            assert.ok(loaded.has(`dist/later/${name}.js`), name);
        }
    });

    it("is small", () => {
        const { size } = statSync(vsix);
        assert.ok(size <= LARGEST, `${size} bytes`);
    });
});
