import type { Contribution } from "./contribution";
import { bind, call, fn, list, operation, set, type Entry, type Nix } from "./layout";
import { nativeEntries } from "./native";
import { nixPath, nixString } from "./nixText";
import { NO_NEEDS, type Builder, type CratePlan, type FlakePlan } from "./plan";

const DENY = '"--deny warnings"';

const CRANE = { name: "crane", url: "github:ipetkov/crane" } as const;

/** What builds need that dev shells have, too: the names of the definitions that both inherit. */
export interface Shared {
    readonly names: readonly string[];
    readonly definitions: readonly Entry[];
}

/** The package and the checks, by one of the two builders; `build` is the toolchain's name. */
export function build(
    plan: FlakePlan,
    builder: Builder,
    build: string | undefined,
    shared: Shared,
): Contribution {
    const isChecked = plan.parts.has("checks");
    const isPackage = plan.parts.has("package") || plan.parts.has("image");
    const made =
        builder === "crane"
            ? craneBuild(plan, build, shared.names)
            : nixpkgsBuild(plan, build, shared.names);
    const definitions = [...made.source, ...(isPackage || made.needsPackage ? made.package : [])];
    return {
        inputs: made.inputs,
        definitions,
        packages: isPackage ? [bind("default", "package")] : [],
        checks: isChecked
            ? [...(isPackage ? [{ name: "inherit package" }] : []), ...made.checks]
            : [],
    };
}

interface Made {
    readonly inputs: Contribution["inputs"] & object;
    readonly source: readonly Entry[];
    readonly package: readonly Entry[];
    readonly checks: readonly Entry[];
    /** Whether the checks are made of the package. */
    readonly needsPackage: boolean;
}

function craneBuild(plan: FlakePlan, build: string | undefined, names: readonly string[]): Made {
    const { crate } = plan;
    const isChecked = plan.parts.has("checks");
    const arguments_ = (more: Nix): Nix => operation("//", "commonArgs", more);
    const artifacts = { name: "inherit cargoArtifacts" };
    // A set of its own would take the place of all variables that the builds share.
    const flags = names.includes("env")
        ? bind("env", operation("//", "env", set(bind("RUSTDOCFLAGS", DENY))))
        : bind("env.RUSTDOCFLAGS", DENY);
    const fmt = set({ name: "inherit src" }, ...named(crate));
    return {
        inputs: [CRANE],
        needsPackage: false,
        source: [
            bind(
                "craneLib",
                build === undefined
                    ? "crane.mkLib pkgs"
                    : `(crane.mkLib pkgs).overrideToolchain ${build}`,
            ),
            bind(
                "src",
                `craneLib.cleanCargoSource ${nixPath(crate.folder)}`,
                `Cargo's files and Rust sources. A build that reads others (SQL, templates, …) takes \`lib.cleanSource ${nixPath(crate.folder)}\`.`,
            ),
            bind(
                "commonArgs",
                set(
                    { name: `inherit ${["src", ...names].join(" ")}` },
                    ...named(crate),
                    bind("strictDeps", "true"),
                ),
            ),
            bind(
                "cargoArtifacts",
                "craneLib.buildDepsOnly commonArgs",
                "The dependencies alone, built once and shared by all that follows.",
            ),
        ],
        package: [
            bind(
                "package",
                call(
                    "craneLib.buildPackage",
                    arguments_(
                        set(
                            artifacts,
                            crate.isVirtual
                                ? bind(
                                      "cargoExtraArgs",
                                      nixString(`--locked --package ${crate.name}`),
                                  )
                                : undefined,
                            packageInputs(plan, names),
                            isChecked
                                ? bind("doCheck", "false", "The tests are a check of their own.")
                                : undefined,
                            ...mainProgram(crate),
                        ),
                    ),
                ),
            ),
        ],
        checks: [
            bind(
                "clippy",
                call(
                    "craneLib.cargoClippy",
                    arguments_(
                        set(
                            artifacts,
                            bind("cargoClippyExtraArgs", '"--all-targets -- --deny warnings"'),
                        ),
                    ),
                ),
            ),
            bind("fmt", call("craneLib.cargoFmt", fmt)),
            bind("test", call("craneLib.cargoTest", arguments_(set(artifacts)))),
            bind("doc", call("craneLib.cargoDoc", arguments_(set(artifacts, flags)))),
        ],
    };
}

/** crane reads name and version itself, where the Cargo.toml of the folder has them. */
function named(crate: CratePlan): Entry[] {
    if (!crate.isVirtual && crate.version !== "none") return [];
    const toml = `(lib.importTOML ${nixPath(crate.manifest)})`;
    return [bind("pname", nixString(crate.name)), versionOf(crate, toml)];
}

/** The version, where Cargo.toml has it; `toml` is the package's, read. */
function versionOf({ version, folder }: CratePlan, toml: string): Entry {
    switch (version) {
        case "package":
            return bind("version", `${toml}.package.version`);
        case "workspace": {
            const root = nixPath(join(folder, "Cargo.toml"));
            return bind("version", `(lib.importTOML ${root}).workspace.package.version`);
        }
        case "none":
            return bind("version", '"0.0.0"'); // As cargo does.
    }
}

function mainProgram({ program }: CratePlan): Entry[] {
    return program === undefined ? [] : [bind("meta.mainProgram", nixString(program))];
}

/** What a package needs and a dev shell does not, such as hooks that wrap the program. */
function packageInputs({ needs }: FlakePlan, names: readonly string[]): Entry | undefined {
    const [own] = nativeEntries({ ...NO_NEEDS, nativeBuildInputs: needs.packageInputs });
    if (own?.value === undefined) return undefined;
    const isMore = names.includes(own.name);
    return bind(own.name, isMore ? operation("++", own.name, own.value) : own.value);
}

function inherit(names: readonly string[]): Entry[] {
    return names.length === 0 ? [] : [{ name: `inherit ${names.join(" ")}` }];
}

function nixpkgsBuild(plan: FlakePlan, build: string | undefined, names: readonly string[]): Made {
    const { crate } = plan;
    const isChecked = plan.parts.has("checks");
    const platform =
        build === undefined
            ? []
            : [
                  bind(
                      "rustPlatform",
                      call(
                          "pkgs.makeRustPlatform",
                          set(bind("cargo", build), bind("rustc", build)),
                      ),
                  ),
              ];
    const own = packageInputs(plan, names);
    const linters = build === undefined ? list("pkgs.clippy", "pkgs.rustfmt") : list(build);
    return {
        inputs: [],
        needsPackage: isChecked,
        source: [...platform, bind("cargoToml", `lib.importTOML ${nixPath(crate.manifest)}`)],
        package: [
            bind(
                "package",
                call(
                    `${build === undefined ? "pkgs.rustPlatform" : "rustPlatform"}.buildRustPackage`,
                    set(
                        ...inherit(names.filter((name) => own?.name !== name)),
                        ...rustPackage(crate),
                        own,
                        ...mainProgram(crate),
                    ),
                ),
            ),
            ...(isChecked ? [commandCheck(linters)] : []),
        ],
        checks: [
            check("clippy", "cargo clippy --offline --all-targets -- --deny warnings"),
            check("fmt", "cargo fmt --check"),
            check("doc", "RUSTDOCFLAGS='--deny warnings' cargo doc --offline --no-deps"),
        ],
    };
}

function rustPackage(crate: CratePlan): Entry[] {
    const lock = join(crate.folder, "Cargo.lock");
    const version = versionOf(crate, "cargoToml");
    return [
        bind("pname", "cargoToml.package.name"),
        version,
        bind("src", `lib.cleanSource ${nixPath(crate.folder)}`),
        crate.hasGitCrates
            ? bind(
                  "cargoLock",
                  set(
                      bind("lockFile", nixPath(lock)),
                      bind(
                          "allowBuiltinFetchGit",
                          "true",
                          "Cargo.lock has no hashes for crates from git repositories.",
                      ),
                  ),
              )
            : bind("cargoLock.lockFile", nixPath(lock)),
        ...(crate.isVirtual
            ? [bind("cargoBuildFlags", list('"--package"', "cargoToml.package.name"))]
            : []),
    ];
}

/** The package runs the tests itself; other commands run in a copy of it. */
function commandCheck(linters: Nix): Entry {
    const body = call(
        "package.overrideAttrs",
        fn(
            "old",
            set(
                bind("pname", '"${old.pname}-${name}"'),
                bind("nativeBuildInputs", operation("++", "old.nativeBuildInputs", linters)),
                bind("buildPhase", "command"),
                bind("doCheck", "false"),
                bind("installPhase", '"touch $out"'),
            ),
        ),
    );
    return bind(
        "check",
        fn("name: command", body),
        "The package's sources and crates with another command; its own build runs the tests.",
    );
}

function check(name: string, command: string): Entry {
    return bind(name, `check ${nixString(name)} ${nixString(command)}`);
}

function join(folder: string, name: string): string {
    return folder === "" ? name : `${folder}/${name}`;
}
