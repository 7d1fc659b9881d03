import { lookUp } from "../lookUp";

/**
 * What people write for an attribute of nixpkgs that it does not have, and what it has: names of
 * cargo's subcommands and of other distributions' packages, old names, and sets that are gone
 * (the reference on flakes, sections 0 and 1; nixpkgs' pkgs/top-level/aliases.nix).
 */
const RENAMED: Readonly<Record<string, string>> = {
    "alsa-lib-dev": "alsa-lib",
    alsaLib: "alsa-lib",
    "cargo-clippy": "clippy",
    "cargo-fmt": "rustfmt",
    "clippy-driver": "clippy",
    cross: "cargo-cross",
    diesel: "diesel-cli",
    "libasound2-dev": "alsa-lib",
    "libclang-dev": "libclang",
    libssl: "openssl",
    "libssl-dev": "openssl",
    "libudev-dev": "udev",
    "lua-language-server-unwrapped": "lua-language-server",
    "nixfmt-rfc-style": "nixfmt",
    "nixpkgs-fmt": "nixfmt",
    "openssl-dev": "openssl",
    openssl_1_1: "openssl",
    pkg_config: "pkg-config",
    pkgconfig: "pkg-config",
    "postgresql-client": "postgresql",
    protoc: "protobuf",
    "rust-clippy": "clippy",
    "rust-fmt": "rustfmt",
    "sea-orm": "sea-orm-cli",
    sqlx: "sqlx-cli",
    "sqlite-dev": "sqlite",
    vulkan: "vulkan-loader",
    "wayland-client": "wayland",
    webkitgtk: "webkitgtk_4_1",
    xkbcommon: "libxkbcommon",
};

/** The name that nixpkgs has for one that it has not; undefined where we know of none. */
export function renamedPackage(name: string): string | undefined {
    // The set of X11's libraries became packages of their own, in small letters.
    const x11 = /^(?:xorg\.)?(lib(?:X\w*|xcb|SM|ICE|FS)|xorgproto)$/.exec(name)?.[1];
    return x11?.toLowerCase() ?? lookUp(RENAMED, name);
}
