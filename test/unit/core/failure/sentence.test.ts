import assert from "node:assert/strict";
import { explain } from "../../../../src/core/failure/explain";
import { failureOf, type FailureKind } from "../../../../src/core/failure/failure";
import { fixLabel } from "../../../../src/core/failure/fix";
import { fileName } from "../../../../src/core/failure/advice/wording";
import { sentenceFor } from "../../../../src/core/failure/sentence";
import { recogniseNix } from "../../../../src/core/failure/recognise";
import { recordedFailures } from "./recorded";

describe("sentences about failures", () => {
    it("are short, whole, calm, and never a trace", () => {
        for (const runs of recordedFailures().values()) {
            for (const { exit, stderr } of runs) {
                const { message } = sentenceFor(recogniseNix({ exitCode: exit, stderr }));
                assert.match(message, /^(?:[“A-Z]|flake\.)[^]*\.$/);
                assert.doesNotMatch(message, /!|\n|undefined|\u001b|… while|\(\)|: \.|[^.]\.\.$/);
                assert.doesNotMatch(message, /\/nix\/store\/\w{32}-source/);
                assert.ok(message.length < 500, message);
            }
        }
    });

    it("are whole where nothing is known but the kind", () => {
        const kinds: FailureKind[] = [
            "platform",
            "nix-unusable",
            "hook-exited",
            "internal",
            "lock-version",
            "untracked",
            "missing-attr",
            "eval-other",
            "syntax",
        ];
        for (const kind of kinds) {
            const { message } = sentenceFor(failureOf(kind));
            assert.match(message, /^(?:[A-Z]|flake\.).*\.$/);
            assert.doesNotMatch(message, /undefined|“”|: \.|\(\)/);
        }
    });

    it("name the file within the project, and the line", () => {
        const runs = recordedFailures().get("missing-attr") ?? [];
        for (const { exit, stderr } of runs) {
            const { message, fixes } = explain({ exitCode: exit, stderr });
            assert.match(message, /rust-overlay/);
            assert.match(message, /\(flake\.nix, line 5\)/);
            assert.deepEqual(fixes.slice(0, 2), ["add-rust-overlay", "open-place"]);
        }
        assert.equal(
            fileName("/nix/store/0000000000000000000000000000000a-source/nix/shell.nix"),
            "nix/shell.nix",
        );
        assert.equal(fileName("/home/me/project/flake.nix"), "flake.nix");
    });

    it("say that a build failed for want of a network, where its log does", () => {
        const runs = recordedFailures().get("fetchurl-failed") ?? [];
        assert.equal(runs.length, 6);
        for (const { exit, stderr } of runs) {
            const { kind, message } = explain({ exitCode: exit, stderr });
            assert.equal(kind, "builder-failed");
            assert.match(message, /Check the network connection/);
        }
    });

    it("offer only what is possible", () => {
        assert.deepEqual(sentenceFor(failureOf("untracked")).fixes, []);
        assert.deepEqual(sentenceFor(failureOf("untracked", "flake.nix")).fixes, ["track-file"]);
        assert.ok(!sentenceFor(failureOf("syntax")).fixes.includes("open-place"));
    });

    it("do not call it an update of the lock where only what is missing is locked", () => {
        const { message, fixes } = sentenceFor(failureOf("lock-needs-update"));
        assert.match(message, /the versions that are locked already stay/);
        assert.deepEqual(fixes.map(fixLabel), ["Lock Flake"]);
    });

    it("come with a label for each button", () => {
        for (const runs of recordedFailures().values()) {
            for (const { exit, stderr } of runs) {
                const { fixes } = explain({ exitCode: exit, stderr });
                assert.equal(new Set(fixes.map(fixLabel)).size, fixes.length);
            }
        }
    });

    it("explain in the shape that the command line promises", () => {
        assert.deepEqual(
            explain({ exitCode: 1, stderr: "error: could not find a flake.nix file\n" }),
            {
                kind: "no-flake",
                message:
                    "This folder has no flake.nix. Create one, or open the folder that has it.",
                file: null,
                line: null,
                column: null,
                fixes: ["generate-flake"],
            },
        );
    });
});
