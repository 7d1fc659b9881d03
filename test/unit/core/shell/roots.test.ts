import assert from "node:assert/strict";
import { existsSync, lstatSync, statSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { dropUnusedShells, touchRoots } from "../../../../src/core/shell/roots";
import { testFolder } from "../../testFolder";

const DAY = 24 * 60 * 60 * 1_000;
const NOW = Date.parse("2026-11-26T12:00:00Z");

describe("the roots of dev shells", () => {
    const folder = testFolder();

    /** A shell's storage that was used so many days ago; less than none is in the future. */
    function shell(digit: string, days: number): string {
        const name = digit.repeat(20);
        folder.write(`${name}/snapshot.json`);
        const used = folder.write(`${name}/used`);
        utimesSync(used, new Date(NOW - days * DAY), new Date(NOW - days * DAY));
        return join(folder.path, name);
    }

    it("are dropped with all of the shell's storage when it was not used for so long", () => {
        const [old, recent] = [shell("a", 31), shell("b", 29)];
        assert.deepEqual(dropUnusedShells(folder.path, 30 * DAY, NOW), [old]);
        assert.ok(!existsSync(old));
        assert.ok(existsSync(join(recent, "snapshot.json")));
    });

    it("are never dropped on the day of their use, whatever the user wants: it may go on", () => {
        const [old, recent] = [shell("a", 2), shell("b", 0.5)];
        for (const age of [0, -DAY]) dropUnusedShells(folder.path, age, NOW);
        assert.ok(!existsSync(old));
        assert.ok(existsSync(recent));
    });

    it("are not dropped while nothing says when they were used, nor with what is not a shell's", () => {
        folder.write(`${"a".repeat(20)}/snapshot.json`);
        const other = folder.write("other/used");
        utimesSync(other, 0, 0);
        assert.deepEqual(dropUnusedShells(folder.path, DAY, NOW), []);
        assert.ok(existsSync(other));
        assert.deepEqual(dropUnusedShells(join(folder.path, "nowhere"), DAY, NOW), []);
    });

    it("of a time when the clock was ahead are kept for as long as others, and no longer", () => {
        const future = shell("a", -10_000);
        assert.deepEqual(dropUnusedShells(folder.path, 30 * DAY, NOW), []);
        assert.deepEqual(dropUnusedShells(folder.path, 30 * DAY, NOW + 29 * DAY), []);
        assert.deepEqual(dropUnusedShells(folder.path, 30 * DAY, NOW + 31 * DAY), [future]);
    });

    it("are young again with each use, links and all", () => {
        const storage = shell("a", 100);
        const links = [join(storage, "env-1-link"), join(storage, "inputs/input")];
        folder.folder(`${"a".repeat(20)}/inputs`);
        for (const link of links) symlinkSync("/nowhere", link);
        const before = Date.now();
        touchRoots(storage);
        // To the second is as exact as some file systems are.
        assert.ok(statSync(join(storage, "used")).mtimeMs >= before - 1_000);
        for (const link of links) assert.ok(lstatSync(link).mtimeMs >= before - 1_000, link);
        assert.deepEqual(dropUnusedShells(folder.path, 30 * DAY, before), []);
    });
});
