import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { withFileLock } from "../../../src/core/fileLock";
import { testFolder } from "../testFolder";

describe("withFileLock", () => {
    const folder = testFolder();
    const file = (): string => join(folder.path, "lock");

    it("holds the lock while it works, and gives it back, after a failure too", async () => {
        const result = await withFileLock(file(), undefined, async () => {
            assert.equal(readFileSync(file(), "utf8"), String(process.pid));
            return 5;
        });
        assert.equal(result, 5);
        assert.ok(!existsSync(file()));
        await assert.rejects(
            withFileLock(file(), undefined, () => Promise.reject(new Error("the work failed"))),
            /the work failed/,
        );
        assert.ok(!existsSync(file()));
    });

    it("lets one work at a time", async () => {
        let running = 0;
        const work = (): Promise<number> =>
            withFileLock(file(), undefined, async () => {
                running++;
                await new Promise(setImmediate);
                const seen = running;
                running--;
                return seen;
            });
        assert.deepEqual(await Promise.all([work(), work(), work()]), [1, 1, 1]);
    });

    it("takes a lock over whose holder is dead, or that holds no process", async () => {
        const dead = execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" });
        for (const text of [dead.trim(), "0", "-1", "junk"]) {
            writeFileSync(file(), text);
            assert.equal(await withFileLock(file(), undefined, async () => "done"), "done", text);
        }
    });

    it("stops waiting when it is cancelled, and leaves the other's lock alone", async () => {
        writeFileSync(file(), String(process.ppid));
        const controller = new AbortController();
        const waiting = withFileLock(file(), controller.signal, async () =>
            assert.fail("it got in"),
        );
        controller.abort();
        await assert.rejects(waiting, { name: "AbortError" });
        assert.equal(readFileSync(file(), "utf8"), String(process.ppid));
    });

    it("tells that the lock can't be written", async () => {
        const gone = join(folder.path, "gone/lock");
        await assert.rejects(
            withFileLock(gone, undefined, async () => 1),
            { code: "ENOENT" },
        );
    });
});
