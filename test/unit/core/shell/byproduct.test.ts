import assert from "node:assert/strict";
import { isByproduct } from "../../../../src/core/shell/byproduct";

describe("a byproduct of tools", () => {
    it("lies in a folder of theirs, at any depth", () => {
        for (const name of ["target/debug/x.nix", "a/node_modules/b/flake.lock", ".direnv/x"]) {
            assert.ok(isByproduct(`/work/app/${name}`, "/work/app"), name);
        }
        for (const name of ["flake.nix", "nix/target.nix", "targets/x.nix"]) {
            assert.ok(!isByproduct(`/work/app/${name}`, "/work/app"), name);
        }
    });

    it("is none for the names of folders above the project", () => {
        assert.ok(!isByproduct("/home/me/target/app/flake.nix", "/home/me/target/app"));
        assert.ok(isByproduct("/home/me/target/app/target/x.nix", "/home/me/target/app"));
    });
});
