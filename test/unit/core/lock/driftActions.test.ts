import assert from "node:assert/strict";
import type { Drift } from "../../../../src/core/lock/drift";
import { driftActions, driftActionText } from "../../../../src/core/lock/driftActions";
import type { DriftKind } from "../../../../src/core/lock/driftText";
import { aDrift } from "./aDrift";

function labels(drift: Partial<Drift>, ignored: readonly DriftKind[] = [], canUndo = false) {
    return driftActions(aDrift(drift), { ignored, canUndo }).map(driftActionText);
}

describe("driftActions", () => {
    it("offers for each state what mends it, and to ignore it", () => {
        assert.deepEqual(labels({}), []);
        assert.deepEqual(labels({ state: "modified" }), [
            "Commit flake.lock…",
            "Show Lock Changes",
            "Open flake.lock",
            "Ignore “flake.lock not committed” in This Workspace",
        ]);
        assert.deepEqual(labels({ state: "untracked" }).slice(0, 2), [
            "Commit flake.lock…",
            "Add flake.lock to Git",
        ]);
        assert.equal(labels({ state: "missing" })[0], "Lock Flake");
        assert.deepEqual(labels({ state: "stale" }).slice(0, 2), ["Lock Flake", "Open flake.nix"]);
        const trouble = { kind: "conflict", line: 3 } as const;
        assert.equal(labels({ state: "conflict", trouble })[0], "Resolve flake.lock…");
        assert.ok(labels({ state: "unreadable" }).includes("Lock Anew…"));
        assert.deepEqual(labels({ state: "conflict" }), [
            "Mark flake.lock as Resolved in Git",
            "Show Lock Changes",
            "Open flake.lock",
            "Ignore “flake.lock not marked as resolved” in This Workspace",
        ]);
        assert.deepEqual(labels({ invisible: ["flake.nix", "a/b"] }).slice(0, 2), [
            "Add flake.nix to Git",
            "Add a/b to Git",
        ]);
        const gap = { input: "rust-overlay", file: "x", channel: "1.99", newest: "1.98" };
        assert.equal(labels({ notes: [{ kind: "toolchain", gap }] })[0], "Update rust-overlay");
    });

    it("offers the worst state's first, and nothing twice", () => {
        const all = labels({ state: "stale", also: ["modified"] });
        assert.equal(all[0], "Lock Flake");
        assert.equal(new Set(all).size, all.length);
        assert.equal(all.filter((label) => label === "Open flake.lock").length, 1);
    });

    it("leaves out what is ignored, and offers the way back", () => {
        assert.deepEqual(labels({ state: "modified" }, ["modified"]), ["Show Lock Warnings Again"]);
    });

    it("offers to undo where that can be", () => {
        assert.deepEqual(labels({}, [], true), ["Undo Last Update"]);
    });
});
