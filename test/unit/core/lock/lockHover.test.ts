import assert from "node:assert/strict";
import fc from "fast-check";
import { changeHover, lockHover } from "../../../../src/core/lock/lockHover";
import { nodePlaces } from "../../../../src/core/lock/lockPlaces";
import { github, lockOf } from "./testLock";

const NOW = (1_700_000_000 + 12 * 24 * 60 * 60) * 1000;

describe("nodePlaces", () => {
    it("finds each node from its key to its end", () => {
        const text = lockOf({ a: github("o/a", "1", { x: ["b"] }), 'q"\\é': github("o/b", "2") });
        const places = nodePlaces(text);
        assert.deepEqual(
            places.map(({ key }) => key),
            ["a", 'q"\\é', "root"],
        );
        for (const { key, from, to } of places) {
            const json = JSON.parse(`{${text.slice(from, to)}}`) as object;
            assert.deepEqual(Object.keys(json), [key]);
        }
    });

    it("finds them without line ends, and takes keys that only look like nodes for what they are", () => {
        const nodes = { a: { inputs: { nodes: "b" }, nodes: { c: {} } } };
        const text = JSON.stringify({ other: { x: {} }, nodes, root: "a", version: 7 });
        assert.deepEqual(
            nodePlaces(text).map(({ key }) => key),
            ["a"],
        );
    });

    it("takes a string that never ends for one, however many quotes are in it", () => {
        assert.deepEqual(nodePlaces(`{"nodes": {"a": "${'\\"'.repeat(500_000)}`), []);
    });

    it("takes any text", () => {
        fc.assert(
            fc.property(
                fc.array(fc.constantFrom(...'{}[]:,"\\n a1'.split(""), '"nodes"')),
                (parts) => {
                    for (const { from, to } of nodePlaces(parts.join(""))) assert.ok(from < to);
                },
            ),
        );
    });
});

describe("lockHover", () => {
    const text = lockOf(
        {
            a: github("o/a", "1", { b: "b", c: ["a", "b"] }),
            b: github("o/b", "2"),
            lost: github("o/lost", "3"),
        },
        { a: "a" },
    );
    const over = (part: string): string => lockHover(text, text.indexOf(part), NOW)?.text ?? "";

    it("tells of the node by the names that lead to it", () => {
        const hover = over('"2222');
        assert.match(
            hover,
            /^\*\*a\/b\*\*\n\nRevision `2{40}`\n\nLast changed 2023-11-14, 12 days ago/,
        );
        assert.match(hover, /\nUsed as a\/b, a\/c\n/);
        assert.match(hover, /\[Open in Browser\]\(command:nixRust\.openInputPage\?/);
        assert.match(over('"inputs": {\n        "b"'), /^\*\*a\*\*/);
    });

    it("tells of a node that nothing leads to, and of the flake itself", () => {
        assert.equal(over('"3333'), "No input leads to this node.");
        assert.match(over('"root": {'), /The flake itself/);
        assert.equal(lockHover(text, text.indexOf('"version"'), NOW), undefined);
    });

    it("is none where the lock can't be read", () => {
        assert.equal(lockHover(`<<<<<<< HEAD\n${text}`, 40, NOW), undefined);
        assert.equal(lockHover("", 0, NOW), undefined);
    });

    it("has a link from what changed to how", () => {
        assert.match(
            changeHover("2 inputs changed", "file:///a"),
            /^2 inputs changed · \[Show Lock Changes\]\(command:nixRust\.showLockChanges\?\S+\)$/,
        );
    });
});
