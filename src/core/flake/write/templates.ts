/** A way to have Rust in a flake, or to put the flake together. */
export type TemplateId =
    | "nixpkgs"
    | "toolchain-file"
    | "pinned"
    | "fenix"
    | "fenix-file"
    | "flake-parts"
    | "flake-utils";

/** What can be added to a template. */
export type OptionId =
    "package" | "package-nixpkgs" | "checks" | "hooks" | "treefmt" | "image" | FileOptionId;

/** Files beside flake.nix. */
export type FileOptionId = "envrc" | "justfile" | "ci" | "devcontainer";

/** A line of a quick pick. */
export interface Choice<Id extends string> {
    readonly id: Id;
    readonly label: string;
    readonly reason: string;
}

export const TEMPLATES: readonly Choice<TemplateId>[] = [
    {
        id: "nixpkgs",
        label: "Rust of nixpkgs",
        reason: "Quick to download, nothing to keep up; for projects that pin no Rust version.",
    },
    {
        id: "toolchain-file",
        label: "rust-toolchain.toml, with rust-overlay",
        reason: "The toolchain that your file names, the same with and without Nix.",
    },
    {
        id: "pinned",
        label: "A version or more targets, with rust-overlay",
        reason: "Any Rust since 1.29, written in flake.nix: for a version, nightly, or wasm.",
    },
    {
        id: "fenix",
        label: "fenix",
        reason: "Another source of toolchains, for teams that have it already; strong in nightlies.",
    },
    {
        id: "fenix-file",
        label: "rust-toolchain.toml, with fenix",
        reason: "Knows versions that rust-overlay has dropped; needs a hash at every change.",
    },
    {
        id: "flake-parts",
        label: "flake-parts",
        reason: "The same in the modules of flake-parts, for teams that use it.",
    },
    {
        id: "flake-utils",
        label: "flake-utils",
        reason: "The same with flake-utils' eachSystem, for teams that use it.",
    },
];

export const OPTIONS: readonly Choice<OptionId>[] = [
    {
        id: "package",
        label: "Package",
        reason: "`nix build` and `nix run`, with crane: dependencies are built only once.",
    },
    {
        id: "package-nixpkgs",
        label: "Package without crane",
        reason: "`nix build` and `nix run` with nixpkgs' own builder: one input fewer, slower.",
    },
    {
        id: "checks",
        label: "Checks",
        reason: "`nix flake check` runs clippy, rustfmt, the tests and rustdoc.",
    },
    {
        id: "hooks",
        label: "Git hooks",
        reason: "Formats Rust and Nix files before every commit, with git-hooks.nix.",
    },
    {
        id: "treefmt",
        label: "One formatter",
        reason: "`nix fmt` formats Rust, Nix and TOML files, with treefmt.",
    },
    {
        id: "image",
        label: "Container image",
        reason: "`nix build .#image` makes an image of the program alone, for docker load.",
    },
    {
        id: "envrc",
        label: "direnv",
        reason: "An .envrc, so that terminals outside of the editor enter the dev shell, too.",
    },
    {
        id: "justfile",
        label: "justfile",
        reason: "Short names for the usual commands: just build, just test, just check.",
    },
    {
        id: "ci",
        label: "GitHub Actions",
        reason: "Runs the flake's checks and build for every push, with the same tools.",
    },
    {
        id: "devcontainer",
        label: "Dev container",
        reason: "For Codespaces and people without Nix: a container that has Nix in it.",
    },
];

/** Options of which only one makes sense. */
const ALTERNATIVES: readonly (readonly OptionId[])[] = [["package", "package-nixpkgs"]];

export function isTemplate(name: string): name is TemplateId {
    return TEMPLATES.some(({ id }) => id === name);
}

export function isOption(name: string): name is OptionId {
    return OPTIONS.some(({ id }) => id === name);
}

const FILE_OPTIONS: readonly string[] = [
    "envrc",
    "justfile",
    "ci",
    "devcontainer",
] satisfies FileOptionId[];

/** Whether an option is a file of its own. */
export function isFileOption(option: OptionId): option is FileOptionId {
    return FILE_OPTIONS.includes(option);
}

function labelOf(option: OptionId): string {
    return OPTIONS.find(({ id }) => id === option)?.label ?? option;
}

/** Why these options can't be taken together, as a sentence; undefined where they can. */
export function conflict(options: ReadonlySet<OptionId>): string | undefined {
    for (const group of ALTERNATIVES) {
        const taken = group.filter((id) => options.has(id));
        if (taken.length > 1) {
            const labels = taken.map((id) => `“${labelOf(id)}”`);
            return `Please take one of ${labels.join(" and ")}, not both.`;
        }
    }
    return undefined;
}
