import assert from "node:assert/strict";
import { addNeeds, missingNeeds } from "../../../../../src/core/flake/edit/missingNeeds";
import type { NativeNeeds, NeededPackage } from "../../../../../src/core/rust/native/needs";

describe("what a flake lacks of what its project needs", () => {
    const flake = `{
  outputs = { self, nixpkgs }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
    in
    {
      devShells.x86_64-linux.default = pkgs.mkShell {
        packages = with pkgs; [ cargo pkgconfig xorg.libX11 ];
        buildInputs = pkgs.lib.optionals pkgs.stdenv.isDarwin [ pkgs.openssl ];
      };
    };
}
`;

    it("is told with the reason, the surest first", async () => {
        const missing = await missingNeeds(flake, needs(), undefined);
        assert.deepEqual(
            missing.map(({ kind, name }) => `${kind} ${name}`),
            [
                "buildInputs alsa-lib",
                "buildInputs openssl",
                "runtimeLibraries xorg.libX11",
                "variable PROTOC",
                "hardeningDisable fortify",
                "packages wasm-pack",
            ],
        );
        assert.equal(missing[1]?.reason, "openssl-sys (and 1 more): It links OpenSSL.");
    });

    it("is nothing once it was added", async () => {
        const missing = await missingNeeds(flake, needs(), undefined);
        const outcome = await addNeeds(flake, missing, undefined);
        assert.ok(outcome.kind === "edited");
        assert.equal(
            outcome.text,
            `{
  outputs = { self, nixpkgs }:
    let
      pkgs = nixpkgs.legacyPackages.x86_64-linux;
    in
    {
      devShells.x86_64-linux.default = pkgs.mkShell {
        packages = with pkgs; [ cargo pkgconfig xorg.libX11 wasm-pack ];
        buildInputs = pkgs.lib.optionals pkgs.stdenv.isDarwin [ pkgs.openssl ] ++ pkgs.lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.alsa-lib ] ++ [ pkgs.openssl ];
        hardeningDisable = [ "fortify" ];
        env.LD_LIBRARY_PATH = pkgs.lib.makeLibraryPath (
          pkgs.lib.optionals pkgs.stdenv.hostPlatform.isLinux [ pkgs.xorg.libX11 ]
        );
        env.PROTOC = "\${pkgs.protobuf}/bin/protoc";
      };
    };
}
`,
        );
        assert.deepEqual(await missingNeeds(outcome.text, needs(), undefined), []);
    });

    it("is all of it where the flake can't be understood", async () => {
        const missing = await missingNeeds("{ outputs = import ./x.nix; }", needs(), undefined);
        assert.equal(missing.length, 8);
    });

    it("is nothing for a project without needs", async () => {
        const none = { ...needs(), ...NONE };
        assert.deepEqual(await missingNeeds(flake, none, undefined), []);
    });
});

const NONE = {
    nativeBuildInputs: [],
    buildInputs: [],
    runtimeLibraries: [],
    tools: [],
    environment: [],
    hardeningDisable: [],
    packageInputs: [],
};

function needs(): NativeNeeds {
    const reason = { version: "1.0.0", path: ["app"] };
    const need = (
        attribute: string,
        platform: NeededPackage["platform"] = "all",
    ): NeededPackage => ({
        attribute,
        exactVersion: undefined,
        platform,
        certainty: "certain",
        isOptional: false,
        reasons: [
            { ...reason, crate: "openssl-sys", rule: "It links OpenSSL." },
            { ...reason, crate: "other", rule: "So does it." },
        ],
    });
    const { attribute: _, exactVersion: __, ...plain } = need("");
    return {
        ...NONE,
        crates: 3,
        nativeBuildInputs: [need("pkg-config")],
        buildInputs: [need("alsa-lib", "linux"), need("openssl"), need("libx11")],
        runtimeLibraries: [need("libx11", "linux")],
        tools: [{ ...need("wasm-pack"), certainty: "likely" }],
        environment: [{ ...plain, name: "PROTOC", value: "${pkgs.protobuf}/bin/protoc" }],
        hardeningDisable: [need("fortify")],
        notes: [],
    };
}
