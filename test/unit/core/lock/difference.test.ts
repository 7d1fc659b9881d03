import assert from "node:assert/strict";
import { lockArguments, type LockChange } from "../../../../src/core/lock/change";
import { compareLink, differenceText, lockDifference } from "../../../../src/core/lock/difference";
import { parseLock, resolveInput, type LockFile } from "../../../../src/core/lock/lockFile";
import {
    allLockedInputs,
    lockedInputs,
    severalNixpkgs,
} from "../../../../src/core/lock/lockedInputs";
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

    it("tells an input of the flake from one of the same name below another", () => {
        const withNixpkgs = (own: string, below: string): LockFile =>
            lock(
                {
                    b: github("o/b", "1", { nixpkgs: "nixpkgs", x: ["nixpkgs"] }),
                    nixpkgs: github("o/n", below),
                    nixpkgs_2: github("o/n", own),
                },
                { b: "b", nixpkgs: "nixpkgs_2" },
            );
        const changed = (own: string, below: string): string[] =>
            lockDifference(withNixpkgs("1", "1"), withNixpkgs(own, below)).map(({ name }) => name);
        assert.deepEqual(changed("2", "1"), ["nixpkgs"]);
        assert.deepEqual(changed("1", "2"), ["b/nixpkgs"]);
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

    it("is walked in no time, however its inputs follow each other", () => {
        // Each input follows the next one twice over: without a memory, that is 2 to the 60th steps.
        const inputs: Record<string, string | string[]> = {};
        for (let i = 0; i < 60; i++) inputs[`i${i}`] = ["n", `i${i + 1}`, `i${i + 1}`];
        const doubling = lock({ n: { inputs: { ...inputs, i60: "n" } } }, { n: "n", ...inputs });
        assert.equal(resolveInput(doubling, ["n", "i0"])?.key, "n");
        assert.equal(lockedInputs(doubling).length, 61);
        assert.equal(allLockedInputs(doubling).length, 122);

        const chain = Array.from({ length: 20_000 }, (_, i) => [`c${i}`, [`c${i + 1}`]] as const);
        const long = lock({ a: github("o/a", "1") }, Object.fromEntries(chain));
        assert.equal(lockedInputs(long).length, chain.length);
        const nested = Object.fromEntries(
            Array.from({ length: 20_000 }, (_, i) => [`n${i}`, { inputs: { x: `n${i + 1}` } }]),
        );
        assert.equal(allLockedInputs(lock(nested, { n: "n0" })).length, 20_001);
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
        const now = ["flake", "update", "--", "a", "b/c"];
        assert.deepEqual(lockArguments(update, version("Nix) 2.8.0"), undefined), old);
        assert.deepEqual(lockArguments(update, version("Nix) 2.18.9"), undefined), old);
        assert.deepEqual(lockArguments(update, version("Nix) 2.19.0"), undefined), now);
        assert.deepEqual(lockArguments(update, version("Lix, like Nix) 2.90.0"), undefined), now);
        const determinate = version("Determinate Nix 3.0.0) 2.26.0");
        assert.deepEqual(lockArguments(update, determinate, undefined), now);
    });

    it("names a flake that is to be taken without the repository around it", () => {
        const words = (nix: string, change: LockChange): string =>
            lockArguments(change, version(nix), "path:.").join(" ");
        const pin = { kind: "pin", input: "a", reference: "x" } as const;
        const [old, now] = ["Nix) 2.8.0", "Nix) 2.34.8"];
        assert.equal(words(old, { kind: "lock" }), "flake lock path:.");
        assert.equal(words(old, { kind: "update-all" }), "flake update path:.");
        assert.equal(words(now, { kind: "update-all" }), "flake update --flake path:.");
        assert.equal(words(now, update), "flake update --flake path:. -- a b/c");
        assert.equal(words(now, pin), "flake lock path:. --override-input a x");
    });
});
