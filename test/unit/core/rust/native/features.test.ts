import assert from "node:assert/strict";
import { nativeTable } from "../../../../../src/core/rust/native/table";
import { isSatisfiedBy } from "../../../../../src/core/rust/cargo/versionRequirement";
import { testFolder } from "../../../testFolder";
import { needsOf, shownNeeds } from "./project";

type Lock = Readonly<Record<string, readonly string[]>>;

describe("features of published crates", () => {
    const folder = testFolder();
    const check = (
        what: string,
        dependencies: string,
        lock: Lock,
        expected: readonly string[],
    ): void => {
        it(what, async () => {
            const needs = await needsOf(folder, `[dependencies]\n${dependencies}\n`, lock);
            assert.deepEqual(shownNeeds(needs), expected);
        });
    };

    const tls = {
        "native-tls 0.2.12": ["openssl", "openssl-sys", "schannel"],
        openssl: ["openssl-sys"],
        "openssl-sys 0.9.100": ["cc", "pkg-config", "vcpkg"],
    };
    const http = {
        app: ["reqwest"],
        "reqwest 0.12.5": ["hyper-rustls", "hyper-tls", "native-tls", "rustls", "tokio-native-tls"],
        "hyper-tls": ["native-tls"],
        ...tls,
    };
    check("reqwest 0.12 uses OpenSSL by default", 'reqwest = "0.12"', http, [
        "openssl",
        "pkg-config",
    ]);
    check(
        "reqwest with rustls alone does not, though it is locked",
        `reqwest = { version = "0.12", default-features = false, features = ["rustls-tls"] }
tls-of-others = { package = "native-tls", version = "0.2", optional = true }`,
        { ...http, app: ["native-tls", "reqwest"] },
        [],
    );

    const git = {
        app: ["git2"],
        "git2 0.19.0": ["libgit2-sys", "openssl-probe", "openssl-sys"],
        "libgit2-sys 0.17.0": ["cc", "libssh2-sys", "libz-sys", "openssl-sys", "pkg-config"],
        "libssh2-sys 0.3.0": ["cc", "openssl-sys", "pkg-config"],
        ...tls,
    };
    check("git2 uses OpenSSL by default", 'git2 = "0.19"', git, ["openssl", "pkg-config"]);
    it("git2 without https does not, where a feature of the project could turn it on", async () => {
        const manifest = `[features]
https = ["git2/https"]
ssh = ["git2/ssh"]
[dependencies]
git2 = { version = "0.19", default-features = false }
`;
        assert.deepEqual(shownNeeds(await needsOf(folder, manifest, git)), []);
    });

    const weak = {
        "sqlx 0.8.6": ["sqlx-core", "sqlx-macros", "sqlx-postgres", "sqlx-sqlite"],
        "sqlx-sqlite 0.8.6": ["libsqlite3-sys"],
        "libsqlite3-sys": ["pkg-config", "vcpkg"],
    };
    check(
        "what is locked for a weak feature is not built",
        'sqlx = { version = "0.8", default-features = false, features = ["postgres"] }',
        { app: ["sqlx"], ...weak },
        [],
    );
    check(
        "what is asked for is",
        'sqlx = { version = "0.8", default-features = false, features = ["sqlite-unbundled"] }',
        { app: ["sqlx"], ...weak },
        ["pkg-config", "sqlite"],
    );

    const lua = (features: string): string =>
        `mlua = { version = "0.10", features = [${features}] }`;
    const lock = {
        app: ["mlua"],
        "mlua 0.10.0": ["mlua-sys"],
        "mlua-sys 0.6.0": ["cc", "pkg-config"],
    };
    check("mlua links the Lua that it is told to", lua('"luajit"'), lock, ["luajit", "pkg-config"]);
    check("another one", lua('"lua54"'), lock, ["lua5_4", "pkg-config"]);
    check(
        "mlua with its own copy needs none",
        lua('"lua54", "vendored"'),
        { ...lock, "mlua-sys 0.6.0": ["cc", "lua-src", "pkg-config"] },
        [],
    );

    check(
        "a copy of OpenSSL that is asked for is replaced by the one of nixpkgs",
        'openssl = { version = "0.10", features = ["vendored"] }',
        {
            app: ["openssl"],
            "openssl 0.10.70": ["openssl-sys"],
            "openssl-sys 0.9.100": ["cc", "openssl-src", "pkg-config"],
        },
        ["OPENSSL_NO_VENDOR=1", "openssl", "pkg-config"],
    );

    const keys = (features: string): string =>
        `keyring = { version = "3", default-features = false, features = [${features}] }`;
    const secrets = {
        app: ["keyring"],
        "keyring 3.6.3": ["dbus-secret-service", "openssl"],
        "dbus-secret-service 4.0.3": ["dbus", "openssl"],
        "dbus 0.9.7": ["libdbus-sys"],
        "libdbus-sys 0.2.5": ["cc", "pkg-config"],
        "openssl 0.10.70": ["openssl-sys"],
        "openssl-sys 0.9.100": ["cc", "openssl-src", "pkg-config"],
    };
    check(
        "keyring with its own copies needs neither D-Bus nor the OpenSSL that nobody asks for",
        keys('"sync-secret-service", "vendored"'),
        secrets,
        [],
    );
    check(
        "keyring needs the D-Bus of the system",
        keys('"sync-secret-service", "crypto-rust"'),
        { ...secrets, "libdbus-sys 0.2.5": ["pkg-config"] },
        ["dbus", "pkg-config"],
    );
    it("keyring needs it where a copy is only what a feature of the project could ask for", async () => {
        const manifest = `[features]
vendored = ["keyring/vendored"]
[dependencies]
${keys('"sync-secret-service"')}
`;
        assert.deepEqual(shownNeeds(await needsOf(folder, manifest, secrets)), [
            "dbus",
            "pkg-config",
        ]);
    });
    check(
        "keyring needs OpenSSL where it encrypts with it",
        keys('"sync-secret-service", "crypto-openssl"'),
        { ...secrets, "libdbus-sys 0.2.5": ["pkg-config"], "openssl-sys 0.9.100": ["pkg-config"] },
        ["dbus", "openssl", "pkg-config"],
    );

    check(
        "pq-sys that compiles PostgreSQL's library needs none",
        'pq-sys = { version = "0.7", features = ["bundled"] }',
        { app: ["pq-sys"], "pq-sys 0.7.0": ["pq-src", "vcpkg"], "pq-src": ["cc"] },
        [],
    );
    check(
        "x11 links what its features name",
        'x11 = { version = "2", features = ["xlib", "xtest"] }',
        { app: ["x11"], "x11 2.21.0": ["libc", "pkg-config"] },
        ["libx11", "libxtst", "pkg-config"],
    );
    check(
        "rdev links the libraries that record keys",
        'rdev = "0.5"',
        { app: ["rdev"], "rdev 0.5.3": ["x11"], "x11 2.21.0": ["libc", "pkg-config"] },
        ["libx11", "libxi", "libxtst", "pkg-config"],
    );

    const slint = {
        app: ["slint"],
        "slint 1.15.0": [
            "i-slint-backend-android-activity",
            "i-slint-backend-selector",
            "i-slint-renderer-skia",
        ],
        "i-slint-backend-android-activity 1.15.0": ["i-slint-renderer-skia"],
        "i-slint-backend-selector 1.15.0": [
            "i-slint-backend-linuxkms",
            "i-slint-backend-winit",
            "i-slint-renderer-skia",
        ],
        "i-slint-backend-linuxkms 1.15.0": ["input-sys"],
        "i-slint-backend-winit 1.15.0": ["i-slint-renderer-skia", "xkbcommon-dl"],
        "i-slint-renderer-skia 1.15.0": ["skia-bindings"],
    };
    const skia = (
        features: string,
    ): string => `slint = { version = "1.15", default-features = false, features = [${features}] }

[features]
skia = ["slint/renderer-skia-vulkan"]
kms = ["slint/backend-linuxkms"]`;
    check(
        "Slint draws with what it is told to alone",
        skia('"backend-winit", "renderer-winit-femtovg"'),
        slint,
        ["dlopen:libxkbcommon"],
    );
    check("Slint with Skia, without windows", skia('"backend-linuxkms", "renderer-skia"'), slint, [
        "fontconfig",
        "libinput",
        "pkg-config",
    ]);
    const fonts = {
        app: ["fontique"],
        "fontique 0.10.0": ["yeslogic-fontconfig-sys"],
        "yeslogic-fontconfig-sys 6.0.0": ["dlib", "once_cell", "pkg-config"],
    };
    check("fontique links fontconfig", 'fontique = "0.10"', fonts, ["fontconfig", "pkg-config"]);
    check(
        "fontique opens it at run time, where it is told to",
        'fontique = { version = "0.10", features = ["fontconfig-dlopen"] }',
        fonts,
        ["dlopen:fontconfig"],
    );

    const kafka = {
        app: ["rdkafka", "zstd"],
        "zstd 0.13.3": ["zstd-safe"],
        "zstd-safe 7.2.4": ["zstd-sys"],
        "zstd-sys 2.0.16": ["bindgen", "cc", "pkg-config"],
        "rdkafka 0.39.0": ["rdkafka-sys"],
        "rdkafka-sys 4.10.0": ["zstd-sys"],
    };
    const queue = (more: string): string => `zstd = "0.13"
rdkafka = { version = "0.39", default-features = false, features = ["zstd"]${more} }

[features]
queue = ["rdkafka"]`;
    check("zstd-sys reads headers for those who use it directly", queue(""), kafka, [
        "rustPlatform.bindgenHook",
    ]);
    check("not for zstd, which leaves that out", queue(", optional = true"), kafka, []);

    const database = {
        app: ["diesel", "libsqlite3-sys"],
        "diesel 2.2.0": ["libsqlite3-sys"],
        "libsqlite3-sys 0.35.0": ["cc", "pkg-config", "vcpkg"],
    };
    const sqlite = (defaults: string): string => `libsqlite3-sys = "0.35"
diesel = { version = "2.2", features = ["sqlite"] }

[features]
default = [${defaults}]
own-sqlite = ["libsqlite3-sys/bundled"]`;
    check("SQLite, where only a feature that is off compiles a copy", sqlite(""), database, [
        "pkg-config",
        "sqlite",
    ]);
    check("no SQLite, where that is on", sqlite('"own-sqlite"'), database, []);
    const unknown = {
        app: ["store"],
        store: ["rusqlite"],
        "rusqlite 0.37.0": ["libsqlite3-sys"],
        "libsqlite3-sys 0.35.0": ["cc", "pkg-config", "vcpkg"],
    };
    check(
        "no SQLite, where a package that is not known must have asked for the copy",
        'store = "1"',
        unknown,
        [],
    );
    check(
        "no SQLite for sqlx, which brings its own",
        'sqlx = { version = "0.8", features = ["sqlite"] }',
        {
            app: ["sqlx"],
            "sqlx 0.8.6": ["sqlx-core", "sqlx-sqlite"],
            "sqlx-sqlite 0.8.6": ["libsqlite3-sys"],
            "libsqlite3-sys 0.30.1": ["cc", "pkg-config", "vcpkg"],
        },
        [],
    );

    check(
        "ODBC alone: its windows are for Windows",
        'odbc-api = "20"',
        {
            app: ["odbc-api"],
            "odbc-api 20.1.2": ["odbc-sys", "winit"],
            winit: ["wayland-sys", "xkbcommon-dl"],
            "wayland-sys": ["dlib", "once_cell"],
        },
        ["unixodbc"],
    );

    it("has versions that a Cargo.toml could ask for, without gaps in between", async () => {
        const { features } = await nativeTable();
        assert.ok(features.size > 40);
        for (const [name, entries] of features) {
            for (const { version = "*" } of entries) {
                const [, first] = /^>=(\d+\.\d+)/.exec(version) ?? [];
                if (first === undefined) continue;
                const fitting = entries.filter((entry) =>
                    isSatisfiedBy(entry.version ?? "*", `${first}.0`),
                );
                assert.equal(fitting.length, 1, `${name} ${first}`);
            }
        }
    });

    it("names only dependencies and features that it has", async () => {
        const { features } = await nativeTable();
        for (const [name, entries] of features) {
            for (const { features: own, dependencies } of entries) {
                for (const item of Object.values(own).flat()) {
                    const key = item.replace(/^dep:/, "").split(/\??\//)[0] ?? "";
                    const isKnown = Object.hasOwn(dependencies, key) || Object.hasOwn(own, key);
                    assert.ok(isKnown, `${name}: ${item}`);
                }
            }
        }
    });
});
