import assert from "node:assert/strict";
import {
    differenceReport,
    differencesOf,
    differenceSummary,
} from "../../../../src/core/lock/differenceReport";
import { github, lockOf, type Node } from "./testLock";

const dated = (repository: string, digit: string, day: string): Node => {
    const node = github(repository, digit);
    const lastModified = Date.parse(day) / 1000;
    return { ...node, locked: { ...(node["locked"] as object), lastModified } };
};
const report = (before: string | undefined, after: string | undefined): string =>
    differenceReport("Changes", { before, after });

describe("differenceReport", () => {
    it("shows what each input was and is, and where to compare", () => {
        const before = lockOf({
            nixpkgs: dated("NixOS/nixpkgs", "1", "2026-01-02"),
            gone: dated("o/gone", "3", "2026-01-02"),
        });
        const after = lockOf({
            nixpkgs: dated("NixOS/nixpkgs", "2", "2026-02-03"),
            added: dated("o/added", "4", "2026-01-05"),
        });
        const [from, to] = ["1".repeat(40), "2".repeat(40)];
        assert.equal(
            report(before, after),
            `Changes

1 input changed, 1 added, 1 removed.

# Inputs of this flake

added (new)
    → 4444444  2026-01-05
      from github:o/added

gone (removed)
      3333333  2026-01-02
      from github:o/gone

nixpkgs
      1111111  2026-01-02
    → 2222222  2026-02-03, 32 days newer
      from github:NixOS/nixpkgs
      https://github.com/NixOS/nixpkgs/compare/${from}...${to}
`,
        );
    });

    it("shows inputs of inputs apart, by the names that lead to them", () => {
        const below = (digit: string): string =>
            lockOf(
                {
                    overlay: github("o/overlay", "1", { nixpkgs: "nixpkgs" }),
                    nixpkgs: github("NixOS/nixpkgs", digit),
                    nixpkgs_2: github("NixOS/nixpkgs", "7"),
                },
                { overlay: "overlay", nixpkgs: "nixpkgs_2" },
            );
        const text = report(below("1"), below("2"));
        assert.match(text, /\n# Inputs of those inputs\n\noverlay\/nixpkgs\n {6}1111111/);
        assert.doesNotMatch(text, /Inputs of this flake|7777777/);
    });

    it("shows what came to follow what, and what is taken from another place", () => {
        const nodes = { a: github("o/a", "1"), b: github("o/b", "1") };
        const moved = {
            ...nodes.a,
            original: { type: "github", owner: "o", repo: "a", ref: "dev" },
        };
        const text = report(lockOf(nodes), lockOf({ a: moved }, { a: "a", b: ["a"] }));
        assert.match(
            text,
            /\nb\n {6}1111111 {2}2023-11-14\n {6}from github:o\/b\n {4}→ follows a\n/,
        );
        assert.match(text, /\n {6}from github:o\/a\n {4}→ 1111111 .*\n {6}from github:o\/a\/dev\n/);
    });

    it("has a sentence for a lock that is missing, unreadable or the same", () => {
        const lock = lockOf({ a: github("o/a", "1") });
        assert.match(
            report(undefined, lock),
            /1 input added\.\nThere was no flake\.lock before\.\n/,
        );
        assert.match(
            report(lock, undefined),
            /1 input removed\.\nThere is no flake\.lock any more\.\n/,
        );
        assert.match(report("{", lock), /The earlier flake\.lock can't be read/);
        assert.match(report(lock, "<<<<<<< HEAD"), /The later flake\.lock can't be read/);
        assert.match(report(lock, lock), /Nothing changed\./);
        assert.match(report(lock, lock.replaceAll("\n", "\r\n")), /only the file's form did\./);
        assert.match(report(undefined, undefined), /Nothing changed\./);
    });

    it("shows any date that a lock can hold", () => {
        const odd = lockOf({ a: { locked: { type: "git", rev: "1", lastModified: 1e300 } } });
        assert.match(report(undefined, odd), /unknown date/);
    });

    it("counts in a few words", () => {
        const summary = (before: string, after: string): string =>
            differenceSummary(differencesOf({ before, after }) ?? []);
        const [one, two] = ["1", "2"].map((digit) =>
            lockOf({ a: github("o/a", digit), b: github("o/b", digit) }),
        );
        assert.equal(summary(one ?? "", two ?? ""), "2 inputs changed");
        assert.equal(summary(one ?? "", one ?? ""), "no input changed");
    });
});
