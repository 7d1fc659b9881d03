import type { FileOptionId } from "./templates";

/** What the files beside a flake.nix have to know of it. Paths are relative to the files. */
export interface FlakeFacts {
    /** The name of the project. */
    readonly name: string;
    /** Files that the dev shell depends on besides flake.nix and flake.lock. */
    readonly watched: readonly string[];
    /** The folder of Cargo.toml; "" for that of flake.nix. */
    readonly crateFolder: string;
    /** What it builds: a package, and checks that run clippy and the tests. */
    readonly outputs: ReadonlySet<"packages" | "checks">;
    /** The program of the package; undefined for a library. */
    readonly program: string | undefined;
    /** Whether `nix fmt` formats Rust, too. */
    readonly formatter: "nix" | "all";
    /** The branch that changes are merged into. */
    readonly branch: string;
}

/** A file to write beside flake.nix; its path has `/` between its parts. */
export interface BesideFile {
    readonly path: string;
    readonly text: string;
}

/** The text of a file beside flake.nix, by its path; undefined where there is none. */
export type ReadBeside = (path: string) => string | undefined;

/**
 * The file of an option. What people have written into files that are there stays: the text is
 * theirs with what is missing, or the file is another one.
 */
export function besideFile(
    option: FileOptionId,
    facts: FlakeFacts,
    read: ReadBeside = () => undefined,
): BesideFile {
    const isThere = (path: string): boolean => read(path) !== undefined;
    switch (option) {
        case "envrc":
            return { path: ".envrc", text: withEnvrc(read(".envrc"), envrc(facts)) };
        case "justfile": {
            // just takes any of them.
            const path = ["justfile", "Justfile", ".justfile"].find(isThere) ?? "justfile";
            return { path, text: withRecipes(read(path), recipes(facts)) };
        }
        case "ci": {
            const text = workflow(facts);
            const usual = ".github/workflows/ci.yml";
            const path = isOther(read(usual), text) ? ".github/workflows/nix.yml" : usual;
            return { path, text };
        }
        case "devcontainer": {
            const text = devContainer(facts);
            const usual = ".devcontainer/devcontainer.json";
            const isTaken = isOther(read(usual), text) || isThere(".devcontainer.json");
            // An editor offers all of them to choose from.
            return { path: isTaken ? ".devcontainer/nix/devcontainer.json" : usual, text };
        }
    }
}

function isOther(existing: string | undefined, ours: string): boolean {
    return existing !== undefined && existing !== ours;
}

/** For direnv, which watches flake.nix and flake.lock by itself. */
function envrc({ watched }: FlakeFacts): string {
    const lines = watched.map((path) => `watch_file ${shellWord(path)}\n`);
    return `${lines.join("")}use flake\n`;
}

/** In the place of `use nix`, else before what is there, which can then use the dev shell's. */
function withEnvrc(existing: string | undefined, ours: string): string {
    if (existing === undefined) return ours;
    if (/^[ \t]*use[ _]flake\b/m.test(existing)) return existing;
    const before = /^use[ _]nix\b.*\n?/m;
    return before.test(existing) ? existing.replace(before, () => ours) : ours + existing;
}

/** A recipe of a justfile. */
interface JustRecipe {
    readonly name: string;
    readonly text: string;
}

/** The recipes, or what is there with those that it does not have. */
function withRecipes(existing: string | undefined, ours: readonly JustRecipe[]): string {
    if (existing === undefined) return ours.map(({ text }) => text).join("\n");
    const names = /^(?:alias\s+|@)?([A-Za-z_][\w-]*)\b[^:\n]*:/gm;
    const known = new Set([...existing.matchAll(names)].map(([, name]) => name));
    // The first one is the default, whatever it is called.
    const missing = ours.filter(({ name }) => name !== "default" && !known.has(name));
    if (missing.length === 0) return existing;
    return [existing.replace(/\n*$/, "\n"), ...missing.map(({ text }) => text)].join("\n");
}

function recipes({ outputs, program, crateFolder, formatter }: FlakeFacts): JustRecipe[] {
    const manifest = manifestOption(crateFolder);
    const run =
        program === undefined
            ? []
            : [recipe("run *args", [`cargo run${manifest} --bin ${program} -- {{ args }}`])];
    const format = formatter === "all" ? ["nix fmt"] : [`cargo fmt${manifest}`, "nix fmt"];
    const check = outputs.has("checks")
        ? [recipe("check", ["nix flake check -L"], "All that CI checks.")]
        : [];
    const package_ = outputs.has("packages")
        ? [
              recipe(
                  "package",
                  ["nix build -L"],
                  "Builds the package as others get it, into ./result.",
              ),
          ]
        : [];
    return [
        recipe("default", ["@just --list"], "Lists what there is."),
        recipe("build", [`cargo build${manifest}`]),
        ...run,
        recipe("test", [`cargo test${manifest}`]),
        recipe("lint", [`cargo clippy${manifest} --all-targets -- --deny warnings`]),
        recipe("format", format),
        ...check,
        ...package_,
        recipe(
            "update",
            ["nix flake update"],
            "Newer versions of everything that flake.lock pins.",
        ),
    ];
}

function recipe(head: string, commands: readonly string[], comment?: string): JustRecipe {
    const lines = commands.map((command) => `    ${command}\n`);
    const text = `${comment === undefined ? "" : `# ${comment}\n`}${head}:\n${lines.join("")}`;
    return { name: head.replace(/ .*/, ""), text };
}

function workflow({ outputs, branch, crateFolder }: FlakeFacts): string {
    const manifest = manifestOption(crateFolder);
    const inShell = [
        `cargo fmt${manifest} --check`,
        `cargo clippy${manifest} --locked --all-targets -- --deny warnings`,
        `cargo test${manifest} --locked`,
    ].map((command) => `nix develop --command ${command}`);
    const commands = [
        ...(outputs.has("checks") ? [] : inShell),
        "nix flake check -L",
        ...(outputs.has("packages") ? ["nix build -L"] : []),
    ];
    return `name: CI

on:
  push:
    branches: [${JSON.stringify(branch)}]
  pull_request:

permissions:
  contents: read

jobs:
  check:
    strategy:
      fail-fast: false
      matrix:
        os: [ubuntu-latest, macos-latest]
    runs-on: \${{ matrix.os }}
    steps:
      - uses: actions/checkout@v5
      - uses: cachix/install-nix-action@v31
${commands.map((command) => `      - run: ${yamlText(command)}\n`).join("")}`;
}

/** JSON's strings are YAML's; plain text is nicer where nothing in it means something else. */
function yamlText(text: string): string {
    return /^[\w./ -]+$/.test(text) ? text : JSON.stringify(text);
}

function devContainer({ name }: FlakeFacts): string {
    const settings = {
        name,
        image: "mcr.microsoft.com/devcontainers/base:debian",
        features: {
            "ghcr.io/devcontainers/features/nix:1": {
                extraNixConfig: "experimental-features = nix-command flakes",
            },
        },
        customizations: {
            vscode: { extensions: ["nix-rust.nix-rust", "rust-lang.rust-analyzer"] },
        },
    };
    return `${JSON.stringify(settings, undefined, 4)}\n`;
}

/** Where Cargo.toml is, for cargo; the commands run in the folder of flake.nix. */
function manifestOption(crateFolder: string): string {
    return crateFolder === "" ? "" : ` --manifest-path ${shellWord(`${crateFolder}/Cargo.toml`)}`;
}

/** One word of a POSIX shell, whatever it holds. */
function shellWord(text: string): string {
    return /^[\w./@+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
