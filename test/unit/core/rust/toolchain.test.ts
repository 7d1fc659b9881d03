import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../../../src/core/process";
import {
    findToolchain,
    installedTargets,
    isComplete,
    type Toolchain,
} from "../../../../src/core/rust/toolchain";
import { testFolder } from "../../testFolder";

const VERSION = "rustc 1.97.1 (8bab26f4f 2026-07-14)";

describe("findToolchain", () => {
    const folder = testFolder();

    const at = (name: string): string => join(folder.path, name);

    /** A rustc that says what the real one says, at `name`/bin. */
    function fakeRustc(name: string, sysroot = at(name)): string {
        return folder.script(
            `${name}/bin/rustc`,
            `case "$*" in
                --version) echo "${VERSION}"; echo more ;;
                "--print sysroot") echo "${sysroot}" ;;
                *) exit 9 ;;
            esac`,
        );
    }

    function found(...folders: string[]): Promise<Toolchain | undefined> {
        return findToolchain({
            env: new Map([["PATH", process.env["PATH"] ?? ""]]),
            folders: folders.map((name) => at(`${name}/bin`)),
            cwd: folder.path,
            run,
            signal: undefined,
        });
    }

    it("tells version, sysroot and tools of a whole toolchain", async () => {
        const rustc = fakeRustc("fake-whole");
        const cargo = folder.script("fake-whole/bin/cargo", "");
        folder.folder("fake-whole/lib/rustlib/src/rust/library/core");
        const toolchain = await found("fake-whole");
        assert.deepEqual(toolchain, {
            rustc,
            version: VERSION,
            sysroot: at("fake-whole"),
            tools: { rustc, cargo },
            hasSource: true,
        });
        assert.ok(toolchain && isComplete(toolchain));
    });

    it("puts a toolchain together whose tools are in several folders, and knows that it is split", async () => {
        const rustc = fakeRustc("fake-rustc");
        const cargo = folder.script("fake-cargo/bin/cargo", "");
        const toolchain = await found("fake-cargo", "fake-rustc");
        assert.deepEqual(toolchain?.tools, { rustc, cargo });
        assert.equal(toolchain?.hasSource, false);
        assert.ok(toolchain && !isComplete(toolchain));
    });

    it("takes a toolchain whose only foreign tool is rust-analyzer for complete", async () => {
        fakeRustc("fake-whole");
        folder.script("fake-whole/bin/cargo", "");
        folder.script("fake-server/bin/rust-analyzer", "");
        const toolchain = await found("fake-whole", "fake-server");
        assert.ok(toolchain && isComplete(toolchain));
        assert.equal(toolchain.tools["rust-analyzer"], at("fake-server/bin/rust-analyzer"));
    });

    it("takes the first of each tool, as PATH does", async () => {
        const first = fakeRustc("fake-first");
        fakeRustc("fake-second");
        assert.equal((await found("fake-first", "fake-second"))?.rustc, first);
    });

    it("does not take rustup's proxies, be they links to rustup or next to it", async () => {
        const rustup = folder.script("fake-rustup/bin/rustup", `echo "${VERSION}"`);
        folder.folder("fake-links/bin");
        for (const name of ["rustc", "cargo"]) symlinkSync(rustup, at(`fake-links/bin/${name}`));
        assert.equal(await found("fake-links"), undefined);

        folder.script("fake-copies/bin/rustup", "");
        fakeRustc("fake-copies");
        assert.equal(await found("fake-copies"), undefined);
    });

    it("finds none where the shell's folders have none, or none that works", async () => {
        assert.equal(await found(), undefined);
        folder.script("fake-cargo/bin/cargo", "");
        assert.equal(await found("fake-cargo", "fake-missing"), undefined);
        folder.script("fake-broken/bin/rustc", "exit 1");
        assert.equal(await found("fake-broken"), undefined);
        folder.script("fake-silent/bin/rustc", "exit 0");
        assert.equal(await found("fake-silent"), undefined);
        folder.write("fake-text/bin/rustc", "not a program");
        assert.equal(await found("fake-text"), undefined);
    });

    it("stops asking when it is cancelled", async () => {
        fakeRustc("fake-whole");
        const search = { env: new Map(), folders: [at("fake-whole/bin")], cwd: folder.path, run };
        await assert.rejects(findToolchain({ ...search, signal: AbortSignal.abort() }), {
            name: "AbortError",
        });
    });
});

describe("installedTargets", () => {
    const folder = testFolder();

    it("are the platforms with a standard library, as a sysroot has them", () => {
        folder.folder("lib/rustlib/x86_64-unknown-linux-gnu/lib");
        folder.folder("lib/rustlib/wasm32-unknown-unknown/lib");
        folder.folder("lib/rustlib/src/rust/library");
        folder.folder("lib/rustlib/etc");
        assert.deepEqual(installedTargets(folder.path), [
            "wasm32-unknown-unknown",
            "x86_64-unknown-linux-gnu",
        ]);
        assert.deepEqual(installedTargets(join(folder.path, "collected")), []);
    });
});
