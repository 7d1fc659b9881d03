import assert from "node:assert/strict";
import fc from "fast-check";
import { missingParts } from "../../../../../src/core/rust/native/buildFailure";

/** What was missing, and what nixpkgs has for it. */
function told(text: string): string[] {
    return missingParts(text).map(
        ({ name, packages }) =>
            `${name}: ${packages.map((it) => `${it.kind}.${it.attribute}`).join(" ")}`,
    );
}

const PC = "nativeBuildInputs.pkg-config";

describe("what a failed build lacked", () => {
    const cases: Readonly<Record<string, readonly [text: string, ...parts: string[]]>> = {
        "the crate pkg-config": [
            `error: failed to run custom build command for \`alsa-sys v0.3.1\`
  --- stderr
  thread 'main' panicked at build.rs:13:18:

  pkg-config exited with status code 1
  > PKG_CONFIG_ALLOW_SYSTEM_CFLAGS=1 pkg-config --libs --cflags alsa

  The system library \`alsa\` required by crate \`alsa-sys\` was not found.
  The file \`alsa.pc\` needs to be installed and the PKG_CONFIG_PATH environment variable must contain its parent directory.
  The PKG_CONFIG_PATH environment variable is not set.`,
            `alsa.pc: ${PC} buildInputs.alsa-lib`,
        ],
        "the crate pkg-config, as it was": [
            `\`"pkg-config" "--libs" "--cflags" "libudev"\` did not exit successfully: exit status: 1
--- stderr
Package libudev was not found in the pkg-config search path.
Perhaps you should add the directory containing \`libudev.pc'
to the PKG_CONFIG_PATH environment variable
No package 'libudev' found`,
            `libudev.pc: ${PC} buildInputs.udev`,
        ],
        pkgconf: [
            "Package 'fontconfig', required by 'virtual:world', not found",
            `fontconfig.pc: ${PC} buildInputs.fontconfig`,
        ],
        "no pkg-config": [
            `Could not run \`PKG_CONFIG_ALLOW_SYSTEM_CFLAGS="1" "pkg-config" "--libs" "--cflags" "openssl"\`
The pkg-config command could not be found.`,
            `pkg-config: ${PC}`,
        ],
        "openssl-sys": [
            "Could not find directory of OpenSSL installation, and this `-sys` crate cannot proceed without this knowledge.",
            `OpenSSL: ${PC} buildInputs.openssl`,
        ],
        "the linker": [
            "= note: /nix/store/x-binutils-2.44/bin/ld: cannot find -lpq: No such file or directory\n  collect2: error: ld returned 1 exit status",
            "-lpq: buildInputs.libpq",
        ],
        lld: ["rust-lld: error: unable to find library -lssl", "-lssl: buildInputs.openssl"],
        mold: ["mold: fatal: library not found: sqlite3", "-lsqlite3: buildInputs.sqlite"],
        "the linker of macOS": [
            "ld: library 'iconv' not found\nclang: error: linker command failed",
            "-liconv: buildInputs.libiconv",
        ],
        rustc: [
            "error: could not find native static library `zstd`, perhaps an -L flag is missing?",
            "-lzstd: buildInputs.zstd",
        ],
        bindgen: [
            "Unable to find libclang: \"couldn't find any valid shared libraries matching: ['libclang.so', 'libclang-*.so']\"",
            "libclang: nativeBuildInputs.rustPlatform.bindgenHook",
        ],
        "bindgen without headers": [
            "/usr/include/x.h:1:10: fatal error: 'stddef.h' file not found",
            "libclang: nativeBuildInputs.rustPlatform.bindgenHook",
        ],
        "a header": [
            "wrapper.c:3:10: fatal error: sqlite3.h: No such file or directory",
            "sqlite3.h: buildInputs.sqlite",
        ],
        prost: [
            'Error: Custom { kind: NotFound, error: "Could not find `protoc`. If `protoc` is installed, try setting the `PROTOC` environment variable',
            "protoc: nativeBuildInputs.protobuf",
        ],
        cmake: [
            "failed to execute command: No such file or directory (os error 2)\nis `cmake` not installed?",
            "cmake: nativeBuildInputs.cmake",
        ],
        "aws-lc-sys": [
            "Missing dependency: cmake\nMissing dependency: go\n",
            "cmake: nativeBuildInputs.cmake",
            "go: nativeBuildInputs.go",
        ],
        "openssl-src": [
            "Error configuring OpenSSL build:\n    Command 'perl' not found. Is perl installed?",
            "perl: nativeBuildInputs.perl",
        ],
        nasm: ["NASM command not found! build cannot continue.", "nasm: nativeBuildInputs.nasm"],
        "a shell": [
            "sh: line 1: autoreconf: command not found",
            "autoreconf: nativeBuildInputs.autoconf",
        ],
        "another linker": [
            "clang: error: invalid linker name in argument '-fuse-ld=mold'",
            "mold: nativeBuildInputs.mold",
        ],
        "a program that starts": [
            "target/debug/app: error while loading shared libraries: libxkbcommon.so.0: cannot open shared object file",
            "libxkbcommon.so: runtimeLibraries.libxkbcommon",
        ],
        colours: [
            "\u001b[1m\u001b[91merror\u001b[0m: could not find native static library `\u001b[1mz\u001b[0m`",
            "-lz: buildInputs.zlib",
        ],
    };

    for (const [name, [text, ...parts]] of Object.entries(cases)) {
        it(`by ${name}`, () => assert.deepEqual(told(text), parts));
    }

    it("is nothing where the code is wrong, or something that nixpkgs has no name for", () => {
        for (const text of [
            "error[E0425]: cannot find value `x` in this scope",
            "ld: cannot find -lmycompany: No such file or directory",
            // Every object has that name.
            "ld: cannot find -lconstructor: No such file or directory",
            "bash: mytool: command not found",
            "warning: unused variable",
            "",
        ]) {
            assert.deepEqual(told(text), [], text);
        }
    });

    it("is told once, whatever is written", () => {
        const texts = Object.values(cases).map(([text]) => text);
        fc.assert(
            fc.property(fc.array(fc.oneof(fc.constantFrom(...texts), fc.string())), (pieces) => {
                const names = missingParts(pieces.join("\n")).map(({ name }) => name);
                assert.equal(new Set(names).size, names.length);
            }),
        );
    });
});
