import assert from "node:assert/strict";
import { parseFlakeRef } from "../../../../src/core/lock/flakeRef";
import { branchOf, refText, sourceText } from "../../../../src/core/lock/refText";

describe("a flake reference in words", () => {
    it("is what a person would have written", () => {
        for (const text of [
            "github:NixOS/nixpkgs",
            "github:NixOS/nixpkgs/nixos-unstable",
            "gitlab:o/r?host=git.example.org",
            "nixpkgs",
            "nixpkgs/nixos-unstable",
            "path:/some/where",
            "git+ssh://git@example.org/r?ref=main&dir=sub",
            "https://example.org/x.tar.gz",
        ]) {
            assert.equal(refText(parseFlakeRef(text)), text);
        }
        assert.equal(refText(undefined), undefined);
        assert.equal(refText({ owner: "o" }), undefined);
        assert.equal(refText({ type: "new", x: 1 }), '{"type":"new","x":1}');
    });

    it("names the source and the branch apart", () => {
        const ref = parseFlakeRef("github:NixOS/nixpkgs/nixos-unstable");
        assert.deepEqual([sourceText(ref), branchOf(ref)], ["NixOS/nixpkgs", "nixos-unstable"]);
        assert.equal(branchOf({ type: "git", ref: "refs/heads/main" }), "main");
        assert.equal(branchOf(parseFlakeRef("github:o/r")), undefined);
        assert.equal(sourceText(parseFlakeRef("nixpkgs")), "nixpkgs");
        assert.equal(sourceText(parseFlakeRef("path:/x")), "/x");
        assert.equal(sourceText(parseFlakeRef("git+file:///x")), "file:///x");
        assert.equal(sourceText(undefined), undefined);
    });
});
