import assert from "node:assert/strict";
import { needChoices } from "../../../../../../src/core/rust/native/choice";
import type { NativeNeeds } from "../../../../../../src/core/rust/native/needs";
import { readNativeNeeds } from "../../../../../../src/core/rust/native/read";
import { detectProject } from "../../../../../../src/core/project/project";
import { testFolder } from "../../../../testFolder";

const LOCK = 'version = 4\n\n[[package]]\nname = "app"\nversion = "0.1.0"\n';
const MANIFEST = '[package]\nname = "app"\nversion = "0.1.0"\nedition = "2021"\n';

describe("what a project's other files ask for", () => {
    const folder = testFolder();

    async function needsWith(files: Readonly<Record<string, string>>): Promise<NativeNeeds> {
        const all = { "Cargo.toml": MANIFEST, "Cargo.lock": LOCK, "src/main.rs": "", ...files };
        for (const [file, text] of Object.entries(all)) folder.write(`project/${file}`, text);
        const needs = await readNativeNeeds(detectProject(folder.folder("project")));
        assert.ok(needs);
        return needs;
    }

    function suggested(needs: NativeNeeds): string[] {
        return needChoices(needs)
            .filter(({ isSuggested }) => isSuggested)
            .map(({ id }) => id);
    }

    function shown(needs: NativeNeeds): string[] {
        return needChoices(needs)
            .filter(({ isSuggested }) => !isSuggested)
            .map(({ id }) => id);
    }

    it("is suggested where people run it", async () => {
        const needs = await needsWith({
            justfile: [
                "# cargo watch is not used any more",
                "test *args:",
                "    cargo +nightly nextest run {{args}}",
                "cross target: # a recipe, no call",
                "    cargo build --target {{target}}",
                "dev:",
                "    @bacon",
                "    sqlx migrate run && trunk serve",
                "    cargo constructor",
            ].join("\n"),
        });
        assert.deepEqual(suggested(needs), ["bacon", "cargo-nextest", "just", "sqlx-cli", "trunk"]);
        assert.deepEqual(shown(needs), []);
        const [first] = needChoices(needs);
        assert.equal(first?.description, "from justfile");
        assert.equal(first.detail, "It runs bacon. Likely.");
    });

    it("knows the programs that run other files of tasks", async () => {
        const needs = await needsWith({
            "Makefile.toml": '[tasks.lint]\ncommand = "cargo"\nargs = ["clippy"]\n',
            "Taskfile.yml": "tasks:\n  lint:\n    cmds:\n      - cargo deny check\n",
            Makefile: "lint:\n\tcargo clippy\n",
        });
        assert.deepEqual(suggested(needs), ["cargo-deny", "cargo-make", "go-task"]);
    });

    it("is shown only, where just other machines install it", async () => {
        const needs = await needsWith({
            Dockerfile: [
                "FROM rust:1.80 AS build",
                "# RUN apt-get install -y libpq-dev",
                "RUN apt-get update && apt-get install -y --no-install-recommends \\",
                '    pkg-config libssl-dev=3.0.* "libasound2-dev" libusb-1.0-0-dev:arm64 \\',
                "    ca-certificates curl git unheard-of-dev constructor \\",
                "    && rm -rf /var/lib/apt/lists/*",
                "RUN cargo install --locked sqlx-cli@0.8 cargo-chef",
            ].join("\n"),
            ".github/workflows/ci.yml": [
                "steps:",
                "  - run: sudo apt install -y protobuf-compiler libwayland-dev",
                "  - uses: taiki-e/install-action@v2",
                "    with:",
                "      tool: cargo-nextest,cargo-deny@0.16",
            ].join("\n"),
            ".gitlab-ci.yml": "test:\n  script:\n    - apk add --no-cache openssl-dev zlib-dev\n",
        });
        assert.deepEqual(suggested(needs), []);
        assert.deepEqual(shown(needs).sort(), [
            "alsa-lib",
            "cargo-deny",
            "cargo-nextest",
            "libusb1",
            "openssl",
            "pkg-config",
            "protobuf",
            "sqlx-cli",
            "wayland",
            "zlib",
        ]);
        const openssl = needChoices(needs).find(({ id }) => id === "openssl");
        assert.equal(openssl?.description, "from .gitlab-ci.yml, Dockerfile");
        assert.equal(openssl.detail, "It installs openssl-dev.");
        const wayland = needChoices(needs).find(({ id }) => id === "wayland");
        assert.match(wayland?.description ?? "", /, on Linux$/);
    });

    it("is suggested where the dev shell that the project has had lists it", async () => {
        const needs = await needsWith({
            "shell.nix": `
                { pkgs ? import <nixpkgs> { overlays = [ (import ./rust.nix) ]; } }:
                let
                  toolchain = pkgs.rust-bin.stable.latest.default;
                  libs = with pkgs; [ vulkan-loader ];
                in
                pkgs.mkShell {
                  nativeBuildInputs = with pkgs; [ pkg-config toolchain cargo rustc ];
                  buildInputs =
                    [ pkgs.openssl ]
                    ++ pkgs.lib.optionals pkgs.stdenv.isLinux [ pkgs.alsa-lib pkgs.strace ]
                    ++ pkgs.lib.optionals pkgs.stdenv.isDarwin [ pkgs.libiconv ];
                  LD_LIBRARY_PATH = pkgs.lib.makeLibraryPath (libs ++ [ pkgs.libxkbcommon ]);
                }`,
        });
        const names = (list: "nativeBuildInputs" | "buildInputs" | "tools" | "runtimeLibraries") =>
            needs[list].map(({ attribute, platform }) => `${attribute} ${platform}`);
        assert.deepEqual(names("nativeBuildInputs"), ["pkg-config all"]);
        assert.deepEqual(names("buildInputs"), ["alsa-lib linux", "openssl all"]);
        assert.deepEqual(names("tools"), ["strace linux"]);
        assert.deepEqual(names("runtimeLibraries"), ["libxkbcommon linux", "vulkan-loader linux"]);
        assert.equal(suggested(needs).length, 6);
    });

    it("comes without a shell.nix that is no Nix, a file that is a folder, and one that is huge", async () => {
        folder.folder("project/Dockerfile");
        const needs = await needsWith({
            "shell.nix": "{ pkgs }: pkgs.mkShell { packages = [ pkgs.openssl",
            justfile: `a:\n    bacon\n${"# long\n".repeat(50_000)}`,
        });
        assert.deepEqual(shown(needs), []);
    });

    it("says nothing of what the crates ask for", async () => {
        const dependency = 'dependencies = [\n "openssl-sys",\n]\n';
        const needs = await needsWith({
            "Cargo.toml": `${MANIFEST}[dependencies]\nopenssl-sys = "0.9"\n`,
            "Cargo.lock": `${LOCK}${dependency}
[[package]]
name = "openssl-sys"
version = "0.9.104"
source = "registry+https://github.com/rust-lang/crates.io-index"
dependencies = [
 "pkg-config",
]

[[package]]
name = "pkg-config"
version = "0.3.31"
source = "registry+https://github.com/rust-lang/crates.io-index"
`,
            Dockerfile: "RUN apt-get install -y libssl-dev zlib1g-dev\n",
        });
        assert.deepEqual(
            needs.buildInputs.map(({ attribute, reasons }) => [
                attribute,
                reasons.map(({ crate }) => crate),
            ]),
            [
                ["openssl", ["openssl-sys"]],
                ["zlib", ["Dockerfile"]],
            ],
        );
    });

    it("is all there is to say without a Cargo.lock", async () => {
        const needs = await needsWith({ "Cargo.lock": "<<<<<<< a\n", justfile: "a:\n    bacon\n" });
        assert.deepEqual(suggested(needs), ["bacon", "just"]);
        assert.match(needs.notes.join(), /merge conflict/);
    });
});
