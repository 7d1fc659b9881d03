import { basename } from "node:path";
import type { Project } from "../project/project";

/**
 * A first flake.nix for a Rust project without one: nixpkgs' own Rust, or with a toolchain file
 * the toolchain that it asks for, through rust-overlay. Shapes 1 and 2 of the reference on flakes.
 */
export function starterFlake(project: Project): string {
    const description = basename(project.folder).replace(/["\\$]/g, "");
    const body =
        project.toolchainFile === undefined
            ? WITH_NIXPKGS
            : WITH_TOOLCHAIN_FILE.replaceAll("@file@", basename(project.toolchainFile));
    return `{
  description = "${description}";

${body}
      formatter = forEachSystem (pkgs: pkgs.nixfmt-tree);
    };
}
`;
}

const SYSTEMS = `      # nixpkgs 26.11 and later no longer support x86_64-darwin.
      systems = [
        "x86_64-linux"
        "aarch64-linux"
        "aarch64-darwin"
      ];
`;

const WITH_NIXPKGS = `  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { nixpkgs, ... }:
    let
${SYSTEMS}
      forEachSystem = f: nixpkgs.lib.genAttrs systems (system: f nixpkgs.legacyPackages.\${system});
    in
    {
      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [
            pkgs.cargo
            pkgs.clippy
            pkgs.rust-analyzer
            pkgs.rustc
            pkgs.rustfmt
          ];

          env = {
            # The standard library's source is not next to nixpkgs' rustc.
            RUST_SRC_PATH = "\${pkgs.rustPlatform.rustLibSrc}";
          };
        };
      });
`;

const WITH_TOOLCHAIN_FILE = `  inputs = {
    nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";
    rust-overlay = {
      url = "github:oxalica/rust-overlay";
      inputs.nixpkgs.follows = "nixpkgs";
    };
  };

  outputs =
    { nixpkgs, rust-overlay, ... }:
    let
${SYSTEMS}
      forEachSystem =
        f:
        nixpkgs.lib.genAttrs systems (
          system:
          f (
            import nixpkgs {
              inherit system;
              overlays = [ rust-overlay.overlays.default ];
            }
          )
        );

      # The toolchain of @file@, and what an editor needs besides.
      rustToolchainFor =
        pkgs:
        (pkgs.rust-bin.fromRustupToolchainFile ./@file@).override (old: {
          extensions = nixpkgs.lib.unique (
            old.extensions
            ++ [
              "rust-analyzer"
              "rust-src"
            ]
          );
        });
    in
    {
      devShells = forEachSystem (pkgs: {
        default = pkgs.mkShell {
          packages = [ (rustToolchainFor pkgs) ];
        };
      });
`;
