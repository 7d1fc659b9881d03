import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

describe("a flake for a project that has none", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let window: EditorWindow;

    before(async () => {
        window = await editor().open(undefined);
        editor().machine.standInFor({ nixpkgs: await (await bed()).nixpkgs() });
    });

    it("is chosen, seen, written and entered by keyboard alone", async () => {
        const folder = await bareProject("hello");
        await window.goTo(folder);
        await window.waitForStatus("Nix: no flake");
        await window.run("Nix: Generate flake.nix…");
        const templates = await window.choices("Nix: Generate flake.nix (1/2)");
        assert.equal(templates[0], "Rust of nixpkgs");
        assert.ok(!templates.some((label) => label.startsWith("rust-toolchain.toml")));
        await window.picture("generate-template");
        await window.key("Enter");
        const options = await window.choices("Nix: Generate flake.nix (2/2)");
        assert.ok(options.includes("Package"));
        await window.picture("generate-options");
        await window.key("Enter");
        assert.deepEqual(await window.choices("Nothing is written yet"), [
            "Write It, Add It to Git, and Enter",
            "Write It Only",
            "Change What I Chose",
            "Write Nothing",
        ]);
        await window.waitForEditor("pkgs.rust-analyzer");
        await window.picture("generate-preview");
        assert.equal(existsSync(join(folder, "flake.nix")), false);

        await window.key("Enter");
        await window.waitForStatus("Nix: flake.lock not committed");
        const { message, buttons } = await window.waitForNotification(
            "You are in the new dev shell",
        );
        const { version } = await (await bed()).rustToolchain();
        assert.match(message, new RegExp(`rustc ${version.replaceAll(".", "\\.")}`));
        assert.match(message, /Commit flake\.nix and flake\.lock \(1 input locked\)/);
        assert.deepEqual(buttons, ["Open Terminal"]);
        assert.deepEqual(await window.tabs(), ["flake.nix"]);
        await window.picture("generate-entered");
        assert.match(await rustVersion(), new RegExp(`rustc ${version}`));
        const { git } = await bed();
        // Known to git, and not a byte of it staged.
        assert.match(await git(folder, "status", "--porcelain"), /^ A flake\.nix$/m);
    });

    it("can have more added to it later: files, and text for what somebody else wrote", async () => {
        const folder = join(editor().folder, "hello");
        await window.clearNotifications();
        await window.run("Nix: Add CI, direnv, Containers or Hooks…");
        await window.choices("What should there be besides");
        await window.pick("direnv");
        await window.pick("Git hooks");
        await window.picture("generate-more");
        await window.key("Enter");
        await window.choices("Nothing is written yet");
        await window.waitForEditor("use flake");
        await window.picture("generate-more-preview");
        await window.key("Enter");
        await window.waitForEditor("git-hooks");
        await window.waitForEditor("A function of pkgs, which gives outputs of a system");
        assert.equal(readFileSync(join(folder, ".envrc"), "utf8"), "use flake\n");
        await window.picture("generate-more-text");
    });

    it("has the native libraries that its crates need, with reasons, and can be left unwritten", async () => {
        const folder = await bareProject("linked");
        writeFileSync(
            join(folder, "Cargo.toml"),
            '[package]\nname = "linked"\nversion = "0.1.0"\n\n[dependencies]\nopenssl-sys = "0.9"\n',
        );
        writeFileSync(join(folder, "Cargo.lock"), OPENSSL_LOCK);
        await window.goTo(folder);
        await window.waitForStatus("Nix: no flake");
        await window.run("Nix: Generate flake.nix…");
        await window.choices("(1/3)");
        await window.key("Enter");
        await window.choices("(2/3)");
        await window.pick("direnv");
        await window.key("Enter");
        const needs = await window.choices("(3/3)");
        assert.deepEqual(needs.toSorted(), ["openssl", "pkg-config"]);
        await window.picture("generate-needs");
        await window.key("Enter");
        await window.choices("Nothing is written yet");
        await window.waitForEditor("pkgs.openssl");
        assert.deepEqual(await window.tabs(), ["Generate flake.nix (2 files)"]);
        await window.pick("Write Nothing");
        await until("no preview", async () => (await window.tabs()).length === 0);
        assert.equal(existsSync(join(folder, "flake.nix")), false);
        await window.waitForStatus("Nix: no flake");
    });

    it("can be used without being in the project, and become a file of it later", async () => {
        const folder = await bareProject("untouched");
        const { git } = await bed();
        const before = await git(folder, "status", "--porcelain");
        await window.goTo(folder);
        await window.waitForStatus("Nix: no flake");
        await window.run("Nix: Enter Without a Flake");
        await window.waitForNotification("You are in the new dev shell");
        await window.waitForStatus("Nix: default");
        assert.equal(await git(folder, "status", "--porcelain"), before);
        await window.newTerminal();
        assert.equal((await window.inTerminal("pwd")).trim(), folder);
        await window.picture("generate-without");
        await window.clearNotifications();
        await window.run("Nix: Commit flake.lock");
        await window.waitForNotification(
            "kept outside of this folder, so there is nothing to commit",
        );

        await window.clearNotifications();
        await window.run("Nix: Save the Generated Flake in the Folder…");
        await window.choices("Nothing is written yet");
        await window.picture("generate-save");
        await window.key("Enter");
        await window.waitForNotification("You are in the new dev shell");
        assert.match(
            await git(folder, "status", "--porcelain"),
            /^ A flake\.lock\n A flake\.nix$/m,
        );
        assert.match(readFileSync(join(folder, "flake.nix"), "utf8"), /description = "untouched";/);
        await window.waitForStatus("Nix: flake.lock not committed");
    });

    /** In a terminal that is opened after the dev shell was entered. */
    async function rustVersion(): Promise<string> {
        await window.newTerminal();
        return window.inTerminal("rustc --version");
    }

    /** What `cargo new` makes. */
    async function bareProject(name: string): Promise<string> {
        const folder = join(editor().folder, name);
        mkdirSync(join(folder, "src"), { recursive: true });
        writeFileSync(
            join(folder, "Cargo.toml"),
            `[package]\nname = "${name}"\nversion = "0.1.0"\nedition = "2024"\n\n[dependencies]\n`,
        );
        writeFileSync(join(folder, ".gitignore"), "/target\n");
        writeFileSync(
            join(folder, "src/main.rs"),
            'fn main() {\n    println!("Hello, world!");\n}\n',
        );
        await (await bed()).git(folder, "init", "--quiet");
        return folder;
    }
});

const OPENSSL_LOCK = `version = 4

[[package]]
name = "linked"
version = "0.1.0"
dependencies = [
 "openssl-sys",
]

[[package]]
name = "openssl-sys"
version = "0.9.104"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "45abf306cbf99debc8195b66b7346498d7b10c210de50418b5ccd7ceba08c741"
dependencies = [
 "pkg-config",
]

[[package]]
name = "pkg-config"
version = "0.3.31"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "953ec861398dccce10c670dfeaf3ec4911ca479e9c02154b3a215178c5f566f2"
`;
