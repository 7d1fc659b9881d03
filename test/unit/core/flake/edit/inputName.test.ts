import assert from "node:assert/strict";
import { suggestedInputName } from "../../../../../src/core/flake/edit/inputName";

describe("the name of an input", () => {
    it("is its repository's", () => {
        const names: Readonly<Record<string, string>> = {
            "github:oxalica/rust-overlay": "rust-overlay",
            "github:NixOS/nixpkgs/nixos-unstable": "nixpkgs",
            "github:cachix/git-hooks.nix": "git-hooks",
            "gitlab:a/b?dir=c": "b",
            "git+https://example.com/x/y.git?ref=main": "y",
            "path:/home/me/thing": "thing",
            "https://example.com/archive.tar.gz": "archive",
            "https://flakehub.com/f/NixOS/nixpkgs/0.1": "",
            "github:a/1password": "",
            "": "",
        };
        for (const [reference, name] of Object.entries(names)) {
            assert.equal(suggestedInputName(reference, []), name, reference);
        }
    });

    it("is none that is taken", () => {
        assert.equal(suggestedInputName("github:a/nixpkgs", ["nixpkgs"]), "");
    });
});
