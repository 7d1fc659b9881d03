import assert from "node:assert/strict";
import type { NixFailureKind } from "../../../../src/core/failure/failure";
import { recogniseNix } from "../../../../src/core/failure/recognise";

interface Case {
    readonly kind: NixFailureKind;
    /** Where the text is from: a file of the nix that prints it, or a report that quotes it. */
    readonly source: string;
    readonly text: string;
    readonly subject?: string;
    readonly exitCode?: number;
}

const STORE = "/nix/store/0000000000000000000000000000000a";

/** Texts of versions that could not be run where the recorded failures were. */
const CASES: readonly Case[] = [
    {
        kind: "http-404",
        source: "api.github.com's answer for a branch that is not there",
        text: 'error: unable to download \'https://api.github.com/repos/NixOS/nixpkgs/commits/nixos-unstabel\': HTTP error 422\n\n       response body:\n\n       { "message": "No commit found for SHA: nixos-unstabel" }',
        subject: "https://api.github.com/repos/NixOS/nixpkgs/commits/nixos-unstabel",
    },
    {
        kind: "builder-setup",
        source: "nix 2.34 libstore/unix/user-lock.cc",
        text: "error: the group 'nixbld' specified in 'build-users-group' does not exist",
    },
    {
        kind: "nix-crashed",
        source: "nix 2.31 libmain/shared.cc: std::bad_alloc",
        text: "error: out of memory",
    },
    {
        kind: "assertion",
        source: "nix 2.34, the frame with the condition left out (ran, inside a derivation's attribute)",
        text: "error:\n       … while evaluating attribute 'VALUE' of derivation 'default'\n         at /w/flake.nix:24:9:\n\n       (stack trace truncated; use '--show-trace' to show the full, detailed trace)\n\n       error: an integer with value '1' is not equal to an integer with value '2'",
    },
    {
        kind: "builder-failed",
        source: "cargo in a crane or buildRustPackage derivation that the shell needs, nix 2.31",
        text: `error: Cannot build '${STORE}-openssl-sys.drv'.\n       Reason: builder failed with exit code 101.\n       Last 3 log lines:\n       > error: failed to run custom build command for \`openssl-sys v0.9.99\`\n       > error[E0432]: unresolved import\n       > error: could not compile \`a\``,
        subject: "openssl-sys",
    },
    {
        kind: "git-fetch",
        source: "git over ssh through nix 2.34: an unknown host",
        text: "Host key verification failed.\nfatal: Could not read from remote repository.\nerror:\n       … while updating the flake input 'private'\n\n       … while fetching the input 'git+ssh://git@github.com/o/r.git'\n\n       error: Failed to fetch git repository 'ssh://git@github.com/o/r.git'",
        subject: "git+ssh://git@github.com/o/r.git",
    },
    {
        kind: "nix-command-disabled",
        source: "lix 2.95.3 libutil/experimental-features.cc",
        text: "error: experimental Lix feature 'nix-command' is disabled; use '--extra-experimental-features nix-command' to override",
    },
    {
        kind: "flakes-disabled",
        source: "nix 2.36-pre libutil/experimental-features.cc: a reason after 'disabled'",
        text: "error: experimental Nix feature 'flakes' is disabled for this reason; add '--extra-experimental-features flakes' to enable it",
    },
    {
        kind: "feature-disabled",
        source: "lix 2.95.3 libutil/deprecated-features.cc",
        text: "error: Lix feature 'rec-set-overrides' is deprecated and should not be used anymore; use '--extra-deprecated-features rec-set-overrides' to disable this error",
        subject: "rec-set-overrides",
    },
    {
        kind: "usage",
        source: "lix 2.90 nix/flake.cc",
        text: "error: `nix flake lock --update-input nixpkgs` has been replaced by `nix flake update nixpkgs`",
        subject: "nix flake lock --update-input nixpkgs",
    },
    {
        kind: "nix-conf",
        source: "nix 2.31 libutil/configuration.cc",
        text: "error: syntax error in configuration line 'experimental-features' in '/etc/nix/nix.conf'",
        subject: "experimental-features",
    },
    {
        kind: "nix-conf",
        source: "nix 2.34 libutil/configuration.cc: the path in double quotes",
        text: "error: syntax error in configuration line 'foo' in \"/etc/nix/nix.conf\"",
        subject: "foo",
    },
    {
        kind: "daemon-permission",
        source: "nix 2.26 on Debian (reference, 3.2)",
        text: "error: getting status of /nix/var/nix/daemon-socket/socket: Permission denied",
    },
    {
        kind: "daemon-permission",
        source: "nix 2.34 nix/unix/daemon.cc",
        text: "error: user 'guest' is not allowed to connect to the Nix daemon",
        subject: "guest",
    },
    {
        kind: "daemon-down",
        source: "nix 2.8 libutil/util.cc",
        text: "error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused",
    },
    {
        kind: "daemon-down",
        source: "lix 2.95.3 libstore/uds-remote-store.cc",
        text: "error: could not connect to any lix socket (tried /nix/var/nix/daemon-socket/socket)",
    },
    {
        kind: "daemon-crashed",
        source: "nix 2.8 libutil/serialise.cc",
        text: "error: unexpected end-of-file",
    },
    {
        kind: "daemon-crashed",
        source: "nix 2.18 libstore/remote-store.cc",
        text: "error:\n       … while fetching the input 'path:/w'\n\n       error: Nix daemon disconnected unexpectedly (maybe it crashed?)",
    },
    {
        kind: "disk-full",
        source: "nix 2.34 libstore/sqlite.cc",
        text: "error: executing SQLite statement 'x': database or disk is full, database or disk is full (in '/nix/var/nix/db/db.sqlite')",
    },
    {
        kind: "disk-full",
        source: "nix 2.26 libstore/unix/build/local-derivation-goal.cc",
        text: `error: builder for '${STORE}-big.drv' failed with exit code 1;\n       last 1 log lines:\n       > writing\n       For full logs, run:\n         nix log ${STORE}-big.drv\n       note: build failure may have been caused by lack of free disk space`,
        exitCode: 100,
    },
    {
        kind: "store-busy",
        source: "nix 2.34 libstore/sqlite.cc",
        text: "error: SQLite database '/nix/var/nix/db/db.sqlite' is busy",
        subject: "/nix/var/nix/db/db.sqlite",
    },
    {
        kind: "store-permission",
        source: "single-user store of another user (reference, 3.2), 2.34's quotes",
        text: 'error:\n       … This command may have been run as non-root in a single-user Nix installation,\n       or the Nix daemon may have crashed.\n\n       error: opening lock file "/nix/var/nix/db/big-lock": Permission denied',
        subject: "/nix/var/nix/db/big-lock",
    },
    {
        kind: "git-owner",
        source: "git 2.39 through nix 2.8",
        text: "fatal: detected dubious ownership in repository at '/w'\nTo add an exception for this directory, call:\n\n\tgit config --global --add safe.directory /w\nerror: program 'git' failed with exit code 128",
        subject: "/w",
    },
    {
        kind: "git-owner",
        source: "git 2.39 in German through nix 2.8: only the command is not translated",
        text: "Schwerwiegend: Unsichere Besitzverhältnisse im Repository unter '/w'\nUm eine Ausnahme hinzuzufügen, rufen Sie auf:\n\n\tgit config --global --add safe.directory /w\nerror: program 'git' failed with exit code 128",
        subject: "/w",
    },
    {
        kind: "untracked",
        source: "nix 2.24 libfetchers/git-utils.cc",
        text: "error: access to path '/w/shell.nix' is forbidden because it is not under Git control; maybe you should 'git add' it to the repository '/w'?",
        subject: "/w/shell.nix",
    },
    {
        kind: "not-in-source",
        source: "nix 2.18 and lix libexpr/flake/flake.cc",
        text: "error: source tree referenced by 'git+file:///w' does not contain a '/flake.nix' file",
        subject: "flake.nix",
    },
    {
        kind: "not-in-source",
        source: "lix 2.95.3 libutil/file-system.cc",
        text: `error: getting status of 'shell.nix' in directory '${STORE}-source': No such file or directory`,
        subject: "shell.nix",
    },
    {
        kind: "not-in-source",
        source: "Determinate Nix 3.22 with lazy trees: paths are shown by where they come from",
        text: "error: path '«git+file:///w»/nix/shell.nix' does not exist",
        subject: "nix/shell.nix",
    },
    {
        kind: "no-flake",
        source: "nix 2.34 libflake/flakeref.cc",
        text: "error: unable to find a flake before encountering filesystem boundary at '/mnt'",
    },
    {
        kind: "lock-json",
        source: "lix 2.93 libexpr/flake/lockfile.cc",
        text: `error:\n       … while parsing the lock file at ${STORE}-source/flake.lock\n\n       error: failed to parse JSON: [json.exception.parse_error.101] parse error at line 3, column 1: syntax error while parsing object key - invalid literal; last read: '<'`,
    },
    {
        kind: "lock-unlocked",
        source: "nix 2.18 and lix libexpr/flake/lockfile.cc",
        text: 'error: lock file contains mutable lock \'{"type":"path","path":"./sub"}\'',
    },
    {
        kind: "lock-unlocked",
        source: "nix 2.24 libflake/flake/lockfile.cc",
        text: 'error: lock file contains unlocked input \'{"type":"path","path":"./sub"}\'',
    },
    {
        kind: "input-hash",
        source: "nix 2.24 libfetchers/fetchers.cc",
        text: "error: NAR hash mismatch in input 'github:a/b/0123', expected 'sha256-A=' but got 'sha256-B='",
        subject: "github:a/b/0123",
        exitCode: 102,
    },
    {
        kind: "input-hash",
        source: "nix 2.8 libfetchers/fetchers.cc",
        text: "error: 'lastModified' attribute mismatch in input 'github:a/b', expected 1, got 2",
        subject: "github:a/b",
    },
    {
        kind: "registry",
        source: "nix 2.34 libfetchers/indirect.cc",
        text: "error: 'flake:nixpkgs' is an indirect flake reference, but registry lookups are not allowed",
        subject: "flake:nixpkgs",
    },
    {
        kind: "unexpected-arg",
        source: "lix 2.95.3 libexpr/eval.cc: several arguments",
        text: "error: function 'outputs' called with unexpected arguments 'a' and 'b'",
        subject: "a",
    },
    {
        kind: "hash-mismatch",
        source: "lix 2.95.3 libstore/build/local-derivation-goal.cc",
        text: `error: hash mismatch in fixed-output derivation '${STORE}-crate.tar.gz.drv':\n           likely URL: https://static.crates.io/crate.tar.gz\n            specified: sha256-A=\n                  got: sha256-B=\n        expected path: ${STORE}-crate.tar.gz\n             got path: ${STORE}-crate.tar.gz\nerror: 1 dependencies of derivation '${STORE}-shell.drv' failed to build`,
        subject: "crate.tar.gz",
        exitCode: 102,
    },
    {
        kind: "wrong-system",
        source: "lix 2.95.3 libstore: a hint after the features",
        text: `error: a 'x86_64-darwin' with features {} is required to build '${STORE}-x.drv', but I am a 'x86_64-linux' with features {kvm}\n\nHint: the failing derivation has allowSubstitutes set to false, forcing it to be built rather than substituted.`,
        subject: "x86_64-darwin",
    },
    {
        kind: "wrong-system",
        source: "nix 2.31 libstore/build/derivation-building-goal.cc",
        text: `error: Cannot build '${STORE}-x.drv'.\n       Reason: required system or feature not available\n       Required system: 'aarch64-linux' with features {}\n       Current system: 'x86_64-linux' with features {kvm}`,
        subject: "aarch64-linux",
    },
    {
        kind: "builder-failed",
        source: "nix 2.31 through a remote builder, libstore/build-result.cc",
        text: `error: build of '${STORE}-a.drv' on 'ssh-ng://builder' failed: builder for '${STORE}-a.drv' failed with exit code 1`,
        subject: "a",
        exitCode: 100,
    },
    {
        kind: "builder-failed",
        source: "a Rust package whose tests print what looks like failures of nix",
        text: `error: builder for '${STORE}-app-0.1.drv' failed with exit code 101;\n       last 3 log lines:\n       > error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Permission denied\n       > error: attribute 'x' missing\n       > error: unable to download 'https://example.org': HTTP error 404\n       For full logs, run 'nix log ${STORE}-app-0.1.drv'.\nerror: 1 dependencies of derivation '${STORE}-shell.drv' failed to build`,
        subject: "app-0.1",
        exitCode: 100,
    },
    {
        kind: "builder-timeout",
        source: "nix 2.34 libstore/build/derivation-building-goal.cc",
        text: `error: Cannot build '${STORE}-slow.drv'.\n       Reason: builder timed out after 3600 seconds of silence.`,
        subject: "slow",
        exitCode: 101,
    },
    {
        kind: "builder-setup",
        source: "nix 2.34 in a container, libstore/unix/build/linux-derivation-builder.cc",
        text: "error: cannot perform a sandboxed build because user namespaces are not enabled; check /proc/sys/user/max_user_namespaces",
    },
    {
        kind: "builder-setup",
        source: "nix 2.26 in a chroot without /dev/pts (reference, 3.2)",
        text: "error: opening pseudoterminal master: No such device",
    },
    {
        kind: "builder-setup",
        source: "nix 2.18 libstore/lock.cc",
        text: "error: the build users group 'nixbld' has no members",
        subject: "nixbld",
    },
    {
        kind: "network",
        source: "lix 2.95.3 libstore/filetransfer.cc",
        text: "error: unable to download 'https://api.github.com/repos/a/b/commits/HEAD': Could not resolve hostname (curl error code=6: Could not resolve host: api.github.com)",
        subject: "https://api.github.com/repos/a/b/commits/HEAD",
    },
    {
        kind: "network",
        source: "nix 2.34 behind a proxy that intercepts TLS",
        text: "error: unable to download 'https://cache.nixos.org/nix-cache-info': SSL peer certificate or SSH remote key was not OK (60) SSL certificate problem: self-signed certificate in certificate chain",
        subject: "https://cache.nixos.org/nix-cache-info",
    },
    {
        kind: "network",
        source: "a transfer cut short has a good status",
        text: "error: unable to download 'https://x/y.tar.gz': HTTP error 200 (curl error: Transferred a partial file)",
        subject: "https://x/y.tar.gz",
    },
    {
        kind: "http-404",
        source: "lix 2.95.3 libstore/filetransfer.cc",
        text: 'error: unable to download \'https://x/y.tar.gz\': HTTP error 404 (curl error code=22: HTTP response code said error)\n\n       response body:\n\n       {"message":"Not Found"}',
        subject: "https://x/y.tar.gz",
    },
    {
        kind: "rate-limit",
        source: "GitHub's secondary limit, nix 2.34",
        text: "error: unable to download 'https://api.github.com/x': HTTP error 429\n\n       response body:\n\n       You have exceeded a secondary rate limit.",
        subject: "https://api.github.com/x",
    },
    {
        kind: "git-fetch",
        source: "ssh through nix 2.18",
        text: "git@github.com: Permission denied (publickey).\nfatal: Could not read from remote repository.\nerror: program 'git' failed with exit code 128",
    },
    {
        kind: "git-fetch",
        source: "nix 2.34 libfetchers/git.cc",
        text: "error:\n       … while fetching the input 'git+ssh://git@github.com/a/b'\n\n       error: Failed to fetch git repository 'ssh://git@github.com/a/b'",
        subject: "git+ssh://git@github.com/a/b",
    },
    {
        kind: "no-substituter",
        source: "nix 2.18 libstore/build/substitution-goal.cc",
        text: `error: path '${STORE}-x' is required, but there is no substituter that can build it`,
        subject: "x",
    },
    {
        kind: "untrusted-signature",
        source: "nix 2.34 libstore/local-store.cc",
        text: `error: cannot add path '${STORE}-x' because it lacks a signature by a trusted key`,
        subject: "x",
    },
    {
        kind: "store-corrupt",
        source: "nix 2.34 libstore/local-store.cc",
        text: `error: path '${STORE}-x' is corrupted or missing!`,
        subject: "x",
    },
    {
        kind: "unfree",
        source: "nixpkgs 24.11 stdenv/generic/check-meta.nix",
        text: `error:\n       … while evaluating the attribute 'buildInputs'\n\n       error: Package ‘cuda-12.4’ in ${STORE}-source/pkgs/cuda.nix:94 has an unfree license (‘CUDA EULA’), refusing to evaluate.\n\n       a) To temporarily allow unfree packages, you can use an environment variable`,
        subject: "cuda-12.4",
    },
    {
        kind: "unfree",
        source: "nixpkgs 26.05 (reference, 3.2)",
        text: `error: Refusing to evaluate package 'cuda-12.4' in ${STORE}-source/pkgs/cuda.nix:94 because it has an unfree license (‘CUDA EULA’)`,
        subject: "cuda-12.4",
    },
    {
        kind: "insecure",
        source: "nixpkgs 24.11 stdenv/generic/check-meta.nix",
        text: `error: Package ‘openssl-1.1.1w’ in ${STORE}-source/pkgs/openssl.nix:200 is marked as insecure, refusing to evaluate.\n\n\n       Known issues:\n        - OpenSSL 1.1 is end of life`,
        subject: "openssl-1.1.1w",
    },
    {
        kind: "broken",
        source: "nixpkgs 24.11 stdenv/generic/check-meta.nix",
        text: `error: Package ‘x-1’ in ${STORE}-source/pkgs/x.nix:9 is marked as broken, refusing to evaluate.`,
        subject: "x-1",
    },
    {
        kind: "broken",
        source: "nixpkgs 26.05 (reference, 3.2)",
        text: `error: Refusing to evaluate package 'x-1' in ${STORE}-source/pkgs/x.nix:9 because it has problems:\n       - broken: This package is broken`,
        subject: "x-1",
    },
    {
        kind: "unsupported-platform",
        source: "nixpkgs 24.11 stdenv/generic/check-meta.nix",
        text: `error: Package ‘x-1’ in ${STORE}-source/pkgs/x.nix:9 is not available on the requested hostPlatform:\n         hostPlatform.config = "aarch64-apple-darwin"`,
        subject: "x-1",
    },
    {
        kind: "unsupported-platform",
        source: "nixpkgs 21.11 stdenv/generic/check-meta.nix",
        text: `error: Package ‘x-1’ in ${STORE}-source/pkgs/x.nix:9 is not supported on ‘aarch64-darwin’, refusing to evaluate.`,
        subject: "x-1",
    },
    {
        kind: "pure-eval",
        source: "lix 2.93 libexpr/eval.cc",
        text: "error: access to absolute path '/etc/hosts' is forbidden in pure eval mode (use '--impure' to override)",
        subject: "/etc/hosts",
    },
    {
        kind: "pure-eval",
        source: "nix 2.24 libexpr/primops/fetchTree.cc",
        text: "error: in pure evaluation mode, 'fetchTree' will not fetch unlocked input 'git+file:///x'",
        subject: "fetchTree",
    },
    {
        kind: "assertion",
        source: "nix 2.24 libexpr/eval.cc",
        text: `error:\n       … while evaluating the condition of the assertion '(a == b)'\n         at ${STORE}-source/flake.nix:3:5:\n\n       error: string 'x' is not equal to string 'y'`,
        subject: "(a == b)",
    },
    {
        kind: "infinite-recursion",
        source: "nix 2.34 libutil/unix/signals, the handler of a stack overflow",
        text: "error: stack overflow (possible infinite recursion)",
        exitCode: 1,
    },
    {
        kind: "lock-node",
        source: "nix 2.8 with an undefined root node (reference, 3.2)",
        text: "nix: /usr/include/nlohmann/json.hpp:2135: nlohmann::basic_json<>::operator[]: Assertion `it != m_value.object->end()' failed.\nAborted",
        exitCode: 134,
    },
    {
        kind: "daemon-down",
        source: "an uncaught exception in nix 2.18",
        text: "terminate called after throwing an instance of 'nix::SysError'\n  what():  error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': No such file or directory\nAborted (core dumped)",
        exitCode: 134,
    },
    {
        kind: "nix-missing",
        source: "bash",
        text: "bash: line 1: nix: command not found",
        exitCode: 127,
    },
];

describe("texts of nix that were not recorded", () => {
    for (const { kind, source, text, subject, exitCode = 1 } of CASES) {
        it(`${kind}: ${source}`, () => {
            const plain = recogniseNix({ exitCode, stderr: `${text}\n` });
            assert.equal(plain.kind, kind);
            if (subject !== undefined) assert.equal(plain.subject, subject);
            if (!text.startsWith("error:")) return;
            const recorded = recogniseNix({ exitCode, stderr: asRecords(text) });
            assert.deepEqual([recorded.kind, recorded.subject], [plain.kind, plain.subject]);
        });
    }
});

/** As nix writes it with `--log-format internal-json`: an error, a record. */
function asRecords(text: string): string {
    return text
        .split(/^(?=error:)/m)
        .map((msg) => `@nix ${JSON.stringify({ action: "msg", level: 0, msg: msg.trimEnd() })}\n`)
        .join("");
}
