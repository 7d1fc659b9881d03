import assert from "node:assert/strict";
import { testFolder } from "../../../testFolder";
import { needsOf, shownNeeds } from "./project";

describe("what a project's own files need", () => {
    const folder = testFolder();
    const plain = { app: [] };

    it("libraries of [package.metadata.system-deps], with the features that they are for", async () => {
        const manifest = (defaults: string): string => `build = "build.rs"
[package.metadata.system-deps]
libarchive = "3"
openssl = { version = "3", feature = "tls" }
unheard-of = "1"
[features]
default = [${defaults}]
tls = []
`;
        assert.deepEqual(shownNeeds(await needsOf(folder, manifest(""), plain)), [
            "libarchive",
            "pkg-config",
        ]);
        assert.deepEqual(shownNeeds(await needsOf(folder, manifest('"tls"'), plain)), [
            "libarchive",
            "openssl",
            "pkg-config",
        ]);
    });

    it("libraries that a build script asks for or links, not those in its comments", async () => {
        folder.write(
            "build.rs",
            `fn main() {
    pkg_config::Config::new().atleast_version("1").probe("liblz4").unwrap();
    // pkg_config::probe_library("openssl")
    println!("cargo:rustc-link-lib=dylib=pam");
    println!("cargo::rustc-link-lib=made-up");
}
`,
        );
        folder.write("src/lib.rs", '#[link(name = "z")]\nextern "C" {}\n');
        const needs = await needsOf(folder, '[dependencies]\nlibc = "0.2"\n', { app: ["libc"] });
        assert.deepEqual(shownNeeds(needs), ["lz4", "pam", "pkg-config", "zlib"]);
        assert.equal(
            needs.buildInputs.find(({ attribute }) => attribute === "pam")?.platform,
            "linux",
        );
        assert.deepEqual(needs.buildInputs[0]?.reasons, [
            {
                crate: "build.rs",
                version: undefined,
                rule: "It asks pkg-config for liblz4.",
                path: ["app", "build.rs"],
            },
        ]);
    });

    it("linkers and runners of .cargo/config.toml, of targets that are built here", async () => {
        folder.write(
            ".cargo/config.toml",
            `[target.x86_64-unknown-linux-gnu]
linker = "clang"
rustflags = ["-C", "link-arg=-fuse-ld=/usr/bin/mold"]
[target.x86_64-pc-windows-msvc]
linker = "lld"
[target.'cfg(all(target_arch = "arm", target_os = "none"))']
runner = "probe-rs run"
rustflags = ["-C", "linker=flip-link"]
`,
        );
        assert.deepEqual(shownNeeds(await needsOf(folder, "", plain)), [
            "clang",
            "flip-link",
            "mold",
            "probe-rs-tools",
        ]);
    });

    it("nothing of a fork that compiles what it links elsewhere", async () => {
        const manifest = `[dependencies]
cairo-sys-rs = { path = "cairo" }
fontconfig = { path = "fontconfig" }
`;
        const own = (name: string, used: string): string =>
            `[package]\nname = "${name}"\nversion = "1.0.0"\n[build-dependencies]\n${used} = "1"\n`;
        folder.write("cairo/Cargo.toml", own("cairo-sys-rs", "cc"));
        folder.write("fontconfig/Cargo.toml", own("fontconfig", "pkg-config"));
        const lock = {
            app: ["cairo-sys-rs", "fontconfig"],
            "cairo-sys-rs": ["cc"],
            fontconfig: ["pkg-config"],
        };
        const needs = await needsOf(folder, manifest, lock, ["app", "cairo-sys-rs", "fontconfig"]);
        assert.deepEqual(shownNeeds(needs), ["fontconfig", "pkg-config"]);
    });
});
