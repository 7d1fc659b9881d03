import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import {
    existsSync,
    lstatSync,
    readdirSync,
    readlinkSync,
    realpathSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import { linkRustAnalyzer, rustupToolchain } from "../../../../src/core/rust/rustupLink";
import type { Toolchain } from "../../../../src/core/rust/toolchain";
import { ROOT } from "../../repository";
import { testFolder } from "../../testFolder";
import { until } from "../../until";

describe("rustupToolchain", () => {
    const folder = testFolder();

    /** A toolchain with rustc in its sysroot, and cargo elsewhere unless it is complete. */
    function fakeToolchain(kind: "complete" | "split"): Toolchain {
        const sysroot = folder.folder("fake sysroot");
        const cargoIn = kind === "complete" ? "fake sysroot" : "fake cargo";
        folder.write("fake sysroot/lib/librustc.so");
        const rustc = folder.script("fake sysroot/bin/rustc", "");
        const cargo = folder.script(`${cargoIn}/bin/cargo`, "");
        return { rustc, version: "rustc 1", sysroot, tools: { rustc, cargo }, hasSource: false };
    }

    it("is the sysroot of a complete toolchain", () => {
        const storage = folder.folder("storage");
        const toolchain = fakeToolchain("complete");
        assert.equal(rustupToolchain(toolchain, storage), toolchain.sysroot);
        assert.deepEqual(readdirSync(storage), []);
    });

    it("is a folder of links to the tools and libraries of a split one", () => {
        const storage = folder.folder("storage");
        const toolchain = fakeToolchain("split");
        const path = rustupToolchain(toolchain, storage);
        assert.ok(path.startsWith(`${storage}/`));
        assert.deepEqual(readdirSync(join(path, "bin")).sort(), ["cargo", "rustc"]);
        assert.equal(realpathSync(join(path, "bin/cargo")), toolchain.tools["cargo"]);
        assert.ok(existsSync(join(path, "lib/librustc.so")));
        assert.ok(!existsSync(join(path, "share")));
    });

    it("is the same folder each time, and another one for other tools", () => {
        const storage = folder.folder("storage");
        const toolchain = fakeToolchain("split");
        const first = rustupToolchain(toolchain, storage);
        const { ino } = lstatSync(first);
        assert.equal(rustupToolchain(toolchain, storage), first);
        assert.equal(lstatSync(first).ino, ino);
        const clippy = folder.script("fake clippy/bin/cargo-clippy", "");
        const more = { ...toolchain, tools: { ...toolchain.tools, "cargo-clippy": clippy } };
        assert.notEqual(rustupToolchain(more, storage), first);
        assert.ok(existsSync(first), "what programs may be running through stays");
    });

    it("is made whole by many windows at once, and leaves nothing unfinished", async () => {
        const storage = folder.folder("storage");
        const toolchain = fakeToolchain("split");
        const program = join(folder.path, "window.cjs");
        await build({
            stdin: {
                contents: `import { existsSync, writeFileSync } from "node:fs";
                    import { rustupToolchain } from "./src/core/rust/rustupLink";
                    const [toolchain, storage, barrier] = JSON.parse(process.argv[2]!);
                    writeFileSync(barrier + "/" + process.pid, "");
                    while (!existsSync(barrier + "/go"));
                    for (let i = 0; i < 50; i++) {
                        const tools = { ...toolchain.tools, ["fake-" + i]: toolchain.rustc };
                        console.log(rustupToolchain({ ...toolchain, tools }, storage));
                    }`,
                loader: "ts",
                resolveDir: ROOT,
            },
            bundle: true,
            platform: "node",
            format: "cjs",
            outfile: program,
        });
        const barrier = folder.folder("barrier");
        const args = [program, JSON.stringify([toolchain, storage, barrier])];
        const started = Array.from({ length: 6 }, () =>
            promisify(execFile)(process.execPath, args),
        );
        await until("all windows are ready", () => readdirSync(barrier).length === started.length);
        writeFileSync(join(barrier, "go"), "");
        const windows = await Promise.all(started);
        const [paths = []] = windows.map(({ stdout }) => stdout.trim().split("\n"));
        assert.equal(new Set(paths).size, 50);
        for (const { stdout } of windows) assert.deepEqual(stdout.trim().split("\n"), paths);
        assert.deepEqual(
            readdirSync(storage).sort(),
            paths.map((path) => path.slice(storage.length + 1)).sort(),
        );
        for (const path of paths) assert.equal(readdirSync(join(path, "bin")).length, 3);
    });
});

describe("linkRustAnalyzer", () => {
    const folder = testFolder();

    function withServer(server: string | undefined): Toolchain {
        const tools = {
            rustc: "/x/rustc",
            ...(server !== undefined && { "rust-analyzer": server }),
        };
        return { rustc: "/x/rustc", version: "rustc 1", sysroot: "/x", tools, hasSource: false };
    }

    it("is the same path whatever server it leads to", () => {
        const storage = folder.folder("storage");
        const first = linkRustAnalyzer(withServer("/nix/store/a/bin/rust-analyzer"), storage);
        const second = linkRustAnalyzer(withServer("/nix/store/b/bin/rust-analyzer"), storage);
        assert.equal(first, join(storage, "rust-analyzer"));
        assert.equal(second, first);
        assert.equal(
            readlinkSync(join(storage, "rust-analyzer")),
            "/nix/store/b/bin/rust-analyzer",
        );
        assert.deepEqual(readdirSync(storage), ["rust-analyzer"]);
    });

    it("is gone where the dev shell has no server any more", () => {
        const storage = folder.folder("storage");
        for (const toolchain of [withServer(undefined), undefined]) {
            linkRustAnalyzer(withServer("/nix/store/a/bin/rust-analyzer"), storage);
            assert.equal(linkRustAnalyzer(toolchain, storage), undefined);
            assert.deepEqual(readdirSync(storage), []);
        }
    });
});
