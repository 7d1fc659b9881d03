import assert from "node:assert/strict";
import { shellNeeds } from "../../../../../src/core/flake/write/shellNeeds";
import { chosenNeeds, needChoices } from "../../../../../src/core/rust/native/choice";
import type { NativeNeeds, NeededPackage } from "../../../../../src/core/rust/native/needs";

const SURE = {
    platform: "all",
    certainty: "certain",
    isOptional: false,
    exactVersion: undefined,
} as const;

function needed(
    attribute: string,
    crate: string,
    more: Partial<NeededPackage> = {},
): NeededPackage {
    const reasons = [{ crate, version: "1.0.0", rule: `It links ${attribute}.`, path: [crate] }];
    return { attribute, reasons, ...SURE, ...more };
}

const NEEDS: NativeNeeds = {
    crates: 10,
    nativeBuildInputs: [needed("pkg-config", "openssl-sys")],
    buildInputs: [
        needed("zstd", "zstd-sys", { isOptional: true }),
        needed("wayland", "wayland-sys", { platform: "linux", certainty: "likely" }),
        needed("openssl", "openssl-sys"),
        needed("libpq", "pq-sys", { certainty: "possible" }),
    ],
    runtimeLibraries: [needed("wayland", "winit", { platform: "linux" })],
    tools: [],
    environment: [
        {
            name: "PROTOC",
            value: "${pkgs.protobuf}/bin/protoc",
            reasons: [
                { crate: "prost-build", version: "0.13.0", rule: "It runs protoc.", path: [] },
            ],
            ...SURE,
        },
    ],
    hardeningDisable: [],
    packageInputs: [],
    notes: [],
};

describe("the choice among native dependencies", () => {
    it("names each once, with who asks for it and why, the sure ones first and taken", () => {
        assert.deepEqual(needChoices(NEEDS), [
            {
                id: "pkg-config",
                description: "for openssl-sys",
                detail: "It links pkg-config.",
                isSuggested: true,
            },
            {
                id: "wayland",
                description: "for wayland-sys, winit, on Linux",
                detail: "It links wayland.",
                isSuggested: true,
            },
            {
                id: "openssl",
                description: "for openssl-sys",
                detail: "It links openssl.",
                isSuggested: true,
            },
            {
                id: "PROTOC",
                description: "for prost-build",
                detail: "It runs protoc.",
                isSuggested: true,
            },
            {
                id: "zstd",
                description: "for zstd-sys",
                detail: "It links zstd. Without it, the crate builds a copy of its own.",
                isSuggested: false,
            },
            {
                id: "libpq",
                description: "for pq-sys",
                detail: "It links libpq. Only for a part that is not built by default.",
                isSuggested: false,
            },
        ]);
    });

    it("names at most three crates", () => {
        const crates = ["a-sys", "b-sys", "c-sys", "d-sys", "e-sys"];
        const buildInputs = crates.map((crate) => needed("libx11", crate));
        const [choice] = needChoices({ ...NEEDS, nativeBuildInputs: [], buildInputs });
        assert.equal(choice?.description, "for a-sys, b-sys, c-sys and 2 more");
    });

    it("takes what was chosen from every list, and leaves the rest", () => {
        const { buildInputs, runtimeLibraries, nativeBuildInputs, environment } = chosenNeeds(
            NEEDS,
            new Set(["wayland", "zstd"]),
        );
        assert.deepEqual(
            buildInputs.map(({ attribute }) => attribute),
            ["zstd", "wayland"],
        );
        assert.equal(runtimeLibraries.length, 1);
        assert.deepEqual([nativeBuildInputs, environment], [[], []]);
    });

    it("suggests what is taken where nobody is asked: what is sure or likely", () => {
        const { buildInputs } = shellNeeds(NEEDS);
        assert.deepEqual(
            buildInputs.map(({ attribute }) => attribute),
            ["wayland", "openssl"],
        );
    });
});
