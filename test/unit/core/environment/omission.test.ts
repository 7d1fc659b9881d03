import assert from "node:assert/strict";
import {
    isKeptFromHost,
    LONGEST_VARIABLE,
    omissionReason,
    reasonText,
    type OmissionReason,
} from "../../../../src/core/environment/omission";

const EXAMPLES: readonly (readonly [OmissionReason, string, string])[] = [
    ["session", "HOME", "/homeless-shelter"],
    ["session", "SHELL", "/nix/store/x/bin/bash"],
    ["session", "PWD", "/x"],
    ["session", "DISPLAY", ":0"],
    ["session", "SHLVL", "1"],
    ["session", "_", "/bin/env"],
    ["session", "SSH_AUTH_SOCK", "/run/x"],
    ["temporary", "TMPDIR", "/tmp/nix-shell.x"],
    ["temporary", "TEMPDIR", "/tmp/nix-shell.x"],
    ["temporary", "NIX_BUILD_TOP", "/build"],
    ["builder", "out", "/x/outputs/out"],
    ["builder", "name", "x-env"],
    ["builder", "shellHook", "echo hello"],
    ["builder", "phases", "buildPhase"],
    ["builder", "buildInputs", "/nix/store/x"],
    ["builder", "NIX_ATTRS_JSON_FILE", "/x"],
    ["nix", "NIX_GCROOT", "/x"],
    ["nix", "NIX_BUILD_CORES", "8"],
    ["nix", "NIX_CONFIG", "x = y"],
    ["function", "BASH_FUNC_hello%%", "() { echo; }"],
    ["editor", "VSCODE_PID", "1"],
    ["editor", "ELECTRON_RUN_AS_NODE", "1"],
    ["editor", "GIT_ASKPASS", "/x"],
    ["reproducible-date", "SOURCE_DATE_EPOCH", "315532800"],
    ["no-certificates", "SSL_CERT_FILE", "/no-cert-file.crt"],
    ["no-certificates", "NIX_SSL_CERT_FILE", "/no-cert-file.crt"],
    ["too-large", "HUGE", "x".repeat(LONGEST_VARIABLE)],
];

describe("omissionReason", () => {
    for (const [reason, name, value] of EXAMPLES) {
        it(`leaves ${name} out: ${reason}`, () => {
            assert.equal(omissionReason(name, value), reason);
        });
    }

    it("lets the toolchain's variables in, nix's compiler wrappers' among them", () => {
        const names = `CC CXX AR AS LD NM RANLIB STRIP CONFIG_SHELL HOST_PATH NIX_CC NIX_BINTOOLS
            NIX_CC_WRAPPER_TARGET_HOST_x86_64_unknown_linux_gnu NIX_CFLAGS_COMPILE NIX_LDFLAGS
            NIX_HARDENING_ENABLE NIX_ENFORCE_NO_NATIVE NIX_PATH PKG_CONFIG_PATH
            PKG_CONFIG_PATH_x86_64_unknown_linux_gnu SDKROOT DEVELOPER_DIR MACOSX_DEPLOYMENT_TARGET
            IN_NIX_SHELL RUST_SRC_PATH RUSTFLAGS LD_LIBRARY_PATH LIBCLANG_PATH OPENSSL_DIR`;
        for (const name of names.split(/\s+/)) {
            assert.equal(omissionReason(name, "/nix/store/x"), undefined, name);
        }
    });

    it("lets a certificate file in that exists", () => {
        assert.equal(omissionReason("SSL_CERT_FILE", "/etc/ssl/certs/ca.crt"), undefined);
    });

    it("counts bytes, not characters, and the name with its equal sign", () => {
        const longest = LONGEST_VARIABLE - "V=".length;
        assert.equal(omissionReason("V", "x".repeat(longest)), undefined);
        assert.equal(omissionReason("V", "x".repeat(longest + 1)), "too-large");
        assert.equal(omissionReason("V", "é".repeat(longest / 2 + 1)), "too-large");
    });

    it("is not misled by names that mean something to JavaScript", () => {
        for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
            assert.equal(omissionReason(name, "x"), undefined);
        }
    });
});

describe("reasonText", () => {
    it("has words for every reason, none twice", () => {
        const reasons = new Set<OmissionReason>(EXAMPLES.map(([reason]) => reason));
        for (const reason of ["not-text", "kept-out", "rustup"] as const) reasons.add(reason);
        const texts = [...reasons].map(reasonText);
        assert.equal(new Set(texts).size, texts.length);
        for (const text of texts) assert.match(text, /^\w.*[^.!]$/);
    });
});

describe("isKeptFromHost", () => {
    it("holds for what changes the programs that the editor itself runs", () => {
        for (const name of ["LD_LIBRARY_PATH", "LD_PRELOAD", "DYLD_LIBRARY_PATH", "GIT_DIR"]) {
            assert.ok(isKeptFromHost(name), name);
        }
        for (const name of ["PYTHONPATH", "PYTHONHOME", "NODE_OPTIONS", "NODE_PATH"]) {
            assert.ok(isKeptFromHost(name), name);
        }
    });

    it("does not hold for what rust-analyzer and Cargo need", () => {
        for (const name of ["PATH", "LD", "RUST_SRC_PATH", "RUSTUP_TOOLCHAIN", "PKG_CONFIG_PATH"]) {
            assert.ok(!isKeptFromHost(name), name);
        }
    });
});
