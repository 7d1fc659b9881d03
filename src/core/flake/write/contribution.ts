import type { Entry, Item, Nix } from "./layout";

/** An input of the flake, as it is written. */
export interface FlakeInput {
    readonly name: string;
    readonly url: string;
    /** Which of its own inputs is to be the flake's nixpkgs, so that only one is fetched. */
    readonly follows?: "nixpkgs" | "nixpkgs-lib";
}

/**
 * What one part adds to a flake. All of it is per system, with `pkgs` and `lib` in scope, and may
 * name what earlier parts define.
 */
export interface Contribution {
    readonly inputs?: readonly FlakeInput[];
    readonly definitions?: readonly Entry[];
    readonly packages?: readonly Entry[];
    /** Packages that make sense on Linux alone. */
    readonly linuxPackages?: readonly Entry[];
    readonly checks?: readonly Entry[];
    /** Programs in the dev shell. */
    readonly tools?: readonly Item[];
    /** Lists of programs that are put together with those. */
    readonly toolLists?: readonly Nix[];
    /** Statements of the dev shell. */
    readonly shell?: readonly Entry[];
    readonly environment?: readonly Entry[];
    /** Variables that Linux alone needs. */
    readonly linuxEnvironment?: readonly Entry[];
    readonly formatter?: Nix;
}
