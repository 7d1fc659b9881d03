import assert from "node:assert/strict";
import { addPackages } from "../../../../../src/core/flake/edit/addPackages";
import type { FlakeEdit } from "../../../../../src/core/flake/edit/flakeEdit";
import { exampleFlakes } from "./flakes";

const add = (text: string, shell?: string): Promise<FlakeEdit> =>
    addPackages(text, { attributes: ["ripgrep"], kind: "packages", platform: "all", shell });

const flake = (outputs: string): string =>
    `{ outputs = { self, nixpkgs }: let pkgs = nixpkgs.x; in { ${outputs} }; }`;

describe("the dev shell that packages are added to", () => {
    it("is the one that another name stands for", async () => {
        for (const other of [
            "self.devShells.${system}.stable",
            "self.devShells.x86_64-linux.stable",
        ]) {
            const outcome = await add(
                flake(
                    `devShells = { default = ${other}; stable = pkgs.mkShell { }; ci = pkgs.mkShell { }; };`,
                ),
            );
            assert.match(JSON.stringify(outcome), /stable = pkgs\.mkShell \{.*ripgrep.*; ci/);
        }
        const inSet = flake(
            "devShells = rec { default = stable; stable = pkgs.mkShell { }; ci = pkgs.mkShell { }; };",
        );
        assert.match(JSON.stringify(await add(inSet)), /stable = pkgs\.mkShell \{.*ripgrep.*; ci/);
    });

    it("is no other than the one that is meant, with the file in which that is made", async () => {
        const reasons = {
            "devShells = { default = import ./nix/shell.nix { }; ci = pkgs.mkShell { }; };":
                "its dev shell is made in another file (./nix/shell.nix)",
            "devShells.default = pkgs.callPackage ./dev.nix { app = import ./app.nix; };":
                "its dev shell is made in another file (./dev.nix)",
            "packages.default = import ./app.nix; devShells.default = (import ./nix { }).shell;":
                "its dev shell is made in another file (./nix)",
            "devShells.default = let f = pkgs.callPackage ./dev.nix; in f { };":
                "its dev shell is made in another file (./dev.nix)",
            "packages.default = import ./app.nix; devShells.default = self.lib.shellOf pkgs;":
                "no dev shell is made in it in a way that could be recognised",
            "scope = { shell = pkgs.callPackage ./nix/shell.nix { }; app = pkgs.callPackage ./app.nix { }; };":
                "its dev shell is made in another file (./nix/shell.nix)",
        };
        const whole = {
            "{ outputs = import ./outputs.nix; }":
                "its dev shell is made in another file (./outputs.nix)",
            "{ outputs = inputs: import ./nix/outputs.nix inputs; }":
                "its dev shell is made in another file (./nix/outputs.nix)",
            "{ outputs = inputs: inputs.flake-parts.lib.mkFlake { } { imports = [ ./nix/app.nix ./nix/devshell.nix ]; }; }":
                "its dev shell is made in another file (./nix/devshell.nix)",
        };
        for (const [text, reason] of Object.entries(whole)) {
            const outcome = await add(text);
            assert.ok(outcome.kind === "not-understood", text);
            assert.equal(outcome.reason, reason);
        }
        for (const [outputs, reason] of Object.entries(reasons)) {
            const outcome = await add(flake(outputs));
            assert.ok(outcome.kind === "not-understood", outputs);
            assert.equal(outcome.reason, reason);
        }
    });

    it("is found in a flake whose many parts name each other", async () => {
        const parts = Array.from({ length: 60 }, (_, i) => {
            const names = Array.from({ length: i }, (_, j) => `part${j}`).join(" ");
            return `part${i} = pkgs.stdenv.mkDerivation { buildInputs = [ ${names} ]; };`;
        });
        const text = flake(
            `devShells.default = let ${parts.join("\n")} in pkgs.mkShell { packages = [ part59 ]; };`,
        );
        assert.match(JSON.stringify(await add(text)), /\[ part59 pkgs\.ripgrep \]/);
    });
});

describe("what only a developer uses", () => {
    const resultOf = async (name: string): Promise<string> => {
        const outcome = await add(exampleFlakes().get(name) ?? "");
        assert.ok(outcome.kind === "edited");
        return outcome.text;
    };

    it("is not added to what the flake's packages are built with", async () => {
        const lists = await resultOf("lists-of-package-and-shell");
        assert.match(lists, /nativeBuildInputs = with pkgs; \[ pkg-config \];/);
        assert.match(lists, /mkShell \{\n\s+packages = .*ripgrep/);
        const set = await resultOf("shared-arguments");
        assert.match(set, /nativeBuildInputs = \[ pkgs\.pkg-config \];/);
        assert.match(set, /\{\n\s+name = "app-dev";\n\s+packages = \[ pkgs\.ripgrep \]/);
    });

    it("is on a line of its own where lists are", async () => {
        const text = exampleFlakes().get("ready-made-for-systems") ?? "";
        const outcome = await addPackages(text, {
            attributes: ["udev"],
            kind: "buildInputs",
            platform: "linux",
            shell: undefined,
        });
        assert.match(
            JSON.stringify(outcome),
            /\]\\n {14}\+\+ lib\.optionals stdenv\.hostPlatform\.isLinux \[ udev \]\\n {14}\+\+ lib/,
        );
        assert.match(
            await resultOf("lists-joined-by-lines"),
            /\n {10}rust\n {10}\+\+ tools\n {10}\+\+ \[ pkgs\.ripgrep \];/,
        );
    });
});
