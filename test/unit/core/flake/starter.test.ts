import assert from "node:assert/strict";
import { starterFlake } from "../../../../src/core/flake/starter";
import type { Project } from "../../../../src/core/project/project";

const PROJECT: Project = {
    folder: "/work/app",
    repository: "/work/app",
    flake: undefined,
    toolchainFile: undefined,
    cargo: "/work/app/Cargo.toml",
};

describe("starterFlake", () => {
    it("uses nixpkgs alone without a toolchain file, and rust-overlay with one", () => {
        assert.doesNotMatch(starterFlake(PROJECT), /rust-overlay/);
        for (const name of ["rust-toolchain", "rust-toolchain.toml"]) {
            const flake = starterFlake({ ...PROJECT, toolchainFile: `/work/app/${name}` });
            assert.ok(flake.includes(`fromRustupToolchainFile ./${name})`));
            assert.doesNotMatch(flake, /@\w+@/);
        }
    });

    it("writes balanced brackets, and a folder's name that can't end its text", () => {
        for (const folder of ['/x/say "hi"', "/x/${builtins.abort}", "/x/back\\", "/x/é 🦀"]) {
            const flake = starterFlake({ ...PROJECT, folder });
            const [, description = "?"] = /^ {2}description = "(.*)";$/m.exec(flake) ?? [];
            assert.doesNotMatch(description, /["\\$]/);
            for (const [open, close] of ["{}", "[]", "()"]) {
                assert.equal(flake.split(open ?? "").length, flake.split(close ?? "").length);
            }
        }
    });
});
