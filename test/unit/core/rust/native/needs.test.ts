import assert from "node:assert/strict";
import { testFolder } from "../../../testFolder";
import { needsOf, shownNeeds } from "./project";

type Lock = Readonly<Record<string, readonly string[]>>;

describe("what the crates of a project need", () => {
    const folder = testFolder();
    const check = (
        what: string,
        manifest: string,
        lock: Lock,
        expected: readonly string[],
    ): void => {
        it(what, async () => {
            assert.deepEqual(shownNeeds(await needsOf(folder, manifest, lock)), expected);
        });
    };
    const uses = (name: string, more = "1"): string =>
        `[dependencies]\n${name} = ${more.startsWith("{") ? more : `"${more}"`}\n`;

    describe("from the crate alone", () => {
        check("nothing", uses("serde"), { app: ["serde"] }, []);
        check("a library and what finds it", uses("openssl-sys"), { app: ["openssl-sys"] }, [
            "openssl",
            "pkg-config",
        ]);
        check(
            "of jemalloc only that the hardening is off that breaks it",
            uses("tikv-jemalloc-sys"),
            { app: ["tikv-jemalloc-sys"] },
            ["hardening:fortify"],
        );
        check(
            "nothing for copies that build",
            uses("zstd-sys"),
            { app: ["zstd-sys"], "zstd-sys": ["cc", "pkg-config"] },
            [],
        );
        check(
            "nothing for ring and aws-lc, whatever they could use",
            uses("aws-lc-sys"),
            {
                app: ["aws-lc-sys", "ring"],
                "aws-lc-sys": ["bindgen", "cmake"],
            },
            [],
        );
        check(
            "the LLVM that the version of llvm-sys says",
            uses("llvm-sys", "191"),
            { app: ["llvm-sys"], "llvm-sys 191.0.0": [] },
            [
                "LLVM_SYS_191_PREFIX=${pkgs.llvmPackages_19.llvm.dev}",
                "libffi",
                "libxml2",
                "llvmPackages_19.llvm",
            ],
        );
    });

    describe("from what the lock says it uses", () => {
        check(
            "SQLite, where no copy is compiled",
            uses("libsqlite3-sys"),
            { app: ["libsqlite3-sys"], "libsqlite3-sys": ["pkg-config", "vcpkg"] },
            ["pkg-config", "sqlite"],
        );
        check(
            "no SQLite, where one is",
            uses("libsqlite3-sys", '{ version = "1", features = ["bundled"] }'),
            { app: ["libsqlite3-sys"], "libsqlite3-sys": ["cc", "pkg-config", "vcpkg"] },
            [],
        );
        check(
            "Wayland not, where the protocol is spoken in Rust",
            uses("wayland-sys"),
            { app: ["wayland-sys"], "wayland-sys": ["pkg-config"] },
            [],
        );
        check(
            "Wayland linked",
            uses("wayland-sys"),
            { app: ["wayland-sys"], "wayland-sys": ["dlib", "log", "pkg-config"] },
            ["pkg-config", "wayland"],
        );
        check(
            "Wayland opened at run time",
            uses("wayland-sys"),
            { app: ["wayland-sys"], "wayland-sys": ["dlib", "log", "once_cell", "pkg-config"] },
            ["dlopen:wayland"],
        );
        check(
            "libclang for bindgen",
            uses("pipewire-sys"),
            { app: ["pipewire-sys"], "pipewire-sys": ["bindgen", "system-deps"] },
            ["pipewire", "pkg-config", "rustPlatform.bindgenHook"],
        );
        check(
            "no libclang for headers of Apple",
            uses("cpal"),
            {
                app: ["cpal"],
                cpal: ["alsa", "coreaudio-rs"],
                alsa: ["alsa-sys"],
                "coreaudio-rs": ["coreaudio-sys"],
                "coreaudio-sys": ["bindgen"],
            },
            ["alsa-lib", "pkg-config", "rustPlatform.bindgenHook"],
        );
        check("protoc", uses("prost-build"), { app: ["prost-build"] }, ["protobuf"]);
        check(
            "no protoc, where protox stands in",
            uses("prost-build") + 'protox = "1"\n',
            { app: ["prost-build", "protox"] },
            [],
        );
        check(
            "no protoc, where protox stands in for what tonic runs",
            uses("tonic-build") + 'protox = "1"\n',
            { app: ["protox", "tonic-build"], "tonic-build": ["prost-build"] },
            [],
        );
        check(
            "protoc, where protox stands in only for others",
            uses("tonic-build") + 'codec = "1"\n',
            {
                app: ["codec", "tonic-build"],
                codec: ["prost-build", "protox"],
                "tonic-build": ["prost-build"],
            },
            ["protobuf"],
        );
        check(
            "no protoc, where only a crate with its generated code uses prost",
            uses("pprof"),
            { app: ["pprof"], pprof: ["prost-build"] },
            [],
        );
        check(
            "FreeType, where its own copy would take CMake",
            uses("freetype-sys"),
            { app: ["freetype-sys"], "freetype-sys": ["cmake", "pkg-config"] },
            ["freetype", "pkg-config"],
        );
        check(
            "no FreeType, where its own copy takes a compiler alone",
            uses("freetype-sys"),
            { app: ["freetype-sys"], "freetype-sys": ["cc", "pkg-config"] },
            [],
        );
        check(
            "PostgreSQL alone, which the linker finds where pg_config is missing",
            uses("pq-sys"),
            { app: ["pq-sys"], "pq-sys": ["vcpkg"] },
            ["libpq"],
        );
        check(
            "pkg-config too, where PostgreSQL is looked for with it",
            uses("pq-sys", '{ version = "0.7", features = ["pkg-config"] }'),
            { app: ["pq-sys"], "pq-sys": ["pkg-config", "vcpkg"] },
            ["libpq", "pkg-config"],
        );
        check(
            "no udev, where hidapi speaks to the kernel through a crate",
            uses("hidapi"),
            { app: ["hidapi"], hidapi: ["basic-udev", "pkg-config"] },
            [],
        );
        check(
            "udev for hidapi as it is by default",
            uses("hidapi"),
            { app: ["hidapi"], hidapi: ["cc", "pkg-config"] },
            ["pkg-config", "udev"],
        );
        check(
            "X libraries, for a program that opens them itself",
            uses("x11-dl"),
            { app: ["x11-dl"], "x11-dl": ["pkg-config"] },
            ["libx11", "libxcursor", "libxi", "libxinerama", "libxrandr", "pkg-config"],
        );
        check(
            "X libraries at run time, for windows of a fork of winit",
            `${uses("x11-dl")}xkbcommon-dl = "0.4"\n`,
            { app: ["x11-dl", "xkbcommon-dl"], "x11-dl": ["pkg-config"] },
            [
                "dlopen:libx11",
                "dlopen:libxcursor",
                "dlopen:libxi",
                "dlopen:libxkbcommon",
                "dlopen:libxrandr",
            ],
        );
        check(
            "libsensors, which no build script looks for",
            uses("sensors"),
            {
                app: ["sensors"],
                sensors: ["libc", "libsensors-sys"],
            },
            ["lm_sensors"],
        );
        check(
            "xmlsec, where SAML is signed",
            uses("samael"),
            { app: ["samael"], samael: ["bindgen", "libxml", "openssl-sys", "pkg-config"] },
            [
                "libtool",
                "libxml2",
                "libxslt",
                "openssl",
                "pkg-config",
                "rustPlatform.bindgenHook",
                "xmlsec",
                "xmlsec",
            ],
        );
        check(
            "no xmlsec, where it is not",
            uses("samael"),
            { app: ["samael"], samael: ["flate2", "rsa"] },
            [],
        );
        check(
            "no index of mail, where its feature is off",
            '[dependencies]\nnotmuch = { version = "0.8", optional = true }\n',
            { app: ["notmuch"] },
            [],
        );
        check("the index of mail, where it is used", uses("notmuch"), { app: ["notmuch"] }, [
            "notmuch",
        ]);
        check(
            "nothing for parts that are named after another system",
            uses("camera"),
            {
                app: ["camera"],
                camera: ["camera-bindings-macos", "camera_windows", "backend-android-activity"],
                "camera-bindings-macos": ["alsa-sys"],
                camera_windows: ["openssl-sys"],
                "backend-android-activity": ["alsa-sys"],
            },
            [],
        );
        check(
            "Qt not for Slint, which does without where it is missing",
            uses("slint"),
            {
                app: ["slint"],
                slint: ["i-slint-backend-selector"],
                "i-slint-backend-selector": ["i-slint-backend-qt"],
                "i-slint-backend-qt": ["qttypes"],
            },
            [],
        );
        check(
            "Qt for a program that is written for it",
            uses("qmetaobject"),
            {
                app: ["qmetaobject"],
                qmetaobject: ["qttypes"],
            },
            ["pkg-config", "qt6.qtbase", "qt6.qtdeclarative"],
        );
        check(
            "FUSE for a fuser that links it by default",
            uses("fuser", "0.15"),
            { app: ["fuser"], "fuser 0.15.1": ["pkg-config"] },
            ["fuse3", "pkg-config"],
        );
        check(
            "no FUSE for a fuser that mounts by itself, though it has pkg-config locked",
            uses("fuser", "0.17"),
            { app: ["fuser"], "fuser 0.17.0": ["pkg-config"] },
            [],
        );
        check(
            "FUSE for one that is told to link it",
            uses("fuser", '{ version = "0.17", features = ["libfuse3"] }'),
            { app: ["fuser"], "fuser 0.17.0": ["pkg-config"] },
            ["fuse3", "pkg-config"],
        );
        check(
            "libdrm, linked",
            uses("libdrm_amdgpu_sys", "0.8"),
            { app: ["libdrm_amdgpu_sys"], "libdrm_amdgpu_sys 0.8.16": ["libc"] },
            ["libdrm"],
        );
        check(
            "libdrm, opened",
            uses(
                "libdrm_amdgpu_sys",
                '{ version = "0.8", default-features = false, features = ["dynamic_loading"] }',
            ),
            { app: ["libdrm_amdgpu_sys"], "libdrm_amdgpu_sys 0.8.16": ["libc", "libloading"] },
            ["dlopen:libdrm"],
        );
        check(
            "the keyboard's library for windows of before, which open it",
            uses("winit", "0.28"),
            {
                app: ["winit"],
                "winit 0.28.7": ["smithay-client-toolkit"],
                "smithay-client-toolkit 0.16.1": ["dlib", "pkg-config"],
            },
            ["dlopen:libxkbcommon"],
        );
        check(
            "Meson and an assembler for pictures that bring their libraries",
            uses("libavif-image"),
            {
                app: ["libavif-image"],
                "libavif-image": ["libaom-sys", "libdav1d-sys"],
                "libaom-sys": ["cmake"],
            },
            ["cmake", "meson", "nasm", "ninja", "perl"],
        );
        check(
            "cursors of XCB",
            uses("xcb-util-cursor"),
            { app: ["xcb-util-cursor"], "xcb-util-cursor": ["xcb-util-cursor-sys"] },
            ["libxcb", "libxcb-cursor", "pkg-config"],
        );
        check(
            "NASM, where assembly is compiled with it",
            uses("av-scenechange"),
            { app: ["av-scenechange"], "av-scenechange": ["cc", "nasm-rs"] },
            ["nasm"],
        );
        check(
            "no NASM, where that is off",
            uses("av-scenechange"),
            { app: ["av-scenechange"], "av-scenechange": ["cc"] },
            [],
        );
        check("lists of access rights", uses("exacl"), { app: ["exacl"] }, ["acl"]);
        check("D-Bus not for zbus, which is Rust alone", uses("zbus"), { app: ["zbus"] }, []);
    });

    describe("to build for the web", () => {
        const lock = { app: ["wasm-bindgen"], "wasm-bindgen 0.2.100": [] };
        const module = '[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nwasm-bindgen = "0.2"\n';
        check("nothing, where wasm-bindgen is only locked", uses("wasm-bindgen"), lock, []);
        check("its program, for a module of wasm", module, lock, ["wasm-bindgen-cli"]);

        check(
            "nothing for a library that could be a module, too",
            `[lib]\ncrate-type = ["cdylib"]\n[target.'cfg(target_arch = "wasm32")'.dependencies]\nwasm-bindgen = "0.2"\n`,
            lock,
            [],
        );
        check(
            "nothing for a library that is a module if asked",
            '[lib]\ncrate-type = ["cdylib"]\n[dependencies]\nwasm-bindgen = { version = "0.2", optional = true }\n',
            lock,
            [],
        );

        it("nothing, where a module is one of several packages, and no target is named", async () => {
            folder.write(
                "page/Cargo.toml",
                `[package]\nname = "page"\nversion = "1.0.0"\n${module}`,
            );
            const several = { app: [], page: ["wasm-bindgen"], "wasm-bindgen 0.2.100": [] };
            const manifest = '[workspace]\nmembers = ["page"]\n';
            const needs = await needsOf(folder, manifest, several, ["app", "page"]);
            assert.deepEqual(shownNeeds(needs), []);
            assert.deepEqual(
                needs.tools.map(({ attribute }) => attribute),
                ["wasm-bindgen-cli"],
            );
            folder.write(
                "rust-toolchain.toml",
                '[toolchain]\ntargets = ["wasm32-unknown-unknown"]',
            );
            const named = await needsOf(folder, manifest, several, ["app", "page"]);
            assert.deepEqual(shownNeeds(named), ["wasm-bindgen-cli"]);
        });

        it("Trunk for its own file, but not to build Trunk", async () => {
            folder.write("Trunk.toml", "");
            assert.deepEqual(shownNeeds(await needsOf(folder, module, lock)), [
                "trunk",
                "wasm-bindgen-cli",
            ]);
            folder.write("trunk/Cargo.toml", '[package]\nname = "trunk"\nversion = "1.0.0"\n');
            const needs = await needsOf(
                folder,
                `${uses("wasm-bindgen")}[workspace]\nmembers = ["trunk"]\n`,
                { ...lock, trunk: [] },
                ["app", "trunk"],
            );
            assert.deepEqual(shownNeeds(needs), []);
        });
    });

    it("knows a part for macOS by the library that it is named after", async () => {
        const lock = {
            app: ["window-position"],
            "window-position": ["appkit-nsworkspace-bindings", "xcb"],
            "appkit-nsworkspace-bindings": ["bindgen"],
        };
        const needs = await needsOf(folder, uses("window-position"), lock);
        const platforms = [...needs.nativeBuildInputs, ...needs.buildInputs].map(
            ({ attribute, platform }) => `${attribute}: ${platform}`,
        );
        assert.deepEqual(platforms, [
            "pkg-config: linux",
            "rustPlatform.bindgenHook: darwin",
            "libxcb: linux",
        ]);
    });

    it("tells where nixpkgs no longer has what a crate is built for", async () => {
        const lock = {
            app: ["llvm-sys", "webkit2gtk-sys"],
            "llvm-sys 160.2.1": [],
            "webkit2gtk-sys 0.18.0": ["pkg-config"],
        };
        const needs = await needsOf(
            folder,
            `${uses("llvm-sys", "160")}webkit2gtk-sys = "0.18"\n`,
            lock,
        );
        const rule = (attribute: string): string =>
            [...needs.nativeBuildInputs, ...needs.buildInputs].find(
                (need) => need.attribute === attribute,
            )?.reasons[0]?.rule ?? "";
        assert.match(rule("llvmPackages_16.llvm"), /only up to its release 25\.05/);
        assert.match(rule("webkitgtk_4_1"), /only up to its release 25\.05, as webkitgtk_4_0/);
    });

    it("tells first why something is needed, and then what could use it, too", async () => {
        folder.write("build.rs", 'fn main() { println!("cargo:rustc-link-lib=zstd"); }');
        const lock = { app: ["compression"], compression: ["zstd-sys"], "zstd-sys": ["cc"] };
        const needs = await needsOf(folder, uses("compression"), lock);
        const [zstd] = needs.buildInputs;
        assert.equal(zstd?.isOptional, false);
        assert.deepEqual(
            zstd.reasons.map(({ crate }) => crate),
            ["build.rs", "zstd-sys"],
        );
    });

    it("marks what is for one platform", async () => {
        const lock = { app: ["alsa-sys", "coreaudio-sys"], "coreaudio-sys": ["bindgen"] };
        const needs = await needsOf(
            folder,
            `[target.'cfg(target_os = "linux")'.dependencies]
alsa-sys = "1"
[target.'cfg(target_os = "macos")'.dependencies]
coreaudio-sys = "1"
`,
            lock,
        );
        const platforms = [...needs.nativeBuildInputs, ...needs.buildInputs].map(
            ({ attribute, platform }) => `${attribute}: ${platform}`,
        );
        assert.deepEqual(platforms, [
            "pkg-config: linux",
            "rustPlatform.bindgenHook: darwin",
            "alsa-lib: linux",
        ]);
    });

    describe("from the features of the project", () => {
        const lock = { app: ["gtk", "openssl-sys"], gtk: ["gtk-sys"] };
        const manifest = (defaults: string): string => `[features]
default = [${defaults}]
gui = ["dep:gtk"]
[dependencies]
gtk = { version = "1", optional = true }
openssl-sys = "1"
`;
        check("off", manifest(""), lock, ["openssl", "pkg-config"]);
        check("on by default", manifest('"gui"'), lock, ["gtk3", "openssl", "pkg-config"]);
        check(
            "a feature of a published crate is off, which is there for one of its dependencies",
            `[features]
default = ["player/rodio-backend"]
pulse = ["player/pulseaudio-backend"]
[dependencies]
player = { version = "1", default-features = false }
`,
            {
                app: ["player"],
                player: ["libpulse-binding", "rodio"],
                "libpulse-binding": ["libpulse-sys"],
                rodio: ["alsa-sys"],
            },
            ["alsa-lib", "pkg-config"],
        );
        check(
            "a weak feature of a dependency that is off",
            `[features]
default = ["gtk?/v4"]
[dependencies]
gtk = { version = "1", optional = true }
`,
            lock,
            [],
        );
        const program = (more: string): string => `[features]
gui = ["dep:gtk"]
[dependencies]
gtk = { version = "1", optional = true }
openssl-sys = "1"
[[bin]]
name = "app"
required-features = ["gui"]
${more}`;
        check("that all of its programs need", program(""), lock, [
            "gtk3",
            "openssl",
            "pkg-config",
        ]);
        check("but not that only some of them need", program('[[bin]]\nname = "plain"\n'), lock, [
            "openssl",
            "pkg-config",
        ]);
        it("less surely than what is always built", async () => {
            const needs = await needsOf(folder, program(""), lock);
            assert.deepEqual(
                needs.buildInputs.map(({ attribute, certainty }) => `${attribute}: ${certainty}`),
                ["gtk3: likely", "openssl: certain"],
            );
        });
        check(
            "nothing for the windows of Redox",
            uses("frame-buffer"),
            { app: ["frame-buffer"], "frame-buffer": ["orbclient"], orbclient: ["sdl2-sys"] },
            [],
        );
        check(
            "for other platforms only",
            `[target.'cfg(windows)'.dependencies]\nopenssl-sys = "1"\n`,
            { app: ["openssl-sys"] },
            [],
        );
    });

    it("is less sure of what only tests and other members need, and says why", async () => {
        folder.write(
            "tool/Cargo.toml",
            '[package]\nname = "tool"\n[dependencies]\nalsa-sys = "1"\n',
        );
        folder.write("Cargo.toml", "");
        const manifest = `[dependencies]
openssl-sys = "1"
[dev-dependencies]
libdbus-sys = "1"
[workspace]
members = ["tool"]
`;
        const { lockOf } = await import("./project");
        await needsOf(folder, manifest, { app: ["libdbus-sys", "openssl-sys"] });
        folder.write(
            "Cargo.lock",
            lockOf({ app: ["libdbus-sys", "openssl-sys"], tool: ["alsa-sys"] }, ["app", "tool"]),
        );
        const { readNativeNeeds } = await import("../../../../../src/core/rust/native/read");
        const { detectProject } = await import("../../../../../src/core/project/project");
        const needs = await readNativeNeeds(detectProject(folder.path));
        assert.deepEqual(
            needs?.buildInputs.map(({ attribute, certainty }) => `${attribute}: ${certainty}`),
            ["alsa-lib: likely", "dbus: likely", "openssl: certain"],
        );
        assert.deepEqual(needs.buildInputs[0]?.reasons, [
            {
                crate: "alsa-sys",
                version: "1.0.0",
                rule: "It links ALSA, the sound library.",
                path: ["tool", "alsa-sys"],
            },
        ]);
    });

    it("keeps what a copy replaces apart, as optional", async () => {
        const needs = await needsOf(folder, uses("zstd-sys"), { app: ["zstd-sys"] });
        assert.deepEqual(
            needs.buildInputs.map(({ attribute, isOptional }) => [attribute, isOptional]),
            [["zstd", true]],
        );
    });
});
