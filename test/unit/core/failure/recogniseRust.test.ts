import assert from "node:assert/strict";
import { recognise } from "../../../../src/core/failure/explain";
import { recogniseRust } from "../../../../src/core/failure/recogniseRust";
import { sentenceFor } from "../../../../src/core/failure/sentence";
import { recordedFailures } from "./recorded";

describe("failures of cargo, rustup and rust-analyzer", () => {
    it("are not seen in what nix writes, the log of a build within it included", () => {
        for (const runs of recordedFailures().values()) {
            for (const { stderr } of runs) assert.equal(recogniseRust(stderr), undefined, stderr);
        }
        const build =
            "error: builder for '/nix/store/0000000000000000000000000000000a-x.drv' failed with exit code 101;\n       last 1 log lines:\n       > error: linker `cc` not found\n";
        assert.equal(recognise({ exitCode: 101, stderr: build }).kind, "builder-failed");
    });

    it("are the same in colours and with carriage returns", () => {
        const stderr =
            "\u001b[1m\u001b[31merror\u001b[0m\u001b[1m: linker `cc` not found\u001b[0m\r\n  \u001b[94m|\u001b[0m\r\n";
        const failure = recognise({ exitCode: 101, stderr });
        assert.deepEqual([failure.kind, failure.subject], ["link-failed", "cc"]);
    });

    it("name the place of the project's own mistake", () => {
        const stderr =
            '   Compiling a v0.1.0 (/w)\nerror[E0425]: cannot find value `x` in this scope\n --> src/main.rs:2:5\n  |\n2 |     x\n  |     ^ not found in this scope\n\nerror: could not compile `a` (bin "a") due to 1 previous error\n';
        const { kind, place } = recognise({ exitCode: 101, stderr });
        assert.equal(kind, "rust-compile");
        assert.deepEqual(place, { file: "src/main.rs", line: 2, column: 5 });
    });

    it("name the place in a Cargo.toml that can't be read", () => {
        const stderr =
            "error: failed to parse manifest at `/w/Cargo.toml`\n\nCaused by:\n  TOML parse error at line 7, column 1\n    |\n  7 | [dependencies\n    | ^\n  invalid table header\n";
        const { kind, place } = recognise({ exitCode: 101, stderr });
        assert.equal(kind, "cargo-manifest");
        assert.deepEqual(place, { file: "/w/Cargo.toml", line: 7, column: 1 });
    });

    for (const [stderr, kind, says] of [
        [
            "error: no such command: `fmt`\n\nhelp: view all installed commands\n",
            "rust-missing",
            "Add “rustfmt”",
        ],
        ["error: no such command: `nextest`\n", "rust-missing", "Add “cargo-nextest”"],
        [
            "error: the option `Z` is only accepted on the nightly compiler\n",
            "rust-not-nightly",
            "a nightly",
        ],
        [
            "error: could not find `Cargo.toml` in `/w` or any parent directory\n",
            "cargo-manifest",
            "There is no Cargo.toml",
        ],
        [
            "error: unexpected argument `--foo` found\n",
            "cargo-other",
            "Cargo stopped with an error",
        ],
        [
            "error: rustc 1.73.0 is not supported by the following packages:\n  a@0.1.4 requires rustc 1.75\n  b@1.0.0 requires rustc 1.100.1\n  c@1.0.0 requires rustc 1.81\n",
            "rust-too-old",
            "it needs rustc 1.100.1",
        ],
        [
            "error: linking with `cc` failed: exit status: 1\n  |\n  = note: ld: library 'foo2' not found\n",
            "link-failed",
            "library “foo2”",
        ],
        [
            "error: linking with `cc` failed: exit status: 1\n  |\n  = note: /w/src/main.rs:4:(.text+0x3): undefined reference to `foo_bar'\n",
            "link-failed",
            "did not find “foo_bar”",
        ],
    ] as const) {
        it(`are told in a sentence: ${stderr.split("\n")[0] ?? ""}`, () => {
            const failure = recognise({ exitCode: 101, stderr });
            assert.equal(failure.kind, kind);
            const { message } = sentenceFor(failure);
            assert.ok(message.includes(says), message);
        });
    }

    it("are no build that took too long, whatever the exit code", () => {
        const stderr = "thread 'main' panicked at src/main.rs:2:5:\nno config\n";
        assert.equal(recognise({ exitCode: 101, stderr }).kind, "eval-other");
        assert.equal(recognise({ exitCode: 101, stderr: "" }).kind, "builder-timeout");
    });

    it("are no full disk, which is what it is", () => {
        const stderr =
            "error: could not compile `a` (lib) due to 1 previous error\nerror: failed to write to `/w/target/x.rmeta`: No space left on device (os error 28)\n";
        assert.equal(recognise({ exitCode: 101, stderr }).kind, "disk-full");
    });

    for (const [name, piece] of Object.entries({
        "empty lines": "\n",
        spaces: " ",
        errors: "error: failed to get `x`\n",
        "errors with empty lines": "error: x\n\n\n\n",
        "half commands": 'Failed to run `"cargo" "metadata" ',
    })) {
        it(`take time in proportion only: ${name}`, () => {
            const stderr = piece.repeat(Math.ceil(6e6 / piece.length));
            const start = process.cpuUsage();
            recogniseRust(stderr);
            const elapsed = process.cpuUsage(start).user / 1000;
            assert.ok(elapsed < 1900, `${elapsed} ms`);
        });
    }
});
