import assert from "node:assert/strict";
import { nixName, nixPath, nixString } from "../../../../../src/core/flake/write/nixText";

describe("nixString", () => {
    it("leaves nothing for nix to evaluate, and no quote to end it", () => {
        assert.equal(nixString('say "hi"'), '"say \\"hi\\""');
        assert.equal(nixString("${x} $${y} $z"), '"\\${x} $\\${y} $z"');
        assert.equal(nixString("C:\\new"), '"C:\\\\new"');
        assert.equal(nixString("\\${x}"), '"\\\\\\${x}"');
        assert.equal(nixString("a\r\n\tb"), '"a\\r\\n\\tb"');
        assert.equal(nixString("''é🦀''"), "\"''é🦀''\"");
    });

    it("leaves out what nix can't read and people can't see", () => {
        assert.equal(nixString("a\u0000b\u001b[0m"), '"ab[0m"');
    });
});

describe("nixName", () => {
    it("puts quotes around what is no identifier", () => {
        for (const name of ["openssl", "rust-analyzer", "_x", "a'b", "A1"]) {
            assert.equal(nixName(name), name);
        }
        for (const name of ["", "1.0", "a b", "a.b", "with", "or", "-x", "é", "${x}"]) {
            assert.equal(nixName(name), nixString(name));
        }
    });
});

describe("nixPath", () => {
    it("writes a path where its signs allow that, else adds a string to the folder", () => {
        assert.equal(nixPath(""), "./.");
        assert.equal(nixPath("rust-toolchain.toml"), "./rust-toolchain.toml");
        assert.equal(nixPath("a/b+c/d"), "./a/b+c/d");
        assert.equal(nixPath("../rust-toolchain"), "../rust-toolchain");
        assert.equal(nixPath(".."), "../.");
        assert.equal(nixPath("../.."), "../../.");
        assert.equal(nixPath("my app"), '(./. + "/my app")');
        assert.equal(nixPath("${x}/é"), '(./. + "/\\${x}/é")');
        assert.equal(nixPath("../my app"), '(./. + "/../my app")');
    });
});
