import assert from "node:assert/strict";
import { flakeText } from "../../../../../src/core/flake/write/flakeText";
import {
    NO_NEEDS,
    type FlakePlan,
    type ShellNeeds,
} from "../../../../../src/core/flake/write/plan";
import { readRepositoryFile } from "../../../repository";

const because = (...crates: string[]): { readonly crate: string }[] =>
    crates.map((crate) => ({ crate }));

const NEEDS: ShellNeeds = {
    ...NO_NEEDS,
    nativeBuildInputs: [
        {
            attribute: "pkg-config",
            platform: "all",
            reasons: because("alsa-sys", "openssl-sys", "libudev-sys", "wayland-sys"),
        },
    ],
    buildInputs: [
        { attribute: "openssl", platform: "all", reasons: because("openssl-sys") },
        { attribute: "alsa-lib", platform: "linux", reasons: because("alsa-sys") },
    ],
    runtimeLibraries: [
        { attribute: "vulkan-loader", platform: "linux", reasons: because("ash") },
        { attribute: "wayland", platform: "linux", reasons: because("wayland-sys") },
    ],
    tools: [{ attribute: "sqlx-cli", platform: "all", reasons: because("sqlx") }],
    environment: [
        {
            name: "PROTOC",
            value: "${pkgs.protobuf}/bin/protoc",
            platform: "all",
            reasons: because("prost-build"),
        },
    ],
};

const PLAIN: FlakePlan = {
    description: "An app",
    frame: "plain",
    toolchain: { kind: "nixpkgs", analyzer: "package", missing: [], notes: [] },
    parts: new Set(),
    builder: undefined,
    crate: {
        folder: "",
        manifest: "Cargo.toml",
        name: "app",
        isVirtual: false,
        version: "package",
        program: "app",
        hasGitCrates: false,
    },
    needs: NO_NEEDS,
};

const FILE = {
    kind: "overlay-file",
    file: "rust-toolchain.toml",
    missing: [],
    notes: [],
} as const;

/** By the names of files in test/fixtures/written, which nixfmt leaves as they are. */
const PLANS: Readonly<Record<string, FlakePlan>> = {
    nixpkgs: PLAIN,
    "toolchain-file": {
        ...PLAIN,
        toolchain: { ...FILE, analyzer: "component" },
        needs: NEEDS,
    },
    "crane-and-all": {
        ...PLAIN,
        toolchain: { ...FILE, analyzer: "component" },
        parts: new Set(["package", "checks", "hooks", "image", "treefmt"]),
        builder: "crane",
        needs: NEEDS,
    },
    "flake-parts-without-crane": {
        ...PLAIN,
        frame: "flake-parts",
        toolchain: {
            kind: "overlay-channel",
            channel: "1.80",
            profile: "minimal",
            components: ["clippy"],
            targets: ["wasm32-unknown-unknown"],
            analyzer: "component",
            missing: ["rustfmt"],
            notes: ["rust-toolchain.toml is not read here.", "It has its reasons."],
        },
        parts: new Set(["package", "checks"]),
        builder: "nixpkgs",
    },
    "flake-utils-fenix": {
        ...PLAIN,
        frame: "flake-utils",
        toolchain: {
            kind: "fenix-file",
            file: "my rust-toolchain",
            analyzer: "package",
            missing: [],
            notes: [],
        },
    },
};

describe("flakeText", () => {
    for (const [name, plan] of Object.entries(PLANS)) {
        it(`writes ${name}.nix`, () => {
            assert.equal(flakeText(plan), readRepositoryFile(`test/fixtures/written/${name}.nix`));
        });
    }

    it("ends no line with a blank, and no comment early", () => {
        const notes = ["a\nb", "${x} */ ''"];
        const text = flakeText({ ...PLAIN, toolchain: { ...FILE, analyzer: "component", notes } });
        assert.match(text, /# a b \$\{x\} \*\/ '' The toolchain of/);
        for (const line of text.split("\n")) assert.doesNotMatch(line, /\s$/);
    });
});
