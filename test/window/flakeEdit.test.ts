import assert from "node:assert/strict";
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

describe("changing a flake.nix", () => {
    const editor = editorForSuite({
        rustAnalyzer: false,
        // In a browser the editor saves of itself.
        userSettings: { "files.autoSave": "off" },
    });
    let folder: string;
    let flake: string;
    let window: EditorWindow;

    const onDisk = (): string => readFileSync(flake, "utf8");

    before(async () => {
        const { instantiate, commit } = await bed();
        folder = await instantiate("split", join(editor().folder, "split"));
        flake = join(folder, "flake.nix");
        writeFileSync(join(folder, "Cargo.lock"), LOCK);
        writeFileSync(join(folder, "Cargo.toml"), MANIFEST);
        mkdirSync(join(folder, ".vscode"));
        writeFileSync(join(folder, ".vscode/tasks.json"), JSON.stringify(TASKS));
        await commit(folder, "Crates");
        window = await editor().open(folder);
        await window.waitForStatus("Nix: default");
    });

    it("adds a package that is typed, after it was shown, and undo takes it back", async () => {
        const before = onDisk();
        await window.run("Nix: Add Package…");
        await window.choices("such as cargo-nextest");
        await type("core utils!");
        assert.match((await window.choices("cargo-nextest"))[0] ?? "", /utils! can't be the name/);
        await window.picture("add-package-wrong");
        await type("coreutils");
        await window.picture("add-package");
        await enter();
        await window.choices("Nothing is written yet");
        assert.equal(onDisk(), before);
        await window.picture("add-package-preview");
        await window.pick("Change flake.nix");
        await window.waitForNotification("coreutils is in flake.nix now.");
        await nothingAsked();
        const after = onDisk();
        assert.equal(after, before.replace("pkgs.rustfmt ]", "pkgs.rustfmt pkgs.coreutils ]"));
        await window.clearNotifications();
        await window.run("Nix: Add Package…");
        await window.choices("such as cargo-nextest");
        await type("coreutils");
        await enter();
        await window.waitForNotification("coreutils is in the dev shell of flake.nix already.");
        await window.clearNotifications();
        await window.open("flake.nix");
        await window.page.locator(".monaco-editor .view-lines").first().click();
        await window.page.keyboard.press("ControlOrMeta+Z");
        await window.run("File: Save");
        await until("the flake as it was", () => onDisk() === before);
    });

    it("works on what is not saved, and leaves that to the user", async () => {
        const before = onDisk();
        await window.page.locator(".monaco-editor .view-lines").first().click();
        await window.page.keyboard.press("ControlOrMeta+Home");
        await window.page.keyboard.type("# Mine.\n");
        await window.run("Nix: Add Flake Input…");
        await type("github:oxalica/rust-overlay");
        await enter();
        await until("the suggested name", async () => (await inputValue()) === "rust-overlay");
        await window.picture("add-input-name");
        await enter();
        await window.choices("What is it?");
        await window.picture("add-input");
        await window.pick("A flake that uses this flake's nixpkgs");
        await window.choices("Nothing is written yet");
        await window.picture("add-input-preview");
        await window.pick("Change flake.nix");
        await window.waitForNotification("The file has other changes that are not saved.");
        await nothingAsked();
        await window.picture("add-input-unsaved");
        assert.equal(onDisk(), before);
        await window.press("Save");
        await window.waitForNotification("The input rust-overlay is in flake.nix now");
        const after = onDisk();
        assert.ok(after.startsWith("# Mine.\n"));
        assert.match(after, /inputs\.rust-overlay = \{\n {8}url = "github:oxalica\/rust-overlay";/);
        assert.match(after, /\{ self, nixpkgs, rust-overlay \}:/);
        await window.clearNotifications();
        writeFileSync(flake, before);
        await until(
            "the flake in the editor as it was",
            async () => !(await window.editorText()).includes("# Mine."),
        );
    });

    it("adds what the crates need, with the reason of each", async () => {
        await window.run("Nix: Add Native Dependencies…");
        const labels = await window.choices("What the project needs of the system");
        assert.deepEqual(labels.slice(0, 2), ["pkg-config", "openssl"]);
        await window.picture("native-dependencies");
        await enter();
        await window.choices("Nothing is written yet");
        await window.picture("native-dependencies-preview");
        await window.pick("Write Nothing");
        await nothingAsked();
        assert.doesNotMatch(onDisk(), /openssl/);
    });

    it("offers what a build in a terminal did not find", async () => {
        await window.newTerminal();
        const script = join(editor().folder, "fail.sh");
        writeFileSync(script, failure(join(editor().folder, "building")));
        await type_(`alias cargo='sh ${script}'\n`);
        await type_("cargo build\n");
        // What is written with the command itself, no extension gets to see; a build takes longer.
        await until("the build", async () => existsSync(join(editor().folder, "building")));
        await type_("\n");
        const told = await window.waitForNotification("cargo did not find alsa.pc");
        assert.match(told.message, /The flake can have it: pkg-config, alsa-lib\./);
        await window.picture("build-failure");
        await window.press("Add Native Dependencies…");
        const labels = await window.choices("What the project needs of the system");
        assert.deepEqual(labels.slice(0, 2), ["pkg-config", "alsa-lib"]);
        await window.picture("build-failure-choices");
        await window.page.keyboard.press("Escape");
        await nothingAsked();
    });

    it("offers what the crates of a task that failed are known to need", async () => {
        await window.run("Tasks: Run Task");
        await window.choices("Select the task to run");
        await window.pick("build");
        const told = await window.waitForNotification("cargo failed");
        assert.match(told.message, /the flake lacks pkg-config, openssl, which its crates need\./);
        await window.picture("task-failure");
        await window.clearNotifications();
    });

    it("writes down the Rust in use, and has the flake use it", async () => {
        await window.run("Nix: Create rust-toolchain.toml");
        await window.choices("Nothing is written yet");
        await window.picture("toolchain-preview");
        await window.pick("Create rust-toolchain.toml");
        await window.waitForNotification("Git does not know rust-toolchain.toml yet");
        await nothingAsked();
        await window.press("Add to Git");
        const { git, rustToolchain } = await bed();
        await until("the file in git", async () =>
            (await git(folder, "ls-files")).includes("rust-toolchain.toml"),
        );
        const text = readFileSync(join(folder, "rust-toolchain.toml"), "utf8");
        const { version } = await rustToolchain();
        assert.ok(text.startsWith(`[toolchain]\nchannel = "${version}"\n`), text);
        await window.waitForNotification("rust-toolchain.toml asks for the Rust in use now.");
        await window.press("Use It in Flake");
        await window.choices("Nothing is written yet");
        await window.picture("use-toolchain-preview");
        await window.pick("Change flake.nix");
        await window.waitForNotification("The flake takes its Rust from rust-toolchain.toml now.");
        await nothingAsked();
        assert.match(onDisk(), /pkgs\.rust-bin\.fromRustupToolchainFile \.\/rust-toolchain\.toml/);
        assert.doesNotMatch(onDisk(), /pkgs\.cargo|rustLibSrc/);
        await window.clearNotifications();
    });

    it("says why it does not, and has a snippet instead", async () => {
        writeFileSync(flake, "{ outputs = import ./outputs.nix; }\n");
        await window.open("flake.nix");
        await window.waitForEditor("import ./outputs.nix");
        await window.run("Nix: Add Package…");
        await window.choices("such as cargo-nextest");
        await type("just");
        await enter();
        const told = await window.waitForNotification("flake.nix was not changed");
        assert.match(told.message, /made in another file \(\.\/outputs\.nix\)/);
        await window.picture("not-understood");
        await window.press("Copy Snippet");
        await until("the snippet in the clipboard", async () =>
            /packages = \[\s+pkgs\.just\s+\];/.test(await window.clipboard()),
        );
        chmodSync(flake, 0o444);
        await window.clearNotifications();
        await window.run("Nix: Add Package…");
        await window.waitForNotification("flake.nix is read-only");
        assert.ok(existsSync(flake));
    });

    /** Fills what asks. */
    async function type(text: string): Promise<void> {
        const input = window.page.locator(".quick-input-widget input.input");
        await input.waitFor();
        await input.fill(text);
    }

    /** Waits until no list or preview is open, which would take what comes next. */
    async function nothingAsked(): Promise<void> {
        await window.page.locator(".quick-input-widget").waitFor({ state: "hidden" });
        await until("no preview", async () =>
            (await window.tabs()).every((tab) => !tab.includes("proposed")),
        );
    }

    /** Types where the keyboard is. */
    async function type_(text: string): Promise<void> {
        await window.page.keyboard.type(text);
    }

    async function enter(): Promise<void> {
        await window.page.locator(".quick-input-widget input.input").press("Enter");
    }

    function inputValue(): Promise<string> {
        return window.page.locator(".quick-input-widget input.input").inputValue();
    }
});

/** Stands for cargo: it takes until the next line is typed. */
const failure = (mark: string): string => `echo '   Compiling alsa-sys v0.3.1'
touch '${mark}'
read line
cat <<'END'
error: failed to run custom build command for \`alsa-sys v0.3.1\`
  The system library \`alsa\` required by crate \`alsa-sys\` was not found.
  The file \`alsa.pc\` needs to be installed
END
exit 101
`;

/** There is no network, so it fails. */
const TASKS = {
    version: "2.0.0",
    tasks: [
        {
            label: "build",
            type: "shell",
            command: "cargo",
            args: ["build", "--offline"],
            problemMatcher: [],
        },
    ],
};

const MANIFEST = `[package]
name = "split"
version = "0.1.0"
edition = "2021"

[dependencies]
openssl-sys = "0.9"
`;

const LOCK = `version = 4

[[package]]
name = "openssl-sys"
version = "0.9.109"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "90096e2e47630d78b7d1c20952dc621f957103f8bc2c8359ec81290d75238571"
dependencies = [
 "pkg-config",
]

[[package]]
name = "pkg-config"
version = "0.3.32"
source = "registry+https://github.com/rust-lang/crates.io-index"
checksum = "7edddbd0b52d732b21ad9a5fab5c704c14cd949e5e9a1ec5929a24fded1b904c"

[[package]]
name = "split"
version = "0.1.0"
dependencies = [
 "openssl-sys",
]
`;
