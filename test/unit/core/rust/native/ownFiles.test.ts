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

    it("every library that a build script names, wherever the script is", async () => {
        folder.write(
            "build/main.rs",
            `fn main() {
    for lib in ["libavcodec", "icu-uc icu-io", "zlib >= 1.2", "made-up", "a zlib"] {
        pkg_config::probe_library(lib).unwrap();
    }
}
`,
        );
        const manifest = `build = "build/main.rs"\n[build-dependencies]\npkg-config = "0.3"\n`;
        const needs = await needsOf(folder, manifest, { app: ["pkg-config"] });
        assert.deepEqual(shownNeeds(needs), ["ffmpeg", "icu", "pkg-config", "zlib"]);
        const without = `build = false\n[build-dependencies]\npkg-config = "0.3"\n`;
        assert.deepEqual(shownNeeds(await needsOf(folder, without, { app: ["pkg-config"] })), [
            "pkg-config",
        ]);
    });

    it("what a build script asks for through another package of the project", async () => {
        folder.write("build.rs", 'fn main() { search::find("fontconfig >= 2.10", "sqlite3"); }\n');
        folder.write(
            "search/Cargo.toml",
            '[package]\nname = "search"\nversion = "1.0.0"\n[dependencies]\npkg-config = "0.3"\n',
        );
        const manifest = '[build-dependencies]\nsearch = { path = "search" }\n';
        const lock = { app: ["search"], search: ["pkg-config"] };
        const needs = await needsOf(folder, manifest, lock, ["app", "search"]);
        assert.deepEqual(shownNeeds(needs), ["fontconfig", "pkg-config", "sqlite"]);
    });

    it("nothing that a build script does only for other systems, or with features that are off", async () => {
        folder.write(
            "build.rs",
            `fn main() {
    #[cfg(feature = "tls")]
    pkg_config::probe_library("openssl").unwrap();
    if cfg!(all(unix, feature = "sound")) { pkg_config::probe_library("alsa").unwrap(); }
    #[cfg(windows)]
    { println!("cargo:rustc-link-lib=z"); }
}
`,
        );
        const manifest = (defaults: string): string => `[features]
default = [${defaults}]
tls = []
sound = []
[build-dependencies]
pkg-config = "0.3"
`;
        const lock = { app: ["pkg-config"] };
        assert.deepEqual(shownNeeds(await needsOf(folder, manifest(""), lock)), ["pkg-config"]);
        assert.deepEqual(shownNeeds(await needsOf(folder, manifest('"sound", "tls"'), lock)), [
            "alsa-lib",
            "openssl",
            "pkg-config",
        ]);
    });

    it("no library that was just compiled, nor one that a crate brings", async () => {
        folder.write(
            "build.rs",
            `fn main() {
    println!("cargo:rustc-link-lib=static=zstd");
    println!("cargo:rustc-link-lib=static:+whole-archive=curl");
    println!("cargo:rustc-link-lib=lz4");
    println!("cargo:rustc-link-lib=bz2");
}
`,
        );
        folder.write("src/lib.rs", '#[link(name = "ssl", kind = "static")]\nextern "C" {}\n');
        const manifest = '[dependencies]\nlibc = "0.2"\nlz4-sys = "1"\n';
        const needs = await needsOf(folder, manifest, { app: ["libc", "lz4-sys"] });
        assert.deepEqual(shownNeeds(needs), ["bzip2"]);
    });

    it("libraries that are declared deeper in the sources, not those of other systems", async () => {
        folder.write("src/pam/mod.rs", '#[link(name = "pam")]\nunsafe extern "C" {}\n');
        folder.write("src/video/gbm.rs", '#[link(name = "gbm")]\nunsafe extern "C" {}\n');
        folder.write("src/input/sys.rs", '#[link(name = "input")]\nunsafe extern "C" {}\n');
        folder.write("src/windows/sys.rs", '#[link(name = "z")]\nunsafe extern "C" {}\n');
        folder.write("src/a/b/story.rs", '// #[link(name = "ssl")]\n');
        folder.write(
            "src/audio.rs",
            '#[cfg(target_os = "freebsd")]\n#[link(name = "pulse")]\nunsafe extern "C" { fn f(); }\n',
        );
        const manifest = '[dependencies]\nlibc = "0.2"\n';
        assert.deepEqual(shownNeeds(await needsOf(folder, manifest, { app: ["libc"] })), [
            "libgbm",
            "libinput",
            "pam",
        ]);
        // A package that uses nothing to call C with is not searched.
        assert.deepEqual(shownNeeds(await needsOf(folder, "", plain)), []);
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
