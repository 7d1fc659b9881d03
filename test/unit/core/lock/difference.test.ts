import assert from "node:assert/strict";
import { lockArguments } from "../../../../src/core/lock/change";
import { compareLink, differenceText, lockDifference } from "../../../../src/core/lock/difference";
import { parseLock, resolveInput, type LockFile } from "../../../../src/core/lock/lockFile";
import { severalNixpkgs } from "../../../../src/core/lock/lockedInputs";
import { parseNixVersion, type NixVersion } from "../../../../src/core/nix/version";
import { github, lockOf } from "./testLock";

const lock = (...parts: Parameters<typeof lockOf>): LockFile => {
    const parsed = parseLock(lockOf(...parts));
    assert.ok("nodes" in parsed);
    return parsed;
};
const version = (text: string): NixVersion => {
    const parsed = parseNixVersion(`nix (${text}`);
    assert.ok(parsed);
    return parsed;
};

describe("lockDifference", () => {
    it("tells what was added, removed and changed, and nothing of the rest", () => {
        const before = lock({
            a: github("o/a", "1"),
            b: github("o/b", "1"),
            c: github("o/c", "1"),
        });
        const after = lock({ a: github("o/a", "2"), b: github("o/b", "1"), d: github("o/d", "1") });
        assert.deepEqual(lockDifference(before, after).map(differenceText), [
            "a: 1111111 (2023-11-14) → 2222222 (2023-11-14)",
            "c: no longer locked, was 1111111 (2023-11-14)",
            "d: new, 1111111 (2023-11-14)",
        ]);
        assert.deepEqual(lockDifference(after, after), []);
        assert.equal(lockDifference(undefined, after).length, 3);
    });

    it("tells of an input that came to follow another", () => {
        const nodes = { a: github("o/a", "1"), b: github("o/b", "1") };
        const after = lock({ a: nodes.a }, { a: "a", b: ["a"] });
        assert.deepEqual(lockDifference(lock(nodes), after).map(differenceText), [
            "b: 1111111 (2023-11-14) → follows a",
        ]);
    });

    it("has a page that compares two revisions where the host has one", () => {
        const [changed] = lockDifference(
            lock({ a: github("o/a", "1") }),
            lock({ a: github("o/a", "2") }),
        );
        assert.ok(changed?.kind === "changed");
        const link = compareLink(changed.before, changed.after);
        const [from, to] = ["1".repeat(40), "2".repeat(40)];
        assert.equal(link, `https://github.com/o/a/compare/${from}...${to}`);
        assert.equal(compareLink(changed.after, changed.after), undefined);
    });
});

describe("the graph of locked inputs", () => {
    it("follows paths, and does not go round for ever", () => {
        const nodes = { a: github("o/a", "1", { x: ["b"] }), b: github("o/b", "1") };
        assert.equal(resolveInput(lock(nodes), ["a", "x"])?.key, "b");
        const cycle = lock({}, { a: ["b"], b: ["c"], c: ["a", "a"], d: ["d"] });
        for (const name of ["a", "b", "c", "d"])
            assert.equal(resolveInput(cycle, [name]), undefined);
        assert.equal(resolveInput(lock(nodes), ["no", "such"]), undefined);
    });

    it("knows where several versions of nixpkgs are locked", () => {
        const own = github("NixOS/nixpkgs", "1");
        assert.deepEqual(severalNixpkgs(lock({ n: own, m: github("nixos/nixpkgs", "1") })), []);
        assert.deepEqual(severalNixpkgs(lock({ n: own, m: github("NixOS/nixpkgs", "2") })), [
            "n",
            "m",
        ]);
    });
});

describe("lockArguments", () => {
    const update = { kind: "update", inputs: ["a", "b/c"] } as const;

    it("updates single inputs in the spelling that the nix at hand has", () => {
        const old = ["flake", "lock", "--update-input", "a", "--update-input", "b/c"];
        const now = ["flake", "update", "a", "b/c"];
        assert.deepEqual(lockArguments(update, version("Nix) 2.8.0")), old);
        assert.deepEqual(lockArguments(update, version("Nix) 2.18.9")), old);
        assert.deepEqual(lockArguments(update, version("Nix) 2.19.0")), now);
        assert.deepEqual(lockArguments(update, version("Lix, like Nix) 2.90.0")), now);
        assert.deepEqual(lockArguments(update, version("Determinate Nix 3.0.0) 2.26.0")), now);
    });
});
