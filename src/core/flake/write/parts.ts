import type { Contribution } from "./contribution";
import { bind, call, list, set } from "./layout";
import { nixString } from "./nixText";
import type { CratePlan, FlakePlan } from "./plan";

const HOOKS = {
    name: "git-hooks",
    url: "github:cachix/git-hooks.nix",
    follows: "nixpkgs",
} as const;

const TREEFMT = {
    name: "treefmt-nix",
    url: "github:numtide/treefmt-nix",
    follows: "nixpkgs",
} as const;

/** Hooks that git runs before a commit, which `nix flake check` runs as well. */
export function hooks({ crate }: FlakePlan, build: string | undefined): Contribution {
    const manifest =
        crate.folder === ""
            ? undefined
            : bind("settings.rust.cargoManifestPath", nixString(`${crate.folder}/Cargo.toml`));
    return {
        inputs: [HOOKS],
        definitions: [
            bind(
                "pre-commit",
                call(
                    "git-hooks.lib.${pkgs.stdenv.hostPlatform.system}.run",
                    set(
                        bind("src", "./."),
                        manifest,
                        bind(
                            "hooks",
                            set(
                                bind("nixfmt.enable", "true"),
                                bind(
                                    "rustfmt",
                                    set(
                                        bind("enable", "true"),
                                        bind(
                                            "packageOverrides",
                                            set(
                                                bind("cargo", build ?? "pkgs.cargo"),
                                                bind("rustfmt", build ?? "pkgs.rustfmt"),
                                            ),
                                        ),
                                    ),
                                ),
                            ),
                        ),
                    ),
                ),
                "Only formatters: they run in the sandbox of `nix flake check`, too, where clippy could not fetch the crates.",
            ),
        ],
        checks: [{ name: "inherit pre-commit" }],
        toolLists: ["pre-commit.enabledPackages"],
        shell: [{ name: "inherit (pre-commit) shellHook" }],
    };
}

/** `nix fmt` for all kinds of files of the project. */
export function treefmt(build: string | undefined): Contribution {
    return {
        inputs: [TREEFMT],
        definitions: [
            bind(
                "treefmt",
                call(
                    "treefmt-nix.lib.evalModule pkgs",
                    set(
                        bind("projectRootFile", '"flake.nix"'),
                        bind(
                            "programs",
                            set(
                                bind("nixfmt.enable", "true"),
                                bind(
                                    "rustfmt",
                                    set(
                                        bind("enable", "true"),
                                        bind("package", build ?? "pkgs.rustfmt"),
                                    ),
                                ),
                                bind("taplo.enable", "true", "TOML."),
                            ),
                        ),
                    ),
                ),
            ),
        ],
        checks: [bind("treefmt", "treefmt.config.build.check ./.")],
        formatter: "treefmt.config.build.wrapper",
    };
}

/** A container image of the package's program, for `docker load`. */
export function image(crate: CratePlan): Contribution {
    return {
        linuxPackages: [
            bind(
                "image",
                call(
                    "pkgs.dockerTools.buildLayeredImage",
                    set(
                        bind("name", nixString(imageName(crate.name))),
                        bind("tag", '"latest"'),
                        bind("contents", list("pkgs.cacert"), "For HTTPS."),
                        bind("config.Entrypoint", list("(lib.getExe package)")),
                    ),
                ),
                "`nix build .#image && docker load < result`",
            ),
        ],
    };
}

/** An image's name has small letters and digits, with single signs between them. */
function imageName(name: string): string {
    const plain = name
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, "");
    return plain === "" ? "image" : plain;
}
