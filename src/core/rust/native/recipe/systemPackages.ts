import { lookUp } from "../../../lookUp";
import { LIBRARIES, PKG_CONFIG, PROGRAMS } from "../buildFailureNames";
import type { KnownLibraries } from "../table";

/** A package that a recipe installs with another system's package manager. */
export interface SystemPackage {
    /** As that system calls it: `libssl-dev`. */
    readonly name: string;
    /** The one of nixpkgs that has the same. */
    readonly attribute: string;
    readonly list: "nativeBuildInputs" | "buildInputs";
}

/** The commands that install packages of a system, up to the names. */
const INSTALL =
    /\b(?:apt-get|apt|aptitude|dnf|microdnf|yum|zypper|brew)\s+(?:-\S+\s+)*install\b|\bapk\s+(?:-\S+\s+)*add\b|\bpacman\s+-S\w*|^\s*packages:/gm;

/** The packages that a shell script, an image or a workflow installs and whose place in nixpkgs is known. */
export function systemPackagesIn(text: string, libraries: KnownLibraries): SystemPackage[] {
    const found = new Map<string, SystemPackage>();
    const { pkgConfig, linked } = libraries;
    const attributes = new Set([...Object.values(pkgConfig), ...Object.values(linked)]);
    // A command goes on after a backslash; what follows a # is no part of it.
    const joined = text.replace(/(^|\s)#.*$/gm, "$1").replace(/\\\r?\n/g, " ");
    for (const { index, 0: command } of joined.matchAll(INSTALL)) {
        const [names = ""] = /^[^&|;<>\n]*/.exec(joined.slice(index + command.length)) ?? [];
        for (const word of names.split(/[\s"',]+/)) {
            const name = word.replace(/[=:].*$/, "");
            const known = knownPackage(name, libraries, attributes);
            if (known !== undefined) found.set(name, { name, ...known });
        }
    }
    return [...found.values()];
}

/** Where a system's name does not tell the library's or the program's. */
const NAMES: Readonly<Record<string, string>> = {
    "default-libmysqlclient-dev": "libmysqlclient",
    "libclang-dev": "rustPlatform.bindgenHook",
    "libcurl4-openssl-dev": "curl",
    "libgl1-mesa-dev": "libGL",
    "libgstreamer1.0-dev": "gst_all_1.gstreamer",
    "libjack-jackd2-dev": "libjack2",
    "libudev-zero-dev": "udev",
    "libwayland-dev": "wayland",
    "mariadb-dev": "libmysqlclient",
    "postgresql-dev": "libpq",
    "wayland-devel": "wayland",
    "zlib1g-dev": "zlib",
};

const PROGRAM_NAMES: Readonly<Record<string, string>> = {
    "ninja-build": "ninja",
    pkgconf: "pkg-config",
    "pkgconf-pkg-config": "pkg-config",
    protobuf: "protoc",
    "protobuf-compiler": "protoc",
    protoc: "protoc",
};

/** What every machine for Rust has, or what a dev shell of nixpkgs has by itself. */
const EVERYWHERE = new Set(["clang", "git", "make", "node", "npm", "perl", "python3"]);

function knownPackage(
    name: string,
    { pkgConfig, linked }: KnownLibraries,
    attributes: ReadonlySet<string>,
): Omit<SystemPackage, "name"> | undefined {
    const own = lookUp(NAMES, name);
    if (own !== undefined) {
        const isHook = own.startsWith("rustPlatform.");
        return { attribute: own, list: isHook ? "nativeBuildInputs" : "buildInputs" };
    }
    const command = lookUp(PROGRAM_NAMES, name) ?? name;
    const program = EVERYWHERE.has(command) ? undefined : lookUp(PROGRAMS, command);
    if (program !== undefined) return { attribute: program, list: "nativeBuildInputs" };
    const [, library] = /^(.+)-(?:dev|devel)$/.exec(name) ?? [];
    if (library === undefined) return undefined;
    // Debian's `libasound2-dev` has -lasound, and Fedora's `alsa-lib-devel` is alsa-lib.
    const plain = library.replace(/^lib/, "");
    for (const guess of [library, plain, ...[library, plain].map(withoutVersion)]) {
        const tables = [pkgConfig, linked, PKG_CONFIG, LIBRARIES];
        const [attribute] = tables.flatMap((table) => lookUp(table, guess) ?? []);
        if (attribute !== undefined) return { attribute, list: "buildInputs" };
        if (attributes.has(guess)) return { attribute: guess, list: "buildInputs" };
    }
    return undefined;
}

/** `asound2` → `asound`, `usb-1.0-0` → `usb-1.0`. */
function withoutVersion(name: string): string {
    return /-[\d.]+-\d+$/.test(name) ? name.replace(/-\d+$/, "") : name.replace(/\d+$/, "");
}
