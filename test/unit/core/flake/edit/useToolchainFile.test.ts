import assert from "node:assert/strict";
import { useToolchainFile } from "../../../../../src/core/flake/edit/useToolchainFile";
import { readRepositoryFile } from "../../../repository";

const GENERATED = readRepositoryFile("test/fixtures/written/nixpkgs.nix");

async function used(text: string): Promise<string> {
    const wanted = { file: "rust-toolchain.toml", shell: undefined };
    const outcome = await useToolchainFile(text, wanted);
    assert.equal(outcome.kind, "edited");
    return outcome.kind === "edited" ? outcome.text : "";
}

describe("a flake of ours with nixpkgs' Rust that is to use a toolchain file", () => {
    it("loses the path of nixpkgs' library sources with its reason and its empty set", async () => {
        const text = await used(GENERATED);
        assert.match(text, /fromRustupToolchainFile \.\/rust-toolchain\.toml/);
        assert.doesNotMatch(text, /RUST_SRC_PATH|standard library's source|env =/);
        assert.match(text, / {10}\];\n {8}\};\n/);
    });

    it("keeps the other variables, and what somebody else wrote about it", async () => {
        const text = await used(
            GENERATED.replace("env = {", 'env = {\n            OTHER = "1";').replace(
                "# The standard library's source",
                "# Mine: the standard library's source",
            ),
        );
        assert.match(text, /env = \{\n +OTHER = "1";\n +# Mine: .*\n +\};/);
    });
});
