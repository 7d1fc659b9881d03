import assert from "node:assert/strict";
import {
    customOptions,
    parseCargoConfig,
    readCargoConfig,
} from "../../../../../src/core/rust/cargo/cargoConfig";
import { testFolder } from "../../../testFolder";

describe("cargo's own configuration", () => {
    const folder = testFolder();

    it("has targets, linkers, runners and flags, as texts or lists", async () => {
        const config = await parseCargoConfig(`
[build]
target = "thumbv6m-none-eabi"
rustflags = "--cfg tokio_unstable"
rustc-wrapper = "sccache"
[target.x86_64-unknown-linux-gnu]
linker = "clang"
rustflags = ["-C", "link-arg=-fuse-ld=mold", "--cfg=fast"]
[target.'cfg(all(target_arch = "arm", target_os = "none"))']
runner = "probe-rs run --chip X"
`);
        assert.deepEqual(config?.targets, ["thumbv6m-none-eabi"]);
        assert.equal(config.wrapper, "sccache");
        assert.deepEqual(
            config.perTarget.map(({ target, linker, runner }) => [target, linker, runner]),
            [
                [undefined, undefined, undefined],
                ["x86_64-unknown-linux-gnu", "clang", undefined],
                ['cfg(all(target_arch = "arm", target_os = "none"))', undefined, "probe-rs"],
            ],
        );
        assert.deepEqual([...customOptions(config)], ["tokio_unstable", "fast"]);
    });

    it("is read from the folder and those above, the nearest first", async () => {
        folder.write(
            ".cargo/config.toml",
            '[build]\ntarget = "outer"\nrustc-wrapper = "sccache"\n',
        );
        folder.write("a/.cargo/config", '[build]\ntarget = ["inner"]\n');
        const config = await readCargoConfig(`${folder.path}/a`, folder.path);
        assert.deepEqual(config.targets, ["inner"]);
        assert.equal(config.wrapper, "sccache");
    });

    it("is nothing where it is no TOML or not there", async () => {
        folder.write(".cargo/config.toml", "[build\n");
        const none = { targets: [], perTarget: [], wrapper: undefined };
        assert.deepEqual(await readCargoConfig(folder.path, folder.path), none);
        assert.deepEqual(await readCargoConfig(`${folder.path}/none`, folder.path), none);
    });
});
