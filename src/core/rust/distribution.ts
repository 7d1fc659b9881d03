/**
 * What Rust's releases contain, as far as a toolchain file can get it wrong. From the manifests of
 * static.rust-lang.org in the form that rust-overlay keeps them (manifests/ of its revision of
 * 2026-08-22: 1.29.0 to 1.98.0). Numbers are minor versions of Rust 1.
 */

/** The releases that the tables are about; rust-overlay has none before the first. */
export const OLDEST_MINOR = 29;
export const NEWEST_MINOR = 98;

/** When the newest of them came out; there has been one every six weeks since 1.0. */
const NEWEST_RELEASE = Date.UTC(2026, 7, 20);
const SIX_WEEKS = 42 * 24 * 60 * 60 * 1000;

/** The releases with corrections: minor version and the number of its last one. */
const CORRECTED =
    "29:2 30:1 31:1 34:2 41:1 43:1 44:1 45:2 52:1 56:1 58:1 62:1 66:1 67:1 68:2 71:1 72:1 74:1 77:2 80:1 84:1 85:1 91:1 93:1 94:1 96:1 97:1";

/** The first release with profiles. */
export const FIRST_WITH_PROFILES = 33;

export const PROFILES = ["minimal", "default", "complete"] as const;

/** A span of releases that have something; `last` is undefined where the newest still has it. */
export interface Span {
    readonly first: number;
    readonly last: number | undefined;
}

/** When `1.MINOR.0` came out or will, in milliseconds since 1970. */
export function releaseDate(minor: number): number {
    return NEWEST_RELEASE + (minor - NEWEST_MINOR) * SIX_WEEKS;
}

/** The minor version that was "stable" at a time. */
export function stableAt(time: number): number {
    return NEWEST_MINOR + Math.floor((time - NEWEST_RELEASE) / SIX_WEEKS);
}

/** The last `1.MINOR.n`; undefined where more may follow. */
export function lastPatch(minor: number): number | undefined {
    if (minor >= NEWEST_MINOR) return undefined;
    const [, patch = "0"] = new RegExp(`\\b${minor}:(\\d+)`).exec(CORRECTED) ?? [];
    return Number(patch);
}

/** Components by name. The ones of nightly alone have no release. */
export const COMPONENTS: ReadonlyMap<string, Span | "nightly"> = new Map<string, Span | "nightly">([
    ["cargo", span(29)],
    ["clippy", span(31)],
    ["clippy-preview", span(29)],
    ["enzyme", "nightly"],
    ["enzyme-preview", "nightly"],
    ["lldb-preview", span(30, 44)],
    ["llvm-bitcode-linker", span(79)],
    ["llvm-bitcode-linker-preview", span(79)],
    ["llvm-tools", span(67)],
    ["llvm-tools-preview", span(29)],
    ["miri", "nightly"],
    ["miri-preview", "nightly"],
    ["reproducible-artifacts", span(50)],
    ["rls", span(29, 86)],
    ["rls-preview", span(29, 86)],
    ["rust-analysis", span(29)],
    ["rust-analyzer", span(64)],
    ["rust-analyzer-preview", span(64)],
    ["rust-docs", span(29)],
    ["rust-docs-json", "nightly"],
    ["rust-docs-json-preview", "nightly"],
    ["rust-mingw", span(29)],
    ["rust-src", span(29)],
    ["rust-std", span(29)],
    ["rustc", span(29)],
    ["rustc-codegen-cranelift", "nightly"],
    ["rustc-codegen-cranelift-preview", "nightly"],
    ["rustc-codegen-gcc", "nightly"],
    ["rustc-codegen-gcc-preview", "nightly"],
    ["rustc-dev", span(40)],
    ["rustc-docs", span(47)],
    ["rustfmt", span(31)],
    ["rustfmt-preview", span(29)],
]);

/**
 * Targets with a standard library to download: the first release that has it where that is not the
 * oldest, and the last where the newest has not.
 */
export const TARGETS: ReadonlyMap<string, Span> = new Map(
    [
        "aarch64-apple-darwin 49",
        "aarch64-apple-ios",
        "aarch64-apple-ios-macabi 82",
        "aarch64-apple-ios-sim 56",
        "aarch64-apple-tvos 95",
        "aarch64-apple-tvos-sim 95",
        "aarch64-apple-visionos 95",
        "aarch64-apple-visionos-sim 95",
        "aarch64-apple-watchos 95",
        "aarch64-apple-watchos-sim 95",
        "aarch64-fuchsia 29 67",
        "aarch64-linux-android",
        "aarch64-pc-windows-gnullvm 79",
        "aarch64-pc-windows-msvc 32",
        "aarch64-unknown-freebsd 98",
        "aarch64-unknown-fuchsia 68",
        "aarch64-unknown-linux-gnu",
        "aarch64-unknown-linux-musl",
        "aarch64-unknown-linux-ohos 78",
        "aarch64-unknown-none 44",
        "aarch64-unknown-none-softfloat 44",
        "aarch64-unknown-uefi 67",
        "arm-linux-androideabi",
        "arm-unknown-linux-gnueabi",
        "arm-unknown-linux-gnueabihf",
        "arm-unknown-linux-musleabi",
        "arm-unknown-linux-musleabihf",
        "arm64ec-pc-windows-msvc 81",
        "armebv7r-none-eabi 30 91",
        "armebv7r-none-eabihf 30 91",
        "armv5te-unknown-linux-gnueabi",
        "armv5te-unknown-linux-musleabi",
        "armv7-apple-ios 29 41",
        "armv7-linux-androideabi",
        "armv7-unknown-linux-gnueabi 38",
        "armv7-unknown-linux-gnueabihf",
        "armv7-unknown-linux-musleabi 38",
        "armv7-unknown-linux-musleabihf",
        "armv7-unknown-linux-ohos 78",
        "armv7a-none-eabi 42",
        "armv7a-none-eabihf 92",
        "armv7r-none-eabi 30",
        "armv7r-none-eabihf 30",
        "armv7s-apple-ios 29 41",
        "armv8r-none-eabihf 92",
        "asmjs-unknown-emscripten 29 75",
        "i386-apple-ios 29 41",
        "i586-pc-windows-msvc 29 86",
        "i586-unknown-linux-gnu",
        "i586-unknown-linux-musl",
        "i686-apple-darwin 29 41",
        "i686-linux-android",
        "i686-pc-windows-gnu",
        "i686-pc-windows-gnullvm 79",
        "i686-pc-windows-msvc",
        "i686-unknown-freebsd",
        "i686-unknown-linux-gnu",
        "i686-unknown-linux-musl",
        "i686-unknown-uefi 67",
        "loongarch64-unknown-linux-gnu 71",
        "loongarch64-unknown-linux-musl 81",
        "loongarch64-unknown-none 74",
        "loongarch64-unknown-none-softfloat 74",
        "mips-unknown-linux-gnu 29 71",
        "mips-unknown-linux-musl 29 74",
        "mips64-unknown-linux-gnuabi64 29 71",
        "mips64-unknown-linux-muslabi64 40 74",
        "mips64el-unknown-linux-gnuabi64 29 71",
        "mips64el-unknown-linux-muslabi64 40 74",
        "mipsel-unknown-linux-gnu 29 71",
        "mipsel-unknown-linux-musl 29 74",
        "nvptx64-nvidia-cuda 34",
        "powerpc-unknown-linux-gnu",
        "powerpc64-unknown-linux-gnu",
        "powerpc64-unknown-linux-musl 95",
        "powerpc64le-unknown-linux-gnu",
        "powerpc64le-unknown-linux-musl 85",
        "riscv32i-unknown-none-elf 38",
        "riscv32im-unknown-none-elf 79",
        "riscv32imac-unknown-none-elf 30",
        "riscv32imafc-unknown-none-elf 76",
        "riscv32imc-unknown-none-elf 30",
        "riscv64a23-unknown-linux-gnu 93",
        "riscv64gc-unknown-linux-gnu 42",
        "riscv64gc-unknown-linux-musl 82",
        "riscv64gc-unknown-none-elf 34",
        "riscv64imac-unknown-none-elf 34",
        "s390x-unknown-linux-gnu",
        "sparc64-unknown-linux-gnu",
        "sparcv9-sun-solaris",
        "thumbv6m-none-eabi",
        "thumbv7a-none-eabi 98",
        "thumbv7a-none-eabihf 98",
        "thumbv7em-none-eabi",
        "thumbv7em-none-eabihf",
        "thumbv7m-none-eabi",
        "thumbv7neon-linux-androideabi 33",
        "thumbv7neon-unknown-linux-gnueabihf 33",
        "thumbv7r-none-eabi 98",
        "thumbv7r-none-eabihf 98",
        "thumbv8m.base-none-eabi 35",
        "thumbv8m.main-none-eabi 33",
        "thumbv8m.main-none-eabihf 35",
        "thumbv8r-none-eabihf 98",
        "wasm32-unknown-emscripten",
        "wasm32-unknown-unknown",
        "wasm32-unknown-wasi 35 35",
        "wasm32-wasi 36 83",
        "wasm32-wasi-preview1-threads 73 77",
        "wasm32-wasip1 78",
        "wasm32-wasip1-threads 78",
        "wasm32-wasip2 82",
        "wasm32v1-none 84",
        "x86_64-apple-darwin",
        "x86_64-apple-ios",
        "x86_64-apple-ios-macabi 82",
        "x86_64-fortanix-unknown-sgx 33",
        "x86_64-fuchsia 29 67",
        "x86_64-linux-android",
        "x86_64-pc-solaris 52",
        "x86_64-pc-windows-gnu",
        "x86_64-pc-windows-gnullvm 79",
        "x86_64-pc-windows-msvc",
        "x86_64-rumprun-netbsd 29 51",
        "x86_64-sun-solaris 29 75",
        "x86_64-unknown-cloudabi 29 46",
        "x86_64-unknown-freebsd",
        "x86_64-unknown-fuchsia 68",
        "x86_64-unknown-illumos 47",
        "x86_64-unknown-linux-gnu",
        "x86_64-unknown-linux-gnuasan 95",
        "x86_64-unknown-linux-gnumsan 96",
        "x86_64-unknown-linux-gnutsan 96",
        "x86_64-unknown-linux-gnux32",
        "x86_64-unknown-linux-musl",
        "x86_64-unknown-linux-ohos 78",
        "x86_64-unknown-netbsd",
        "x86_64-unknown-none 62",
        "x86_64-unknown-redox",
        "x86_64-unknown-uefi 67",
    ].map((row) => {
        const [name = "", first = OLDEST_MINOR, last] = row.split(" ");
        return [name, span(Number(first), last === undefined ? undefined : Number(last))];
    }),
);

function span(first: number, last?: number): Span {
    return { first, last };
}
