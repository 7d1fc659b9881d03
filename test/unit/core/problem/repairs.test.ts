import assert from "node:assert/strict";
import { failureOf, type Failure } from "../../../../src/core/failure/failure";
import { recogniseNix } from "../../../../src/core/failure/recognise";
import { edited } from "../../../../src/core/flake/edit/textEdit";
import { repairs } from "../../../../src/core/problem/repairs";

const failure = (stderr: string): Failure => recogniseNix({ exitCode: 1, stderr });

/** What each of the repairs makes of a text; `‸` marks the place of the failure in it. */
async function after(marked: string, of: Failure, system = "x86_64-linux"): Promise<string[]> {
    const at = marked.indexOf("‸");
    const text = marked.replace("‸", "");
    const found = await repairs({ failure: of, text, at: at < 0 ? undefined : at, system });
    return found.map(({ edits }) => edited(text, edits));
}

describe("repairs", () => {
    const names: readonly (readonly [string, string, string])[] = [
        ["cargo-fmt", "packages = [ ‸pkgs.cargo-fmt ];", "packages = [ pkgs.rustfmt ];"],
        ["cargo-clippy", "packages = [ ‸pkgs.cargo-clippy ];", "packages = [ pkgs.clippy ];"],
        ["nixfmt-rfc-style", "x = ‸pkgs.nixfmt-rfc-style;", "x = pkgs.nixfmt;"],
        ["nixpkgs-fmt", "formatter = ‸pkgs.nixpkgs-fmt;", "formatter = pkgs.nixfmt;"],
        ["libX11", "x = [ ‸pkgs.xorg.libX11 ];", "x = [ pkgs.libx11 ];"],
        ["xorg.libXcursor", "x = [ ‸pkgs.xorg.libXcursor ];", "x = [ pkgs.libxcursor ];"],
        [
            "pkgconfig",
            "x = with pkgs; [ ‸pkgconfig openssl ];",
            "x = with pkgs; [ pkg-config openssl ];",
        ],
        [
            "protoc",
            "x = [ ‸pkgs.protoc pkgs.protoc-gen-go ];",
            "x = [ pkgs.protobuf pkgs.protoc-gen-go ];",
        ],
    ];
    for (const [name, before, now] of names) {
        it(`write ${name} as nixpkgs has it`, async () => {
            const missing = failure(`error: attribute '${name}' missing`);
            assert.deepEqual(await after(before, missing), [now]);
            const undefinedName = failure(`error: undefined variable '${name}'`);
            assert.deepEqual(await after(before, undefinedName), [now]);
        });
    }

    it("take nix's own suggestions, best first", async () => {
        const text =
            "error: attribute 'hallo' missing\n       Did you mean one of 'hello', 'halo' or 'hal'?";
        assert.deepEqual(await after("x = ‸pkgs.hallo;", failure(text)), [
            "x = pkgs.hello;",
            "x = pkgs.halo;",
            "x = pkgs.hal;",
        ]);
    });

    it("take nixpkgs' own word for a package with a new name", async () => {
        const text = "error: 'gnumake42' has been renamed to/replaced by 'gnumake'";
        assert.deepEqual(await after("x = [ ‸pkgs.gnumake42 ];", failure(text)), [
            "x = [ pkgs.gnumake ];",
        ]);
    });

    it("change a name at its place only, and never within another one", async () => {
        const missing = failure("error: attribute 'protoc' missing");
        assert.deepEqual(await after("a = pkgs.protoc-gen; b = ‸1;\n\n c = protoc;", missing), []);
        const undefinedName = failure("error: undefined variable 'protoc'");
        assert.deepEqual(await after("protoc protoc", undefinedName), []);
    });

    it("know the mistakes of the recipe that circulates", async () => {
        const coerce = failure("error: cannot coerce a set to a string: { src = «thunk»; }");
        assert.deepEqual(
            await after(
                "rust = pkgs.rust-bin.fromRustupToolchainFile { src = ./rust-toolchain.toml; };",
                coerce,
            ),
            ["rust = pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;"],
        );
        const version = failure("error: attribute 'rust' missing");
        assert.deepEqual(await after("V = ‸rustToolchain.rust.version;", version), [
            "V = rustToolchain.version;",
        ]);
    });

    it("remove Apple's frameworks, which are gone", async () => {
        const gone = failure(
            "error: darwin.apple_sdk.frameworks has been removed as it was a stub",
        );
        assert.deepEqual(
            await after(
                "x = [\n  pkgs.openssl\n  pkgs.darwin.apple_sdk.frameworks.Security\n];\n",
                gone,
            ),
            ["x = [\n  pkgs.openssl\n];\n"],
        );
    });

    it("put in the hash that was got", async () => {
        const text =
            "error: hash mismatch in fixed-output derivation '/nix/store/00000000000000000000000000000000-src.drv':\n" +
            "         specified: sha256-AAAA=\n            got:    sha256-Zmey=";
        assert.deepEqual(await after('hash = "sha256-AAAA=";', failure(text)), [
            'hash = "sha256-Zmey=";',
        ]);
        assert.deepEqual(await after('hash = "sha256-BBBB=";', failure(text)), []);
    });

    it("take an input among the arguments of outputs", async () => {
        const unexpected = failure(
            "error: function 'outputs' called with unexpected argument 'crane'",
        );
        const flake = (names: string): string =>
            `{ inputs.crane.url = "github:ipetkov/crane"; outputs = { ${names} }: { }; }`;
        assert.deepEqual(await after(flake("self, nixpkgs"), unexpected), [
            flake("self, nixpkgs, crane"),
        ]);
    });

    it("add rust-overlay where rust-bin is missing: input, argument and overlay", async () => {
        const missing = failure("error: attribute 'rust-bin' missing");
        const [now, ...others] = await after(
            `{
  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
  outputs = { self, nixpkgs }:
    let pkgs = nixpkgs.legacyPackages.x86_64-linux; in
    { devShells.x86_64-linux.default = pkgs.mkShell { packages = [ ‸pkgs.rust-bin.stable.latest.default ]; }; };
}
`,
            missing,
        );
        assert.deepEqual(others, []);
        assert.match(now ?? "", /url = "github:oxalica\/rust-overlay";/);
        assert.match(now ?? "", /inputs\.nixpkgs\.follows = "nixpkgs";/);
        assert.match(now ?? "", /\{ self, nixpkgs, rust-overlay \}/);
        assert.match(
            now ?? "",
            /import nixpkgs \{\s+system = "x86_64-linux";\s+overlays = \[ rust-overlay\.overlays\.default \];/,
        );
    });

    it("add the overlay to those that are there", async () => {
        const missing = failure("error: attribute 'rust-bin' missing");
        const [now] = await after(
            `{
  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    rust-overlay.url = "github:oxalica/rust-overlay";
  };
  outputs = { nixpkgs, ... }@inputs:
    let pkgs = import nixpkgs { system = "x86_64-linux"; overlays = [ other ]; }; in
    { devShells.x86_64-linux.default = pkgs.mkShell { packages = [ pkgs.rust-bin ]; }; };
}
`,
            missing,
        );
        assert.match(now ?? "", /overlays = \[[^\]]*\brust-overlay\.overlays\.default[^\]]*\]/);
    });

    it("allow one package that is not free, and not all", async () => {
        const unfree = failureOf("unfree", "vscode-1.96.2");
        assert.deepEqual(await after("pkgs = import nixpkgs { inherit system; };", unfree), [
            'pkgs = import nixpkgs { config.allowUnfreePredicate = pkg: builtins.elem (nixpkgs.lib.getName pkg) [ "vscode" ]; inherit system; };',
        ]);
        assert.deepEqual(await after("pkgs = nixpkgs.legacyPackages.${system};", unfree), [
            'pkgs = (import nixpkgs { inherit system; config.allowUnfreePredicate = pkg: builtins.elem (nixpkgs.lib.getName pkg) [ "vscode" ]; });',
        ]);
        assert.deepEqual(await after("import nixpkgs {\n  inherit system;\n}", unfree), [
            'import nixpkgs {\n  config.allowUnfreePredicate = pkg: builtins.elem (nixpkgs.lib.getName pkg) [ "vscode" ];\n  inherit system;\n}',
        ]);
        const insecure = failureOf("insecure", "openssl-1.1.1w");
        assert.deepEqual(await after('permittedInsecurePackages = [ "a" ];', insecure), [
            'permittedInsecurePackages = [ "openssl-1.1.1w" "a" ];',
        ]);
    });

    it("add this system to the flake's list", async () => {
        const none = failureOf("no-attr", "devShells.aarch64-linux.default");
        const list = 'systems = [\n  "x86_64-linux"\n  "aarch64-darwin"\n];';
        assert.deepEqual(await after(list, none, "aarch64-linux"), [
            'systems = [\n  "x86_64-linux"\n  "aarch64-darwin"\n  "aarch64-linux"\n];',
        ]);
        assert.deepEqual(await after(list, none, "x86_64-linux"), []);
        assert.deepEqual(await after(list, failureOf("no-attr", "devShells.x.foo")), []);
    });

    it("put in a semicolon that is missing", async () => {
        const missing = failure("error: syntax error, unexpected '}', expecting ';'");
        assert.deepEqual(await after("{ a = 1 # one\n ‸}", missing), ["{ a = 1; # one\n }"]);
        const next = failure("error: syntax error, unexpected '=', expecting ';'");
        assert.deepEqual(await after("{ a = [ ]\n  b.c ‸= 1; }", next), [
            "{ a = [ ];\n  b.c = 1; }",
        ]);
        const other = failure("error: syntax error, unexpected '}'");
        assert.deepEqual(await after("{ a = 1 ‸}", other), []);
    });

    it("correct the words of inputs", async () => {
        const attribute = failure(
            "error: unexpected flake input attribute 'urll', at /w/flake.nix:1:3",
        );
        assert.deepEqual(await after('inputs.x.urll = "path:/x";', attribute), [
            'inputs.x.url = "path:/x";',
        ]);
        const scheme = failure("error: input 'githubb:a/b' is unsupported");
        assert.deepEqual(await after('inputs.x.url = "githubb:a/b";', scheme), [
            'inputs.x.url = "github:a/b";',
        ]);
    });

    it("use the flake's nixpkgs for the channel's", async () => {
        const text =
            "error: cannot look up '<nixpkgs>' in pure evaluation mode (use '--impure' to override)";
        assert.deepEqual(
            await after("outputs = { self, nixpkgs }: import <nixpkgs> { }", failure(text)),
            ["outputs = { self, nixpkgs }: import nixpkgs { }"],
        );
        assert.deepEqual(
            await after("outputs = { self }: import <nixpkgs> { }", failure(text)),
            [],
        );
    });

    it("are none where nothing is known to help", async () => {
        assert.deepEqual(await after("x", failureOf("daemon-down")), []);
        assert.deepEqual(await after("", failureOf("missing-attr", "nothing-like-it")), []);
    });
});
