import assert from "node:assert/strict";
import { readFlakeSource } from "../../../../../src/core/flake/write/choose";
import { factsOfFlake } from "../../../../../src/core/flake/write/flakeFacts";
import { NO_NEEDS } from "../../../../../src/core/flake/write/plan";
import { detectProject } from "../../../../../src/core/project/project";
import { testFolder } from "../../../testFolder";

describe("what files beside somebody else's flake have to know of it", () => {
    const folder = testFolder();

    async function factsOf(flake: string) {
        folder.write("Cargo.toml", '[package]\nname = "hello"\nversion = "0.1.0"\n');
        folder.write("src/main.rs");
        folder.write("rust-toolchain.toml", '[toolchain]\nchannel = "stable"\n');
        const project = detectProject(folder.path);
        const source = await readFlakeSource(project, folder.path, NO_NEEDS, new Date(0));
        return factsOfFlake(flake, source, "main");
    }

    it("is taken from its text: outputs, the formatter, the toolchain file", async () => {
        const facts = await factsOf(
            `{ outputs = _: {
                packages.x86_64-linux.default = pkgs.hello;
                checks = { };
                devShells.default = fromRustupToolchainFile ./rust-toolchain.toml;
                formatter = treefmt.wrapper;
            }; }`,
        );
        assert.deepEqual([...facts.outputs], ["packages", "checks"]);
        assert.equal(facts.formatter, "all");
        assert.deepEqual(facts.watched, ["rust-toolchain.toml"]);
        assert.equal(facts.name, "hello");
    });

    it("is not taken from comments, lists of a shell, or comparisons", async () => {
        const facts = await factsOf(
            `{ outputs = _: {
                # packages.default = pkgs.hello; treefmt; rust-toolchain.toml
                /* checks = { }; */
                devShells.default = mkShell {
                    packages = [ pkgs.cargo ];
                    name = if checks == { } then "a" else "b";
                };
            }; }`,
        );
        assert.deepEqual([...facts.outputs], []);
        assert.equal(facts.formatter, "nix");
        assert.deepEqual(facts.watched, []);
    });
});
