import assert from "node:assert/strict";
import { planFlake, readFlakeSource } from "../../../../../src/core/flake/write/choose";
import { NO_NEEDS, type Part } from "../../../../../src/core/flake/write/plan";
import { partSnippet, type Snippet } from "../../../../../src/core/flake/write/snippet";
import { detectProject } from "../../../../../src/core/project/project";
import { testFolder } from "../../../testFolder";

describe("partSnippet", () => {
    const folder = testFolder();

    const snippet = async (part: Part, toolchain?: string): Promise<Snippet> => {
        folder.write("Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\n');
        folder.write("src/main.rs");
        const project = detectProject(folder.path);
        const source = await readFlakeSource(project, folder.path, NO_NEEDS, new Date());
        const { plan } = planFlake(source, "nixpkgs", new Set());
        return partSnippet(part, { plan, toolchain, builder: "crane" });
    };

    it("gives hooks with the flake's own toolchain, or nixpkgs'", async () => {
        const { inputs, text } = await snippet("hooks", "rustToolchain");
        assert.deepEqual(
            inputs.map(({ name }) => name),
            ["git-hooks"],
        );
        assert.match(text, /^pkgs:\nlet\n {2}# Only formatters/);
        assert.match(text, /cargo = rustToolchain;/);
        assert.match(text, /inherit \(pre-commit\) shellHook;/);
        assert.match((await snippet("hooks")).text, /cargo = pkgs\.cargo;/);
    });

    it("gives an image together with the package that is in it", async () => {
        const { inputs, text } = await snippet("image");
        assert.deepEqual(
            inputs.map(({ name }) => name),
            ["crane"],
        );
        assert.match(text, /package = craneLib\.buildPackage/);
        assert.match(text, /image = pkgs\.dockerTools\.buildLayeredImage \{/);
        assert.doesNotMatch(text, /devShells/);
    });
});
