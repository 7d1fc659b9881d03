import assert from "node:assert/strict";
import { isForPlatform } from "../../../../../src/core/rust/cargo/targetPlatform";

function platforms(target: string, custom: readonly string[] = []): string[] {
    return (["linux", "darwin"] as const).filter((platform) =>
        isForPlatform(target, platform, new Set(custom)),
    );
}

describe("the platforms of a dependency", () => {
    const both = ["linux", "darwin"];
    const cases: readonly (readonly [string, readonly string[]])[] = [
        ["cfg(unix)", both],
        ["cfg(windows)", []],
        ['cfg(target_os = "linux")', ["linux"]],
        ['cfg(not(target_os = "linux"))', ["darwin"]],
        ['cfg(any(target_os = "linux", target_os = "freebsd"))', ["linux"]],
        ['cfg(all(unix, not(target_vendor = "apple")))', ["linux"]],
        ['cfg(all(unix, not(any(target_os = "android", target_os = "ios"))))', both],
        ['cfg(not(target_env = "msvc"))', both],
        ['cfg(target_arch = "aarch64")', both],
        ['cfg(not(target_arch = "x86_64"))', both],
        ['cfg(target_arch = "wasm32")', []],
        ["cfg(tokio_unstable)", []],
        ["cfg(all())", both],
        ["cfg(any())", []],
        ["x86_64-unknown-linux-gnu", ["linux"]],
        ["aarch64-apple-darwin", ["darwin"]],
        ["x86_64-pc-windows-msvc", []],
        ["wasm32-unknown-unknown", []],
    ];
    for (const [target, expected] of cases) {
        it(`${target}: ${expected.join(" and ") || "neither"}`, () => {
            assert.deepEqual(platforms(target), expected);
        });
    }

    it("knows what the project's own rustflags set", () => {
        assert.deepEqual(platforms("cfg(tokio_unstable)", ["tokio_unstable"]), both);
        assert.deepEqual(platforms('cfg(backend = "x")', ['backend="x"']), both);
    });
});
