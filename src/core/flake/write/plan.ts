/** How the outputs are put together for each system. */
export type Frame = "plain" | "flake-parts" | "flake-utils";

/** What builds the package and runs the checks: crane, or nixpkgs' `buildRustPackage`. */
export type Builder = "crane" | "nixpkgs";

/** What a flake has besides a dev shell and a formatter. */
export type Part = "package" | "checks" | "hooks" | "image" | "treefmt";

/** All that the text of a flake.nix depends on. Paths are relative to flake.nix, with `/`. */
export interface FlakePlan {
    readonly description: string;
    readonly frame: Frame;
    readonly toolchain: ToolchainPlan;
    readonly parts: ReadonlySet<Part>;
    /** Undefined where nothing is built: no package, checks or image. */
    readonly builder: Builder | undefined;
    readonly crate: CratePlan;
    readonly needs: ShellNeeds;
}

/** Where the flake's Rust comes from. */
export type ToolchainPlan = (
    | { readonly kind: "nixpkgs" }
    | { readonly kind: "overlay-file"; readonly file: string }
    | ({ readonly kind: "overlay-channel" } & ChannelPlan)
    | { readonly kind: "fenix-file"; readonly file: string }
    | ({ readonly kind: "fenix" } & ChannelPlan)
) & {
    /** `component`: the toolchain's own rust-analyzer; `package`: nixpkgs', where it has none. */
    readonly analyzer: "component" | "package";
    /** Of the components that checks and hooks run, those that it comes without. */
    readonly missing: readonly string[];
    /** Why it is not just what the project's toolchain file says, as lines of a comment. */
    readonly notes: readonly string[];
};

export interface ChannelPlan {
    /** As in a toolchain file, and one that rust-overlay knows: "stable", "1.75.0", "1.75", … */
    readonly channel: string;
    readonly profile: "minimal" | "default";
    /** Besides the profile's. */
    readonly components: readonly string[];
    readonly targets: readonly string[];
}

/** The crate, or the workspace, that the flake builds. */
export interface CratePlan {
    /** The folder of its Cargo.toml and Cargo.lock; "" for that of flake.nix. */
    readonly folder: string;
    /** The package's own Cargo.toml, which is not the workspace's in a virtual one. */
    readonly manifest: string;
    readonly name: string;
    readonly isVirtual: boolean;
    /** Where its version is written: under `[package]`, or `[workspace.package]`. */
    readonly version: "package" | "workspace" | "none";
    /** The program that `nix run` starts, and the image; undefined for a library. */
    readonly program: string | undefined;
    /** Whether crates come from git repositories, which Cargo.lock has no hash for. */
    readonly hasGitCrates: boolean;
}

/** A package of nixpkgs that the project needs; `NativeNeeds` has such ones and more about them. */
export interface NeededAttribute {
    /** Such as `openssl` or `rustPlatform.bindgenHook`. */
    readonly attribute: string;
    readonly platform: "all" | "linux" | "darwin";
    readonly reasons: readonly { readonly crate: string }[];
}

export interface NeededValue {
    readonly name: string;
    /** The content of a Nix string, in which `pkgs` and `lib` are known. */
    readonly value: string;
    readonly platform: "all" | "linux" | "darwin";
    readonly reasons: readonly { readonly crate: string }[];
}

/** What a flake takes of a project's native needs. */
export interface ShellNeeds {
    readonly nativeBuildInputs: readonly NeededAttribute[];
    readonly buildInputs: readonly NeededAttribute[];
    readonly runtimeLibraries: readonly NeededAttribute[];
    readonly tools: readonly NeededAttribute[];
    readonly environment: readonly NeededValue[];
    /** Such as `fortify`: what must be off of the checks that nix's compiler wrapper adds. */
    readonly hardeningDisable: readonly NeededAttribute[];
    readonly packageInputs: readonly NeededAttribute[];
}

export const NO_NEEDS: ShellNeeds = {
    nativeBuildInputs: [],
    buildInputs: [],
    runtimeLibraries: [],
    tools: [],
    environment: [],
    hardeningDisable: [],
    packageInputs: [],
};
