import assert from "node:assert/strict";
import { proposedFlake, type FlakeWish } from "../../../../../src/core/flake/write/proposal";
import { OPTIONS, TEMPLATES } from "../../../../../src/core/flake/write/templates";
import { detectProject } from "../../../../../src/core/project/project";
import { testFolder } from "../../../testFolder";

describe("proposedFlake", () => {
    const folder = testFolder();

    const proposed = (wish: Partial<FlakeWish> = {}): ReturnType<typeof proposedFlake> =>
        proposedFlake({
            project: detectProject(folder.path),
            folder: folder.path,
            now: new Date("2026-08-25"),
            ...wish,
        });

    it("takes nixpkgs' own Rust where nothing is pinned, else the toolchain file", async () => {
        folder.write("Cargo.toml", '[package]\nname = "app"\nversion = "0.1.0"\n');
        const plain = await proposed();
        assert.deepEqual(plain.notes, []);
        assert.match(plain.text, /^ {2}description = "app";$/m);
        assert.match(plain.text, /pkgs\.rustc$/m);
        assert.doesNotMatch(plain.text, /rust-overlay/);
        folder.write("rust-toolchain.toml", '[toolchain]\nchannel = "1.80"\n');
        const pinned = await proposed();
        assert.match(
            pinned.text,
            /fromRustupToolchainFile \.\/rust-toolchain\.toml\)\.override \(old:/,
        );
        assert.doesNotMatch(pinned.text, /pkgs\.rustc$/m);
    });

    it("says which templates and options there are, in one line", async () => {
        await assert.rejects(proposed({ template: "naersk" }), (error: Error) => {
            assert.equal(error.message.split("\n").length, 1);
            return TEMPLATES.every(({ id }) => error.message.includes(id));
        });
        await assert.rejects(proposed({ options: ["package", "docker"] }), (error: Error) => {
            assert.equal(error.message.split("\n").length, 1);
            return OPTIONS.every(({ id }) => error.message.includes(id));
        });
        await assert.rejects(
            proposed({ options: ["package-nixpkgs", "package"] }),
            /one of “Package” and “Package without crane”, not both/,
        );
    });

    it("tells what stands in the way of a build", async () => {
        const notes = async (...options: string[]): Promise<string> =>
            (await proposed({ options })).notes.join(" ");
        assert.match(await notes("package"), /no Cargo\.toml yet/);
        folder.write("Cargo.toml", '[package]\nname = "app"\n');
        assert.match(await notes("checks"), /no Cargo\.lock: run “cargo generate-lockfile”/);
        folder.write("Cargo.lock", "version = 4\n");
        assert.equal(await notes("package"), "");
        assert.match(await notes("image"), /no program was found/);
        folder.write("src/main.rs");
        assert.equal(await notes("image"), "");
        assert.match(await notes("hooks", "envrc"), /: \.pre-commit-config\.yaml, \.direnv\.$/);
        folder.write("Cargo.toml", "<<<<<<< HEAD\n");
        assert.match(await notes("package"), /can't be read/);
        assert.match(
            (await proposed({ template: "toolchain-file" })).notes.join(),
            /There is no rust-/,
        );
    });

    it("says in the flake why a toolchain file is not read", async () => {
        folder.write(
            "rust-toolchain.toml",
            '[toolchain]\nchannel = "1.75.0-x86_64-unknown-linux-gnu"\n',
        );
        const { text, notes } = await proposed();
        assert.match(text, /pkgs\.rust-bin\.stable\."1\.75\.0"\.default\.override/);
        assert.match(text, /# rust-toolchain\.toml is not read here\. rust-overlay does not take/);
        assert.equal(notes.length, 2);
        folder.write("rust-toolchain.toml", '[toolchain]\nchannel = "nightly-2024-01-01"\n');
        assert.match((await proposed()).text, /fenixPkgs\.fromToolchainFile \{/);
    });

    it("copies what the toolchain file asks for where the flake is to be elsewhere", async () => {
        folder.write("Cargo.toml", '[package]\nname = "app"\n');
        folder.write(
            "rust-toolchain.toml",
            '[toolchain]\nchannel = "1.80.0"\ntargets = ["wasm32-wasip1"]\n',
        );
        const elsewhere = await proposed({ folder: folder.folder("storage/flake") });
        assert.match(elsewhere.text, /stable\."1\.80\.0"\.default\.override/);
        assert.match(elsewhere.text, /targets = \[ "wasm32-wasip1" \];/);
        assert.doesNotMatch(elsewhere.text, /rust-toolchain|\.\.\//);
        // Within a repository nix takes all of it along.
        folder.folder(".git");
        const below = await proposed({ folder: folder.folder("nix") });
        assert.match(below.text, /fromRustupToolchainFile \.\.\/rust-toolchain\.toml\)/);
    });

    it("takes any name of a folder", async () => {
        const odd = `my "app" \${x} \\ 'é'`;
        folder.write(`${odd}/rust-toolchain.toml`, '[toolchain]\nchannel = "1.80"\n');
        const path = folder.folder(odd);
        const { text } = await proposed({ project: detectProject(path), folder: path });
        assert.match(text, /^ {2}description = "my \\"app\\" \\\$\{x\} \\\\ 'é'";$/m);
        assert.match(text, /fromRustupToolchainFile \.\/rust-toolchain\.toml\)/);
    });

    it("names targets and nightly where cargo's own files ask for them", async () => {
        folder.write("Cargo.toml", '[package]\nname = "app"\n');
        const target = (value: string): string => `[build]\ntarget = ${value}\n`;
        folder.write(".cargo/config.toml", target('"thumbv7em-none-eabihf"'));
        const embedded = (await proposed()).text;
        assert.match(embedded, /stable\.latest\.default\.override/);
        assert.match(embedded, /targets = \[ "thumbv7em-none-eabihf" \];/);
        for (const own of ['"x86_64-unknown-linux-gnu"', '"my-board.json"', "5", '"']) {
            folder.write(".cargo/config.toml", target(own));
            assert.match((await proposed()).text, /pkgs\.rustc$/m, own);
        }
        folder.write(".cargo/config.toml", '[unstable]\nbuild-std = ["core"]\n');
        assert.match((await proposed()).text, /selectLatestNightlyWith/);
        folder.remove(".cargo/config.toml");
        folder.write(
            "Cargo.toml",
            'cargo-features = ["per-package-target"]\n[package]\nname = "app"\n',
        );
        assert.match((await proposed()).text, /selectLatestNightlyWith/);
        // A toolchain file decides, where there is one.
        folder.write("rust-toolchain", "1.80\n");
        assert.match((await proposed()).text, /fromRustupToolchainFile \.\/rust-toolchain\)/);
    });
});
