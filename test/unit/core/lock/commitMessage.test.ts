import assert from "node:assert/strict";
import { commitMessage, nothingToCommit } from "../../../../src/core/lock/commitMessage";
import { lockDifference } from "../../../../src/core/lock/difference";
import { parseLock, type LockFile } from "../../../../src/core/lock/lockFile";
import { github, lockOf } from "./testLock";

describe("commitMessage", () => {
    const locked = (inputs: Readonly<Record<string, string>>): LockFile => {
        const nodes = Object.entries(inputs).map(([name, digit]) => [
            name,
            github(`a/${name}`, digit),
        ]);
        return parseLock(
            lockOf(Object.fromEntries(nodes) as Parameters<typeof lockOf>[0]),
        ) as LockFile;
    };
    const message = (before: Record<string, string> | undefined, after: Record<string, string>) =>
        commitMessage(lockDifference(before && locked(before), locked(after)));

    it("names the one input that changed, with both revisions", () => {
        assert.equal(
            message({ nixpkgs: "1" }, { nixpkgs: "2" }),
            "flake.lock: update nixpkgs (1111111 → 2222222)",
        );
    });

    it("names some inputs, and counts many; the rest is in its body", () => {
        assert.equal(
            message({ a: "1", b: "1" }, { a: "2", b: "3" }),
            "flake.lock: update a and b\n\na (1111111 → 2222222)\nb (1111111 → 3333333)",
        );
        const many = message(
            { a: "1", b: "1", c: "1", d: "1" },
            { a: "2", b: "2", c: "2", d: "2" },
        );
        assert.match(many, /^flake\.lock: update 4 inputs\n\n/);
    });

    it("tells a first lock and dropped inputs from updates", () => {
        assert.equal(message(undefined, { a: "1" }), "flake.lock: lock a (1111111)");
        assert.equal(message({ a: "1" }, {}), "flake.lock: drop a (1111111)");
        assert.match(message({ a: "1" }, { b: "1" }), /^flake\.lock: update a and b\n/);
        assert.equal(message({ a: "1" }, { a: "1" }), "flake.lock: update");
    });
});

describe("nothingToCommit", () => {
    it("is a reason where the file is as it was committed, or is not there", () => {
        assert.match(nothingToCommit({ before: "a", after: "a" }) ?? "", /committed as it is/);
        assert.match(nothingToCommit({ before: "a", after: undefined }) ?? "", /no flake\.lock/);
        assert.match(nothingToCommit({ before: undefined, after: undefined }) ?? "", /Lock Flake/);
    });

    it("is none where the file is new or other than what was committed", () => {
        assert.equal(nothingToCommit({ before: undefined, after: "a" }), undefined);
        assert.equal(nothingToCommit({ before: "a", after: "b" }), undefined);
    });
});
