import assert from "node:assert/strict";
import { join } from "node:path";
import { channelOf, newToolchainFile } from "../../../../src/core/rust/newToolchainFile";
import { readToolchainFile } from "../../../../src/core/rust/toolchainFile";
import { testFolder } from "../../testFolder";

describe("a toolchain file for the Rust in use", () => {
    const folder = testFolder();
    const machine = { platform: "linux", arch: "x64" };

    it("asks for its version", () => {
        assert.equal(channelOf("rustc 1.97.1 (8bab26f4f 2026-07-14)"), "1.97.1");
        assert.equal(
            channelOf("rustc 1.97.1 (8bab26f4f 2026-07-14) (built from a source tarball)"),
            "1.97.1",
        );
        assert.equal(channelOf("rustc 1.99.0-beta.1 (8bab26f4f 2026-08-17)"), "beta");
        assert.equal(
            channelOf("rustc 1.100.0-nightly (8bab26f4f 2026-08-31)"),
            "nightly-2026-09-01",
        );
        assert.equal(channelOf("rustc 1.99.0"), "1.99.0");
        assert.equal(channelOf("rustc built by hand"), undefined);
    });

    it("asks for its components and targets, and is read as such", async () => {
        const sysroot = join(folder.path, "sysroot");
        for (const file of [
            "x86_64-unknown-linux-gnu/lib/libstd.rlib",
            "x86_64-unknown-linux-gnu/bin/llvm-profdata",
            "wasm32-unknown-unknown/lib/libstd.rlib",
            "src/rust/Cargo.lock",
            "components",
        ]) {
            folder.write(`sysroot/lib/rustlib/${file}`);
        }
        const toolchain = {
            rustc: "/bin/rustc",
            version: "rustc 1.97.1 (8bab26f4f 2026-07-14)",
            sysroot,
            tools: { rustc: "/bin/rustc", rustfmt: "/bin/rustfmt", "cargo-clippy": "/bin/x" },
            hasSource: true,
        };
        const text = newToolchainFile(toolchain, machine);
        assert.equal(
            text,
            `[toolchain]
channel = "1.97.1"
components = ["clippy", "llvm-tools", "rust-src", "rustfmt"]
targets = ["wasm32-unknown-unknown"]
`,
        );
        const file = folder.write("rust-toolchain.toml", text);
        assert.equal((await readToolchainFile(file))?.channel, "1.97.1");
    });

    it("is not written for a Rust without a version, and has no targets where none are known", () => {
        const toolchain = { rustc: "", sysroot: "/none", tools: {}, hasSource: false };
        assert.equal(newToolchainFile({ ...toolchain, version: "rustc x" }, machine), undefined);
        assert.equal(
            newToolchainFile({ ...toolchain, version: "rustc 1.80.0" }, machine),
            '[toolchain]\nchannel = "1.80.0"\ncomponents = []\n',
        );
    });
});
