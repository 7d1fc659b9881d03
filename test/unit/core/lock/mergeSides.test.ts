import assert from "node:assert/strict";
import { mergeSides } from "../../../../src/core/lock/mergeSides";

const lock = (rev: string): string =>
    `${JSON.stringify({ version: 7, root: "root", nodes: { root: {}, a: { locked: { rev } } } }, null, 2)}\n`;

/** A merge that both sides changed the revision in. */
function conflict(ours: string, theirs: string, base?: string): string {
    const [one, two] = [lock(ours), lock(theirs)].map((text) => text.split("\n"));
    const row = one?.findIndex((line) => line.includes("rev")) ?? 0;
    const middle = base === undefined ? [] : ["||||||| base", `        "rev": "${base}"`];
    const marked = ["<<<<<<< HEAD", one?.[row] ?? "", ...middle, "=======", two?.[row] ?? ""];
    return (one ?? []).toSpliced(row, 1, ...marked, ">>>>>>> theirs").join("\n");
}

describe("mergeSides", () => {
    it("takes a conflict apart, byte for byte", () => {
        const sides = mergeSides(conflict("1", "2"));
        assert.deepEqual(sides, { ours: lock("1"), theirs: lock("2") });
    });

    it("leaves out what both came from, where git wrote that, too", () => {
        assert.deepEqual(mergeSides(conflict("1", "2", "0")), {
            ours: lock("1"),
            theirs: lock("2"),
        });
    });

    it("reads lines that end as on Windows", () => {
        const sides = mergeSides(conflict("1", "2").replaceAll("\n", "\r\n"));
        assert.equal(sides?.theirs, lock("2").replaceAll("\n", "\r\n"));
    });

    it("is none of a lock without conflict, and of one whose sides are no locks", () => {
        assert.equal(mergeSides(lock("1")), undefined);
        assert.equal(mergeSides(conflict("1", "2").replace('"version": 7,', "")), undefined);
        assert.equal(mergeSides("<<<<<<< HEAD\n{\n=======\n}\n>>>>>>> x\n"), undefined);
        assert.equal(mergeSides(""), undefined);
    });
});
