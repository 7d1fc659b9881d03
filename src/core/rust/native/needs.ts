/** Where something is needed. */
export type Platform = "all" | "linux" | "darwin";

/**
 * How sure a suggestion is: `certain` where a default build of the project does not work without
 * it, `likely` where the files leave some doubt, `possible` where only a part of the project that
 * `cargo build` leaves out by default asks for it.
 */
export type Certainty = "certain" | "likely" | "possible";

/** Why something is suggested. */
export interface Reason {
    /** The crate that asks for it, as in Cargo.lock, or the file that does. */
    readonly crate: string;
    readonly version: string | undefined;
    /** What the crate does with it, as a sentence for people. */
    readonly rule: string;
    /** From a package of the project down to the crate, by names. */
    readonly path: readonly string[];
}

export interface Suggestion {
    readonly platform: Platform;
    readonly certainty: Certainty;
    /** A build works without it: the crate then compiles a copy of its own. */
    readonly isOptional: boolean;
    readonly reasons: readonly Reason[];
}

/** An attribute of nixpkgs, such as `openssl` or `rustPlatform.bindgenHook`. */
export interface NeededPackage extends Suggestion {
    readonly attribute: string;
    /** The version that it must have, where only one works: wasm-bindgen-cli's. */
    readonly exactVersion: string | undefined;
}

/** An environment variable, or an attribute of the shell that nix turns into one. */
export interface NeededVariable extends Suggestion {
    readonly name: string;
    /** The content of a Nix string, in which `pkgs` and `lib` are known. */
    readonly value: string;
}

/** What a Rust project needs besides Rust. Each list is sorted, and has everything once. */
export interface NativeNeeds {
    /** How many packages Cargo.lock has. */
    readonly crates: number;
    /** Programs that run during the build. */
    readonly nativeBuildInputs: readonly NeededPackage[];
    /** Libraries that are linked. */
    readonly buildInputs: readonly NeededPackage[];
    /** Libraries that are opened at run time, so that no build tells of their absence. */
    readonly runtimeLibraries: readonly NeededPackage[];
    /** Programs that a developer of such a project runs. */
    readonly tools: readonly NeededPackage[];
    readonly environment: readonly NeededVariable[];
    /** What must be off of the hardening that nix's compiler wrapper adds; the attribute: `fortify`. */
    readonly hardeningDisable: readonly NeededPackage[];
    /** What only a package needs and a dev shell does not, such as `wrapGAppsHook4`. */
    readonly packageInputs: readonly NeededPackage[];
    /** What could not be read or decided, as sentences for people. */
    readonly notes: readonly string[];
}

/**
 * Whether it is taken unless the user says otherwise: neither what a build does without, nor what
 * only parts ask for that `cargo build` leaves out.
 */
export function isSuggested({ isOptional, certainty }: Suggestion): boolean {
    return !isOptional && certainty !== "possible";
}
