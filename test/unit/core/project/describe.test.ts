import assert from "node:assert/strict";
import { describeProject } from "../../../../src/core/project/describe";

const NOTHING = {
    folder: "/x/app",
    repository: undefined,
    flake: undefined,
    toolchainFile: undefined,
    cargo: undefined,
};

describe("describeProject", () => {
    it("has null for what is not there, and does not ask nix without a flake", async () => {
        const description = await describeProject(NOTHING, () => assert.fail("nix was asked"));
        assert.equal(
            JSON.stringify(description),
            '{"flake":null,"toolchainFile":null,"cargo":null,"devShells":null}',
        );
    });

    it("asks for the dev shells of the flake's folder", async () => {
        const project = { ...NOTHING, flake: "/x/flake.nix", cargo: "/x/app/Cargo.toml" };
        assert.deepEqual(await describeProject(project, async (folder) => [folder, "default"]), {
            flake: "/x/flake.nix",
            toolchainFile: null,
            cargo: "/x/app/Cargo.toml",
            devShells: ["/x", "default"],
        });
    });

    it("has null for dev shells that can't be known", async () => {
        const project = { ...NOTHING, flake: "/x/flake.nix" };
        assert.equal((await describeProject(project, async () => null)).devShells, null);
    });
});
