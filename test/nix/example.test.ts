import assert from "node:assert/strict";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Capture } from "../../src/core/capture";
import type { Environment } from "../../src/core/environment/environment";
import { base, bed, captureOf, changeOf, inside, output, suiteFolder } from "./bed";

describe("the example project", () => {
    const at = suiteFolder();
    let folder: string;
    let captured: Capture;

    before(async () => {
        folder = await (await bed()).instantiate("example", at("hello-nix"));
        captured = await captureOf(folder);
    });

    it("changes what its flake says", () => {
        assert.deepEqual(changeOf(captured, "GREETING"), {
            op: "set",
            name: "GREETING",
            value: "Hello",
        });
        assert.deepEqual(changeOf(captured, "PROJECT_ROOT"), {
            op: "set",
            name: "PROJECT_ROOT",
            value: folder,
        });
        assert.deepEqual(changeOf(captured, "IN_NIX_SHELL"), {
            op: "set",
            name: "IN_NIX_SHELL",
            value: "impure",
        });
    });

    it("puts its tools in front of the user's PATH", () => {
        const change = changeOf(captured, "PATH");
        assert.equal(change?.op, "prepend");
        for (const entry of change.value.split(":")) assert.match(entry, /^\/nix\/store\/.*\/bin$/);
    });

    it("keeps what is internal to the build out, each with a reason", () => {
        const reasons = new Map(captured.delta.omitted.map(({ name, reason }) => [name, reason]));
        for (const name of ["name", "out", "stdenv", "buildInputs", "phases", "shellHook"]) {
            if (name !== "shellHook") assert.equal(reasons.get(name), "builder", name);
            assert.equal(changeOf(captured, name), undefined, name);
        }
        assert.equal(reasons.get("SOURCE_DATE_EPOCH"), "reproducible-date");
        assert.equal(reasons.get("TMPDIR"), "temporary");
    });

    it("finds the toolchain", async () => {
        const { version } = await (await bed()).rustToolchain();
        const { toolchain } = captured;
        assert.ok(toolchain);
        assert.match(toolchain.sysroot, /^\/nix\/store\//);
        assert.ok(toolchain.version.startsWith(`rustc ${version}`), toolchain.version);
        assert.ok(toolchain.hasSource);
        assert.ok(toolchain.tools["rust-analyzer"]?.startsWith("/nix/store/"));
        assert.ok(toolchain.tools["cargo"]?.startsWith("/nix/store/"));
    });

    it("tells rustup the sysroot", () => {
        assert.deepEqual(changeOf(captured, "RUSTUP_TOOLCHAIN"), {
            op: "set",
            name: "RUSTUP_TOOLCHAIN",
            value: captured.toolchain?.sysroot,
        });
    });

    it("gives programs the dev shell's Rust", async () => {
        const env = inside(captured);
        assert.equal(await output(env, folder, "rustc", "--version"), captured.toolchain?.version);
        const which = await output(env, folder, "sh", "-c", "command -v cargo");
        assert.match(which, /^\/nix\/store\//);
    });
});

describe("rustup's proxies, first on PATH in a dev shell", () => {
    const at = suiteFolder();
    const proxies = join(homedir(), ".cargo/bin");
    let version: string;

    before(async function () {
        if (!existsSync(join(proxies, "rustup"))) {
            console.log(`      there is no rustup in ${proxies}`);
            this.skip();
        }
        ({ version } = await (await bed()).rustToolchain());
    });

    const shadowed = (captured: Capture): Environment => {
        const env = inside(captured);
        return new Map([...env, ["PATH", `${proxies}:${env.get("PATH")}`]]);
    };

    for (const fixture of ["example", "split"]) {
        describe(fixture === "split" ? "of separate rustc and cargo" : "of one toolchain", () => {
            let folder: string;
            let captured: Capture;

            before(async () => {
                folder = await (await bed()).instantiate(fixture, at(fixture));
                captured = await captureOf(folder);
            });

            it("run the dev shell's tools", async () => {
                const env = shadowed(captured);
                const rustc = await output(env, folder, "rustc", "--version");
                assert.equal(rustc, captured.toolchain?.version);
                const cargo = await output(env, folder, "cargo", "--version");
                assert.ok(cargo.startsWith(`cargo ${version}`), cargo);
            });

            it("run them also where rust-toolchain.toml asks for another channel", async () => {
                writeFileSync(
                    join(folder, "rust-toolchain.toml"),
                    '[toolchain]\nchannel = "nightly"\n',
                );
                const env = shadowed(captured);
                const rustc = await output(env, folder, "rustc", "--version");
                assert.equal(rustc, captured.toolchain?.version);
                const cargo = await output(env, folder, "cargo", "--version");
                assert.ok(cargo.startsWith(`cargo ${version}`), cargo);
            });

            it("compile and lint with them", async () => {
                const env = shadowed(captured);
                await output(env, folder, "cargo", "clippy", "--offline");
                const said = await output(env, folder, "cargo", "run", "--quiet", "--offline");
                assert.notEqual(said, "");
            });
        });
    }
});

describe("cargo's own folder, which cargo prefers to a PATH without it", () => {
    const at = suiteFolder();
    const fake = "#!/bin/sh\necho from the user\n";

    for (const fixture of ["example", "split"]) {
        it(`does not shadow the dev shell's subcommands in ${fixture}`, async () => {
            const folder = await (await bed()).instantiate(fixture, at(fixture));
            const home = at(`home of ${fixture}`);
            const bin = join(home, ".cargo/bin");
            mkdirSync(bin, { recursive: true });
            for (const name of ["cargo-clippy", "cargo-fmt", "cargo-mine"]) {
                writeFileSync(join(bin, name), fake, { mode: 0o755 });
            }
            const from = new Map([...base, ["HOME", home], ["PATH", "/usr/bin:/bin"]]);
            from.delete("CARGO_HOME");
            const captured = await captureOf(folder, { base: from });
            const env = inside(captured, from);
            const mine = await output(env, folder, "cargo", "mine");
            assert.equal(mine, "from the user", "what only the user has is still there");
            assert.match(await output(env, folder, "cargo", "clippy", "--version"), /^clippy /);
            assert.match(await output(env, folder, "cargo", "fmt", "--version"), /^rustfmt /);

            // What happens without the folder on PATH, so that this can fail.
            const path = env.get("PATH")?.replace(`:${bin}`, "") ?? "";
            const shadowed = new Map([...env, ["PATH", path]]);
            const said = await output(shadowed, folder, "cargo", "clippy", "--version");
            assert.equal(said, "from the user");
        });
    }
});

describe("a machine with rustup and without its component rust-analyzer", () => {
    const at = suiteFolder();
    const proxies = join(homedir(), ".cargo/bin");

    it("runs the dev shell's through the proxy", async function () {
        if (!existsSync(join(proxies, "rust-analyzer"))) {
            console.log(`      there is no proxy for it in ${proxies}`);
            this.skip();
        }
        const folder = await (await bed()).instantiate("example", at("example"));
        const env = inside(await captureOf(folder));
        const behind = new Map([...env, ["PATH", `${proxies}:${env.get("PATH")}`]]);
        const { version } = await (await bed()).rustToolchain();
        const said = await output(behind, folder, "rust-analyzer", "--version");
        assert.ok(said.startsWith(`rust-analyzer ${version}`), said);
        // Outside of the dev shell there is none, or rustup's own.
        const outside = new Map([...base, ["PATH", `${proxies}:${base.get("PATH")}`]]);
        const other = await output(outside, "/", "rust-analyzer", "--version").catch(String);
        assert.ok(!other.startsWith(`rust-analyzer ${version}`), other);
    });
});

describe("a toolchain in parts", () => {
    const at = suiteFolder();
    let captured: Capture;

    before(async () => {
        const folder = await (await bed()).instantiate("split", at("split"));
        captured = await captureOf(folder);
    });

    it("is linked together where rustup looks", () => {
        const value = inside(captured).get("RUSTUP_TOOLCHAIN");
        assert.ok(value !== undefined && value.startsWith(at("split.storage/toolchain-")), value);
        for (const tool of ["rustc", "cargo", "cargo-clippy", "rustfmt"]) {
            assert.ok(existsSync(join(value, "bin", tool)), tool);
        }
        assert.ok(existsSync(join(value, "lib/rustlib")));
    });

    it("has its source where the shell says", () => {
        assert.equal(captured.toolchain?.hasSource, false);
        const source = inside(captured).get("RUST_SRC_PATH") ?? "";
        assert.ok(existsSync(join(source, "core")), source);
        assert.equal(captured.toolchain.tools["rust-analyzer"], undefined);
    });
});

describe("a folder without Rust in its dev shell", () => {
    const at = suiteFolder();

    it("has no toolchain, and leaves rustup alone", async () => {
        const folder = await (await bed()).instantiate("no-rust", at("no-rust"));
        const captured = await captureOf(folder);
        assert.equal(captured.toolchain, undefined);
        assert.equal(changeOf(captured, "RUSTUP_TOOLCHAIN"), undefined);
        assert.equal(inside(captured).get("GREETING"), "Hello without Rust");
    });
});
