import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { filesReadBy } from "../../../../src/core/flake/reads";
import { testFolder } from "../../testFolder";

describe("filesReadBy", () => {
    const folder = testFolder();

    const read = (text: string): string[] =>
        filesReadBy(folder.write("flake.nix", text))
            .map((path) => path.slice(folder.path.length + 1))
            .sort();

    it("finds the flake itself, and the files that it names by path", () => {
        folder.write("nix/shell.nix");
        const text = "{ a = import ./nix/shell.nix; b = builtins.readFile ./rust-toolchain.toml; }";
        assert.deepEqual(read(text), ["flake.nix", "nix/shell.nix", "rust-toolchain.toml"]);
    });

    it("follows nix files, in circles too, and paths relative to them", () => {
        folder.write("nix/a.nix", "import ../b.nix");
        folder.write("b.nix", "[ ./nix/a.nix ./flake.nix ./nix/data.json ]");
        assert.deepEqual(read("import ./nix/a.nix"), [
            "b.nix",
            "flake.nix",
            "nix/a.nix",
            "nix/data.json",
        ]);
    });

    it("takes a folder for the files right in it", () => {
        folder.write("nix/default.nix", "import ./more.nix");
        folder.write("nix/patches/x.patch");
        assert.deepEqual(read("import ./nix"), ["flake.nix", "nix/default.nix", "nix/more.nix"]);
    });

    it("names files that are missing: their coming is news", () => {
        assert.deepEqual(read("./missing.nix"), ["flake.nix", "missing.nix"]);
    });

    it("takes no addresses, ranges or numbers for paths", () => {
        const text = '"https://x.org/./a" x/./b 1../c a.b.c ... "${./d.nix}"';
        assert.deepEqual(read(text), ["d.nix", "flake.nix"]);
    });

    it("finds only the flake where that is missing, and stands what can't be looked up", () => {
        assert.deepEqual(filesReadBy("/no/such/flake.nix"), ["/no/such/flake.nix"]);
        symlinkSync("loop", join(folder.path, "loop"));
        assert.ok(read("./loop/x.nix ./flake.nix/y.nix").includes("flake.nix"));
    });
});
