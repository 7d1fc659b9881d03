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

/** A flake whose only shell has these packages, and `let` bindings before it. */
function flakeWith(bindings: string, packages: string, maker = "pkgs.mkShell"): string {
    return `{
  inputs.rust-overlay.url = "github:oxalica/rust-overlay";
  outputs = { self, nixpkgs, crane, rust-overlay }:
    let
      pkgs = import nixpkgs { overlays = [ rust-overlay.overlays.default ]; };
      ${bindings}
    in
    {
      devShells.x86_64-linux.default = ${maker} {
        packages = [
          ${packages}
        ];
      };
    };
}
`;
}

describe("a flake with a toolchain of rust-overlay that is to use a toolchain file", () => {
    it("has it in the shell, too, where only its builds had the pinned one", async () => {
        const build = "(crane.mkLib pkgs).overrideToolchain (p: p.rust-bin.stable.latest.default)";
        const text = await used(flakeWith(`craneLib = ${build};`, "pkgs.cargo"));
        assert.match(text, /packages = \[\n {10}\(\(pkgs\.rust-bin\.fromRustupToolchainFile/);
        assert.ok(text.includes(build));
        assert.doesNotMatch(text, /pkgs\.cargo/);
    });

    it("keeps the targets of a nightly", async () => {
        const pinned =
            '(pkgs.rust-bin.selectLatestNightlyWith (t: t.default.override { targets = [ "a" ]; }))';
        const text = await used(flakeWith("", pinned));
        assert.match(
            text,
            /\(\(pkgs\.rust-bin\.fromRustupToolchainFile \.\/rust-toolchain\.toml\)\.override \(old: \{ targets = pkgs\.lib\.unique \(old\.targets \+\+ \[ "a" \]\); \}\)\)/,
        );
    });

    it("reaches lib where the toolchain is, not where the shell is", async () => {
        const pinned =
            'rust = pkgs.rust-bin.stable.latest.default.override { extensions = [ "a" ]; };';
        const text = await used(flakeWith(pinned, "rust", "with pkgs; mkShell"));
        assert.match(text, /extensions = pkgs\.lib\.unique \(old\.extensions \+\+ \[ "a" \]\)/);
    });

    it("needs no overlay where rust-overlay's function makes it", async () => {
        const text = await used(
            flakeWith(
                "rust = rust-overlay.lib.mkRustBin { } pkgs; rust-bin = rust;",
                "rust-bin.stable.latest.default",
            ).replace(
                "import nixpkgs { overlays = [ rust-overlay.overlays.default ]; }",
                "nixpkgs.legacyPackages.x",
            ),
        );
        assert.doesNotMatch(text, /overlays/);
    });

    it("is crane's own, which comes first in its shells", async () => {
        const text = await used(
            flakeWith("craneLib = crane.mkLib pkgs;", "pkgs.just", "craneLib.devShell"),
        );
        assert.match(
            text,
            /craneLib = \(crane\.mkLib pkgs\)\.overrideToolchain \(\n {8}\(pkgs\.rust-bin\.fromRustup.*\n.*\n {8}\}\)\n {6}\);/,
        );
        assert.match(text, /packages = \[\n {10}pkgs\.just\n {8}\];/);
    });

    it("is left as it is where parts of a toolchain are taken, or what takes it is not seen", async () => {
        for (const [text, reason] of [
            [
                flakeWith("rust = pkgs.rust-bin.stable.latest;", "rust.default rust.rust-src"),
                /takes parts of a toolchain/,
            ],
            [
                flakeWith(
                    "names = f: f pkgs.rust-bin.stable.latest.default;",
                    "pkgs.rustToolchain",
                ),
                /not clear where its Rust comes from/,
            ],
        ] as const) {
            const wanted = { file: "rust-toolchain.toml", shell: undefined };
            const outcome = await useToolchainFile(text, wanted);
            assert.ok(outcome.kind === "not-understood", JSON.stringify(outcome));
            assert.match(outcome.reason, reason);
        }
    });

    it("is devenv's where that has its Rust", async () => {
        const outcome = await useToolchainFile(
            `{ outputs = { nixpkgs, devenv, ... }@inputs: let pkgs = nixpkgs.x; in { devShells.x.default = devenv.lib.mkShell { modules = [ { languages.rust.enable = true; } ]; }; }; }`.replace(
                "nixpkgs.x;",
                "import nixpkgs { };",
            ),
            { file: "rust-toolchain.toml", shell: undefined },
        );
        assert.ok(outcome.kind === "not-understood");
        assert.equal(outcome.snippet, "languages.rust.toolchainFile = ./rust-toolchain.toml;");
    });
});
