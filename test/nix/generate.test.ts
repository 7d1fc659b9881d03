import assert from "node:assert/strict";
import {
    NO_NEEDS,
    type FlakePlan,
    type Part,
    type ShellNeeds,
} from "../../src/core/flake/write/plan";
import { partSnippet } from "../../src/core/flake/write/snippet";
import { OPTIONS, TEMPLATES } from "../../src/core/flake/write/templates";
import { nameOfRow, TOOLCHAIN_FILES } from "../unit/core/rust/toolchainFiles";
import { suiteFolder } from "./bed";
import { evaluateFlakes, type Evaluated, type FlakeCase } from "./generatedFlakes";

const SYSTEMS = ["x86_64-linux", "aarch64-linux", "aarch64-darwin"];

const because = (crate: string): { readonly crate: string }[] => [{ crate }];

/** Of each kind at least one, and some for one system only. */
const NEEDS: ShellNeeds = {
    ...NO_NEEDS,
    nativeBuildInputs: [
        { attribute: "pkg-config", platform: "all", reasons: because("openssl-sys") },
        { attribute: "rustPlatform.bindgenHook", platform: "all", reasons: because("bindgen") },
    ],
    buildInputs: [
        { attribute: "openssl", platform: "all", reasons: because("openssl-sys") },
        { attribute: "alsa-lib", platform: "linux", reasons: because("alsa-sys") },
    ],
    runtimeLibraries: [
        { attribute: "libGL", platform: "linux", reasons: because("wgpu") },
        { attribute: "wayland", platform: "linux", reasons: because("winit") },
    ],
    tools: [
        { attribute: "sqlx-cli", platform: "all", reasons: because("sqlx") },
        { attribute: "bpftools", platform: "linux", reasons: because("aya") },
    ],
    environment: [
        {
            name: "PROTOC",
            value: "${pkgs.protobuf}/bin/protoc",
            platform: "all",
            reasons: because("prost-build"),
        },
        {
            name: "ALSA",
            value: "${pkgs.alsa-lib}",
            platform: "linux",
            reasons: because("alsa-sys"),
        },
    ],
    hardeningDisable: [{ attribute: "fortify", platform: "all", reasons: because("jemalloc-sys") }],
    packageInputs: [{ attribute: "wrapGAppsHook4", platform: "all", reasons: because("gtk4-sys") }],
};

const LOCK = `version = 4

[[package]]
name = "hello"
version = "0.1.0"
`;

const GIT_LOCK = `${LOCK}
[[package]]
name = "other"
version = "1.0.0"
source = "git+https://example.org/other#0123456789012345678901234567890123456789"
`;

const APP: Readonly<Record<string, string>> = {
    "Cargo.toml": '[package]\nname = "hello"\nversion = "0.1.0"\nedition = "2021"\n',
    "Cargo.lock": LOCK,
    "src/main.rs": "fn main() {}\n",
};

const WITH_FILE = {
    ...APP,
    "rust-toolchain.toml":
        '[toolchain]\nchannel = "1.86.0"\ncomponents = ["llvm-tools"]\ntargets = ["wasm32-unknown-unknown"]\n',
};

const WORKSPACE = {
    "Cargo.toml":
        '[workspace]\nmembers = ["lib", "apps/*"]\n[workspace.package]\nversion = "2.0.0"\n',
    "Cargo.lock": LOCK,
    "lib/Cargo.toml": '[package]\nname = "library"\nversion.workspace = true\n',
    "lib/src/lib.rs": "",
    "apps/my app/Cargo.toml": '[package]\nname = "app"\nversion = "0.2.0"\n',
    "apps/my app/src/main.rs": "fn main() {}\n",
};

const ALL = ["checks", "hooks", "image", "treefmt"];
const COMBINATIONS: Readonly<Record<string, readonly string[]>> = {
    none: [],
    ...Object.fromEntries(OPTIONS.map(({ id }) => [id, [id]])),
    "all-crane": ["package", ...ALL],
    "all-nixpkgs": ["package-nixpkgs", ...ALL],
};

const NASTY = 'say "hi" to ${builtins.abort "you"} \\ and $${x} \'\' é 🦀';

const CASES: Record<string, FlakeCase> = {};
const matrix: string[] = [];
for (const { id: template } of TEMPLATES) {
    for (const [name, options] of Object.entries(COMBINATIONS)) {
        matrix.push(`${template}-with-${name}`);
        CASES[`${template}-with-${name}`] = { files: WITH_FILE, template, options };
    }
    for (const name of ["none", "package", "all-crane", "all-nixpkgs"]) {
        const options = COMBINATIONS[name] ?? [];
        matrix.push(`${template}-needs-${name}`);
        CASES[`${template}-needs-${name}`] = { files: APP, template, options, needs: NEEDS };
    }
}
for (const [row, text] of Object.entries(TOOLCHAIN_FILES)) {
    CASES[`row-${row.replaceAll(".", "_")}`] = { files: { ...APP, [nameOfRow(row)]: text } };
}
for (const builder of ["package", "package-nixpkgs"]) {
    const options = [builder, "checks", "image"];
    CASES[`workspace-${builder}`] = { files: WORKSPACE, options };
    CASES[`members-${builder}`] = {
        files: {
            ...WORKSPACE,
            "Cargo.toml":
                '[workspace]\nmembers = ["lib"]\n[workspace.package]\nversion = "2.0.0"\n',
        },
        options: [builder, "checks"],
    };
    CASES[`unversioned-${builder}`] = {
        files: { ...APP, "Cargo.toml": '[package]\nname = "hello"\n' },
        options: [builder, "checks"],
    };
    CASES[`git-${builder}`] = { files: { ...APP, "Cargo.lock": GIT_LOCK }, options };
    const moved = Object.entries(WITH_FILE).map(([name, text]) => [`my crates/${name}`, text]);
    CASES[`below-${builder}`] = {
        files: Object.fromEntries(moved),
        options: [...options, "hooks"],
    };
    CASES[`inherited-${builder}`] = {
        files: {
            ...APP,
            "Cargo.toml":
                '[package]\nname = "hello"\nversion.workspace = true\n[workspace.package]\nversion = "3.0.0"\n',
        },
        options,
    };
    CASES[`nasty-${builder}`] = {
        files: {
            ...APP,
            "Cargo.toml": `[package]\nname = "hello"\nversion = "0.1.0"\ndescription = """\n${NASTY.replaceAll("\\", "\\\\")}\nin lines"""\n`,
        },
        options,
    };
}
const PLAN: FlakePlan = {
    description: "",
    frame: "plain",
    toolchain: { kind: "nixpkgs", analyzer: "package", missing: [], notes: [] },
    parts: new Set(),
    builder: undefined,
    crate: {
        folder: "",
        manifest: "Cargo.toml",
        name: "hello",
        isVirtual: false,
        version: "package",
        program: "hello",
        hasGitCrates: false,
    },
    needs: NO_NEEDS,
};
const PARTS: readonly Part[] = ["package", "checks", "hooks", "treefmt", "image"];

/** A flake of somebody else's, with what a snippet tells to put into it. */
function withSnippet(part: Part): string {
    const { inputs, text } = partSnippet(part, {
        plan: PLAN,
        toolchain: undefined,
        builder: "crane",
    });
    const names = ["nixpkgs", ...inputs.map(({ name }) => name)];
    return `{
  description = "";
${names.map((name) => `  inputs.${name}.url = "github:x/y";\n`).join("")}
  outputs =
    { ${names.join(", ")}, ... }:
    let
      inherit (nixpkgs) lib;
      each = lib.mapAttrs (_: ${text.trimEnd()}) nixpkgs.legacyPackages;
      output = name: lib.mapAttrs (_: outputs: outputs.\${name} or { }) each;
    in
    {
      packages = output "packages";
      checks = output "checks";
      devShells = lib.mapAttrs (system: pkgs: {
        default = (output "devShells").\${system}.default or (pkgs.mkShell { packages = [ pkgs.cacert ]; });
      }) nixpkgs.legacyPackages;
    };
}
`;
}
for (const part of PARTS) {
    CASES[`snippet-${part}`] = { files: APP, change: () => withSnippet(part) };
}
const MINIMAL = '[toolchain]\nchannel = "1.86.0"\nprofile = "minimal"\ncomponents = ["clippy"]\n';
for (const template of ["toolchain-file", "pinned", "fenix"]) {
    const files = { ...APP, "rust-toolchain.toml": MINIMAL };
    CASES[`minimal-${template}`] = { files, template };
    CASES[`minimal-checked-${template}`] = { files, template, options: ["checks"] };
}
CASES["both-files"] = {
    files: {
        ...APP,
        "rust-toolchain": "1.75.0\n",
        "rust-toolchain.toml": "[toolchain]\nchannel = 5",
    },
};
CASES["no-lock"] = { files: { "Cargo.toml": APP["Cargo.toml"] ?? "" } };
CASES["nothing"] = { files: { readme: "" } };
CASES["dropping"] = {
    files: WITH_FILE,
    change: (text) =>
        text.replace(
            /\.override \(old: \{[^]*?\}\);/,
            '.override { extensions = [ "rust-src" ]; };',
        ),
};

describe("flakes that are written", function () {
    this.timeout(240_000);

    const at = suiteFolder();
    let results: Record<string, Evaluated>;

    before(async () => {
        results = await evaluateFlakes(at("flakes"), CASES);
    });

    const result = (name: string): Evaluated => {
        const found = results[name];
        assert.ok(found, name);
        return found;
    };

    const attributes = (name: string, system: string): string[] =>
        Object.keys(result(name).derivations)
            .filter((path) => path.split(".")[1] === system)
            .map((path) => path.replace(`.${system}`, ""))
            .sort();

    for (const name of matrix) {
        it(`${name}: every output is a derivation for all three systems`, () => {
            for (const [path, derivation] of Object.entries(result(name).derivations)) {
                assert.match(derivation, /^\/nix\/store\/[0-9a-z]{32}-.+\.drv$/, path);
            }
            for (const system of SYSTEMS) {
                const found = attributes(name, system);
                assert.ok(found.includes("devShells.default") && found.includes("formatter"));
            }
        });
    }

    for (const { id: template } of TEMPLATES) {
        it(`${template}: each option adds its outputs`, () => {
            const more = (option: string, system = "x86_64-linux"): string[] =>
                attributes(`${template}-with-${option}`, system).filter(
                    (path) => !["devShells.default", "formatter"].includes(path),
                );
            assert.deepEqual(more("none"), []);
            assert.deepEqual(more("package"), ["packages.default"]);
            assert.deepEqual(more("package-nixpkgs"), ["packages.default"]);
            assert.deepEqual(more("checks"), [
                "checks.clippy",
                "checks.doc",
                "checks.fmt",
                "checks.test",
            ]);
            assert.deepEqual(more("hooks"), ["checks.pre-commit"]);
            assert.deepEqual(more("treefmt"), ["checks.treefmt"]);
            assert.deepEqual(more("image"), ["packages.default", "packages.image"]);
            assert.deepEqual(more("image", "aarch64-darwin"), ["packages.default"]);
            assert.deepEqual(more("all-nixpkgs"), [
                "checks.clippy",
                "checks.doc",
                "checks.fmt",
                "checks.package",
                "checks.pre-commit",
                "checks.treefmt",
                "packages.default",
                "packages.image",
            ]);
            for (const option of ["envrc", "justfile", "ci", "devcontainer"]) {
                assert.deepEqual(more(option), []);
            }
        });
    }

    it("keeps the components that a toolchain file asks for, and adds the editor's", () => {
        const expected = ["clippy", "llvm-tools", "rust-analyzer", "rust-src", "rustfmt"];
        for (const name of ["toolchain-file-with-none", "toolchain-file-with-all-crane"]) {
            const { components, targets } = result(name);
            for (const component of expected) assert.ok(components?.includes(component), component);
            assert.deepEqual(targets, ["wasm32-unknown-unknown"]);
        }
        // The plain form of the override, which articles recommend, would lose one.
        assert.equal(result("dropping").components?.includes("llvm-tools"), false);
    });

    it("takes components and targets of the file where the flake names the version", () => {
        const { components, targets, text } = result("pinned-with-none");
        assert.match(text, /stable\."1\.86\.0"\.default\.override/);
        assert.ok(components?.includes("llvm-tools") && components.includes("rust-src"));
        assert.deepEqual(targets, ["wasm32-unknown-unknown"]);
    });

    it("adds what the checks run to a toolchain without it", () => {
        for (const template of ["toolchain-file", "pinned", "fenix"]) {
            const alone = result(`minimal-${template}`).components;
            assert.deepEqual(
                [alone?.includes("clippy"), alone?.includes("rustfmt")],
                [true, false],
            );
            const checked = result(`minimal-checked-${template}`).components;
            assert.ok(checked?.includes("clippy") && checked.includes("rustfmt"));
        }
    });

    it("takes the older file where there are both, as rustup does", () => {
        assert.match(result("both-files").text, /fromRustupToolchainFile \.\/rust-toolchain\)/);
    });

    it("sets variables for what is opened at run time on Linux alone", () => {
        for (const { id: template } of TEMPLATES) {
            for (const options of ["none", "all-crane"]) {
                const { environment } = result(`${template}-needs-${options}`);
                assert.match(
                    environment["x86_64-linux"]?.["LD_LIBRARY_PATH"] ?? "",
                    /-libGL\/lib:.*-wayland\/lib$/,
                );
                assert.match(
                    environment["aarch64-darwin"]?.["PROTOC"] ?? "",
                    /protobuf\/bin\/protoc$/,
                );
                assert.equal(environment["aarch64-darwin"]?.["LD_LIBRARY_PATH"], undefined);
            }
            const bare = result(`${template}-with-none`).environment["x86_64-linux"];
            assert.equal(bare?.["LD_LIBRARY_PATH"], undefined);
        }
    });

    it("says where nixpkgs' sources are, and never where another compiler's would be", () => {
        for (const [name, { environment, text }] of Object.entries(results)) {
            const isNixpkgs = /pkgs\.rustc\b/.test(text);
            for (const variables of Object.values(environment)) {
                assert.equal("RUST_SRC_PATH" in variables, isNixpkgs, name);
                assert.equal("RUSTUP_TOOLCHAIN" in variables, false, name);
            }
        }
    });

    it("gives snippets that work in a flake of somebody else's", () => {
        const more = (part: Part): string[] =>
            attributes(`snippet-${part}`, "aarch64-linux").filter(
                (path) => path !== "devShells.default",
            );
        assert.deepEqual(more("package"), ["packages.default"]);
        assert.deepEqual(more("image"), ["packages.default", "packages.image"]);
        assert.deepEqual(more("hooks"), ["checks.pre-commit"]);
        assert.deepEqual(more("treefmt"), ["checks.treefmt"]);
        assert.ok(more("checks").includes("checks.clippy"));
    });

    it("keeps any description as it is", () => {
        assert.equal(result("nasty-package").description, `${NASTY}\nin lines`);
        assert.equal(result("nothing").description, "nothing");
    });

    it("builds the member with a program of a workspace that is no package itself", () => {
        for (const builder of ["package", "package-nixpkgs"]) {
            const derivations = result(`workspace-${builder}`).derivations;
            assert.match(
                derivations["packages.x86_64-linux.default"] ?? "",
                /-app-.*0\.2\.0\.drv$/,
            );
        }
    });

    it("finds a crate in a folder with a space in its name, and versions that are elsewhere", () => {
        for (const builder of ["package", "package-nixpkgs"]) {
            const below = result(`below-${builder}`).derivations;
            assert.match(below["packages.x86_64-linux.default"] ?? "", /-hello-.*0\.1\.0\.drv$/);
            const members = result(`members-${builder}`).derivations;
            assert.match(
                members["packages.x86_64-linux.default"] ?? "",
                /-library-.*2\.0\.0\.drv$/,
            );
            const none = result(`unversioned-${builder}`).derivations;
            assert.match(none["packages.x86_64-linux.default"] ?? "", /-hello-.*0\.0\.0\.drv$/);
            const inherited = result(`inherited-${builder}`).derivations;
            assert.match(
                inherited["packages.x86_64-linux.default"] ?? "",
                /-hello-.*3\.0\.0\.drv$/,
            );
        }
    });

    for (const row of Object.keys(TOOLCHAIN_FILES)) {
        it(`writes a flake for the toolchain file ${row}`, () => {
            const name = `row-${row.replaceAll(".", "_")}`;
            for (const system of SYSTEMS) {
                assert.ok(attributes(name, system).includes("devShells.default"));
            }
        });
    }
});
