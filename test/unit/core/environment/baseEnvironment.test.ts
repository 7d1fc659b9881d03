import assert from "node:assert/strict";
import { baseEnvironment, nixEnvironment } from "../../../../src/core/environment/baseEnvironment";

describe("baseEnvironment", () => {
    it("drops what the editor adds for its own processes", () => {
        const editor = new Map([
            ["VSCODE_IPC_HOOK", "/run/x"],
            ["ELECTRON_RUN_AS_NODE", "1"],
            ["HOME", "/home/me"],
        ]);
        assert.deepEqual([...baseEnvironment(editor).keys()], ["HOME"]);
    });

    it("drops what an outer dev shell left behind, and keeps the user's own NIX variables", () => {
        const editor = new Map([
            ["shellHook", "echo"],
            ["stdenv", "/nix/store/x"],
            ["NIX_BUILD_TOP", "/build"],
            ["NIX_GCROOT", "/x"],
            ["NIX_PATH", "nixpkgs=/x"],
            ["NIX_SSL_CERT_FILE", "/etc/ssl/x"],
        ]);
        assert.deepEqual([...baseEnvironment(editor).keys()], ["NIX_PATH", "NIX_SSL_CERT_FILE"]);
    });
});

describe("nixEnvironment", () => {
    it("keeps git from asking at a terminal that is not there", () => {
        assert.equal(nixEnvironment(new Map()).get("GIT_TERMINAL_PROMPT"), "0");
    });

    it("makes messages English without changing how file names are read", () => {
        const env = nixEnvironment(new Map([["LC_ALL", "de_DE.UTF-8"]]));
        assert.equal(env.get("LANGUAGE"), "en");
        assert.equal(env.get("LC_ALL"), "de_DE.UTF-8");
    });
});
