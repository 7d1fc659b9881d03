import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
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

    describe("by a clock that only goes forward", () => {
        /** A clock in whose every look so many milliseconds have passed. */
        const fakeClock = (step: number) => {
            let now = 0;
            return () => (now += step);
        };
        const DATES = { future: "2099-01-01", past: "1999-01-01" };

        for (const [name, date] of Object.entries(DATES)) {
            it(`takes a lock over that nobody touches any more, dated in the ${name}`, async () => {
                // Its number belongs to another process by now.
                writeFileSync(file(), String(process.ppid));
                utimesSync(file(), new Date(date), new Date(date));
                const work = async () => "done";
                assert.equal(
                    await withFileLock(file(), undefined, work, fakeClock(60_000)),
                    "done",
                );
            });

            it(`takes a lock over that was never finished, dated in the ${name}`, async () => {
                writeFileSync(file(), "");
                mkdirSync(`${file()}.claim`);
                for (const path of [file(), `${file()}.claim`])
                    utimesSync(path, new Date(date), new Date(date));
                const work = async () => "done";
                assert.equal(await withFileLock(file(), undefined, work, fakeClock(3_000)), "done");
                assert.ok(!existsSync(`${file()}.claim`));
            });

            it(`leaves a lock alone whose holder says that it is alive, dated in the ${name}`, async () => {
                writeFileSync(file(), String(process.ppid));
                let beats = 0;
                const controller = new AbortController();
                let now = 0;
                const clock = (): number => {
                    const time = new Date(new Date(date).getTime() + beats * 30_000);
                    utimesSync(file(), time, time);
                    if (beats++ === 20) controller.abort();
                    return (now += 30_000);
                };
                await assert.rejects(
                    withFileLock(
                        file(),
                        controller.signal,
                        async () => assert.fail("it got in"),
                        clock,
                    ),
                    { name: "AbortError" },
                );
                assert.equal(readFileSync(file(), "utf8"), String(process.ppid));
            });
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
