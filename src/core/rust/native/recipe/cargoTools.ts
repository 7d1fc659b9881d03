import { lookUp } from "../../../lookUp";

/** A program for working on Rust projects, as a recipe names it, and its package in nixpkgs. */
export interface DevelopmentTool {
    readonly name: string;
    readonly attribute: string;
}

/** Subcommands of cargo that come in packages of their own, and their packages in nixpkgs. */
const SUBCOMMANDS: Readonly<Record<string, string>> = {
    about: "cargo-about",
    audit: "cargo-audit",
    bloat: "cargo-bloat",
    bundle: "cargo-bundle",
    criterion: "cargo-criterion",
    deb: "cargo-deb",
    deny: "cargo-deny",
    expand: "cargo-expand",
    flamegraph: "cargo-flamegraph",
    fuzz: "cargo-fuzz",
    generate: "cargo-generate",
    hack: "cargo-hack",
    insta: "cargo-insta",
    leptos: "cargo-leptos",
    "llvm-cov": "cargo-llvm-cov",
    machete: "cargo-machete",
    make: "cargo-make",
    msrv: "cargo-msrv",
    mutants: "cargo-mutants",
    ndk: "cargo-ndk",
    nextest: "cargo-nextest",
    outdated: "cargo-outdated",
    release: "cargo-release",
    "semver-checks": "cargo-semver-checks",
    shear: "cargo-shear",
    shuttle: "cargo-shuttle",
    sort: "cargo-sort",
    sqlx: "sqlx-cli",
    tarpaulin: "cargo-tarpaulin",
    tauri: "cargo-tauri",
    udeps: "cargo-udeps",
    vet: "cargo-vet",
    watch: "cargo-watch",
    zigbuild: "cargo-zigbuild",
};

/** Other programs, by the names that they are run by. */
const PROGRAMS: Readonly<Record<string, string>> = {
    bacon: "bacon",
    cross: "cargo-cross",
    diesel: "diesel-cli",
    dx: "dioxus-cli",
    just: "just",
    maturin: "maturin",
    mdbook: "mdbook",
    "sea-orm-cli": "sea-orm-cli",
    sqlx: "sqlx-cli",
    taplo: "taplo",
    trunk: "trunk",
    typos: "typos",
    "wasm-pack": "wasm-pack",
    watchexec: "watchexec",
};

/** Crates that `cargo install` names otherwise than what they bring is run by. */
const CRATES: Readonly<Record<string, string>> = {
    diesel_cli: "diesel-cli",
    "dioxus-cli": "dioxus-cli",
    "sqlx-cli": "sqlx-cli",
    "taplo-cli": "taplo",
    "tauri-cli": "cargo-tauri",
    "trunk-ng": "trunk",
    "typos-cli": "typos",
    "watchexec-cli": "watchexec",
};

/** The tools that a recipe installs with cargo, by an action, or calls. */
export function cargoToolsIn(text: string): DevelopmentTool[] {
    const found = new Map<string, DevelopmentTool>();
    const add = (name: string, attribute: string | undefined): void => {
        if (attribute !== undefined && !found.has(attribute))
            found.set(attribute, { name, attribute });
    };
    const joined = text.replace(/(^|\s)(?:#|\/\/).*$/gm, "$1").replace(/\\\r?\n/g, " ");
    for (const [, crates = "", tools = ""] of joined.matchAll(INSTALLED)) {
        for (const word of `${crates} ${tools}`.split(/[\s"',]+/)) {
            const name = word.replace(/@.*$/, "");
            add(name, attributeOf(name));
        }
    }
    for (const [, name = ""] of joined.matchAll(SUBCOMMAND))
        add(`cargo ${name}`, lookUp(SUBCOMMANDS, name));
    for (const [, name = ""] of joined.matchAll(CALLED)) add(name, lookUp(PROGRAMS, name));
    return [...found.values()];
}

/** `cargo install --locked a b`, and the `tool: a,b@1.2` of taiki-e/install-action. */
const INSTALLED = /\bcargo\s+(?:\+\S+\s+)?b?install\b([^&|;<>\n]*)|^\s*tool:\s*([^\n]+)$/gm;

const SUBCOMMAND = /\bcargo\s+(?:\+\S+\s+)?([a-z][\w-]*)/g;

/** At the beginning of a command: of an indented line, after what YAML, just and make put there. */
const CALLED =
    /(?:^[ \t]+(?:-[ \t]+)?(?:run:[ \t]*)?[@-]?|&&\s*|\|\|\s*|;\s*)([a-z][\w-]*)(?=[ \t]+[\w./$-]|[ \t]*$)/gm;

function attributeOf(crate: string): string | undefined {
    const name = crate.replace(/^cargo-/, "");
    return lookUp(CRATES, crate) ?? lookUp(SUBCOMMANDS, name) ?? lookUp(PROGRAMS, crate);
}
