import assert from "node:assert/strict";
import { CaptureError, failureOf } from "../../../../src/core/failure/failure";
import { SILENT } from "../../../../src/core/log";
import type { Progress } from "../../../../src/core/nix/progress";
import { DevShell, type DevShellPorts } from "../../../../src/core/shell/devShell";
import { currentOf, type ShellState } from "../../../../src/core/shell/state";
import type { Snapshot } from "../../../../src/core/snapshot";
import { until } from "../../until";
import { aSnapshot } from "../aSnapshot";

const OUTSIDE: ShellState = { kind: "outside", reason: "manual" };
const OLD = aSnapshot({ nixVersion: "old" });
const NEW = aSnapshot({ nixVersion: "new" });
const INSIDE_OLD: ShellState = { kind: "inside", current: OLD, stale: false };
const BROKEN = failureOf("syntax", "", "unexpected }");

/** One call of {@link FakePorts.capture}, for the test to end as it likes. */
interface FakeCapture {
    readonly known: Snapshot | undefined;
    readonly signal: AbortSignal;
    readonly onProgress: (progress: Progress) => void;
    readonly finish: (snapshot: Snapshot) => void;
    readonly fail: (error: unknown) => void;
}

/** Captures that end when the test says so, and a record of every state. */
class FakePorts implements DevShellPorts {
    readonly captures: FakeCapture[] = [];
    readonly states: ShellState[] = [];
    readonly errors: unknown[] = [];
    /** How many captures have not ended yet. */
    running = 0;
    readonly log = { ...SILENT, error: (error: unknown) => void this.errors.push(error) };

    capture(
        known: Snapshot | undefined,
        signal: AbortSignal,
        onProgress: (progress: Progress) => void,
    ): Promise<Snapshot> {
        this.running++;
        const result = new Promise<Snapshot>((finish, fail) => {
            this.captures.push({ known, signal, onProgress, finish, fail });
        });
        return result.finally(() => this.running--);
    }

    readonly onDidChange = (state: ShellState): void => {
        this.states.push(state);
    };

    get kinds(): string[] {
        return this.states.map(({ kind }) => kind);
    }

    at(index: number): FakeCapture {
        return this.captures[index] ?? assert.fail(`there is no capture ${index}`);
    }

    /** Waits for the capture with that index to be started. */
    async started(index: number): Promise<FakeCapture> {
        await until(`capture ${index} starts`, () => this.captures.length > index);
        return this.at(index);
    }
}

describe("DevShell", () => {
    let ports: FakePorts;
    const shellIn = (state: ShellState): DevShell => new DevShell(state, ports);

    beforeEach(() => {
        ports = new FakePorts();
    });

    it("does nothing until it is asked, and says nothing either", () => {
        assert.deepEqual(shellIn(INSIDE_OLD).state, INSIDE_OLD);
        assert.deepEqual([ports.captures, ports.states], [[], []]);
    });

    it("is capturing, tells the progress, and is inside then", async () => {
        const shell = shellIn(OUTSIDE);
        const done = shell.capture();
        assert.deepEqual(shell.state, {
            kind: "capturing",
            progress: { kind: "evaluating" },
            current: undefined,
        });
        ports.at(0).onProgress({ kind: "entering" });
        assert.deepEqual(shell.state.kind === "capturing" && shell.state.progress, {
            kind: "entering",
        });
        ports.at(0).finish(NEW);
        await done;
        assert.deepEqual(shell.state, { kind: "inside", current: NEW, stale: false });
        assert.deepEqual(ports.kinds, ["capturing", "capturing", "inside"]);
    });

    it("keeps the environment in use while it captures anew", async () => {
        const shell = shellIn(INSIDE_OLD);
        const done = shell.capture();
        assert.equal(currentOf(shell.state), OLD);
        assert.equal(ports.at(0).known, undefined, "a capture does not rely on what is known");
        ports.at(0).finish(NEW);
        await done;
        assert.equal(currentOf(shell.state), NEW);
    });

    describe("checking", () => {
        it("hands over what is known, and says nothing but that it holds when nothing is new", async () => {
            const shell = shellIn(INSIDE_OLD);
            const done = shell.check();
            assert.equal(ports.at(0).known, OLD);
            ports.at(0).onProgress({ kind: "evaluating" });
            assert.deepEqual(ports.states, []);
            ports.at(0).finish(OLD);
            await done;
            for (const state of ports.states) assert.deepEqual(state, INSIDE_OLD);
            assert.equal(currentOf(shell.state), OLD);
        });

        it("makes what was stale fresh again when it still holds", async () => {
            const shell = shellIn({ ...INSIDE_OLD, stale: true } as ShellState);
            const done = shell.check();
            ports.at(0).finish(OLD);
            await done;
            assert.deepEqual(shell.state, INSIDE_OLD);
        });

        it("says so as soon as nix has something to do", async () => {
            const shell = shellIn(INSIDE_OLD);
            const done = shell.check();
            ports.at(0).onProgress({
                kind: "building",
                what: "gcc",
                phase: undefined,
                machine: undefined,
            });
            assert.equal(shell.state.kind, "capturing");
            assert.equal(currentOf(shell.state), OLD);
            ports.at(0).finish(NEW);
            await done;
            assert.equal(currentOf(shell.state), NEW);
        });

        it("is a capture where nothing is known", async () => {
            const shell = shellIn(OUTSIDE);
            const done = shell.check();
            assert.equal(shell.state.kind, "capturing");
            ports.at(0).finish(NEW);
            await done;
            assert.equal(shell.state.kind, "inside");
        });
    });

    describe("asked while it is at work", () => {
        it("runs once more afterwards, however often it was asked", async () => {
            const shell = shellIn(OUTSIDE);
            const first = shell.capture();
            const more = [shell.check(), shell.check(), shell.check()];
            assert.equal(ports.captures.length, 1);
            ports.at(0).finish(OLD);
            await first;
            (await ports.started(1)).finish(NEW);
            await Promise.all(more);
            assert.equal(ports.captures.length, 2);
            assert.equal(ports.at(1).known, OLD, "it knows by then what the first one found");
            assert.equal(currentOf(shell.state), NEW);
        });

        it("captures afterwards where only one of the requests was for that", async () => {
            const shell = shellIn(INSIDE_OLD);
            void shell.check();
            const more = [shell.check(), shell.capture(), shell.check()];
            ports.at(0).finish(OLD);
            assert.equal((await ports.started(1)).known, undefined);
            ports.at(1).finish(NEW);
            await Promise.all(more);
            assert.equal(ports.captures.length, 2);
        });

        it("runs once more after a failure, too", async () => {
            const shell = shellIn(OUTSIDE);
            void shell.capture();
            const second = shell.check();
            ports.at(0).fail(new CaptureError(BROKEN));
            (await ports.started(1)).finish(NEW);
            await second;
            assert.equal(shell.state.kind, "inside");
        });

        it("never has two captures at work", async () => {
            const shell = shellIn(OUTSIDE);
            let done: Promise<void> = Promise.resolve();
            for (let i = 0; i < 5; i++) {
                done = shell.capture();
                void shell.check();
                shell.cancel();
                void shell.check();
                assert.equal(ports.running, 1);
                const running = ports.captures.length - 1;
                ports.at(running).fail(new Error("aborted"));
                (await ports.started(running + 1)).finish(NEW);
                await shell.idle();
            }
            await done;
            assert.deepEqual(shell.state, { kind: "inside", current: NEW, stale: false });
        });
    });

    describe("failing", () => {
        it("keeps the last good environment, and tells what failed", async () => {
            const shell = shellIn(INSIDE_OLD);
            const done = shell.capture();
            ports.at(0).fail(new CaptureError(BROKEN));
            await done;
            assert.deepEqual(shell.state, { kind: "failed", failure: BROKEN, current: OLD });
            assert.equal(ports.errors.length, 1);
        });

        it("has none to keep where there was none", async () => {
            const shell = shellIn(OUTSIDE);
            const done = shell.check();
            ports.at(0).fail(new CaptureError(BROKEN));
            await done;
            assert.deepEqual(shell.state, { kind: "failed", failure: BROKEN, current: undefined });
        });

        it("keeps it through many failures, and is inside again after the first success", async () => {
            const shell = shellIn(INSIDE_OLD);
            for (let i = 0; i < 3; i++) {
                const done = shell.check();
                ports.at(i).fail(new CaptureError(BROKEN));
                await done;
                assert.equal(currentOf(shell.state), OLD);
            }
            const done = shell.check();
            assert.equal(ports.at(3).known, OLD);
            ports.at(3).finish(OLD);
            await done;
            assert.deepEqual(shell.state, INSIDE_OLD);
        });

        it("does not stay capturing after a bug, and reports that with its stack", async () => {
            const bug = new TypeError("x is not a function");
            const shell = shellIn(INSIDE_OLD);
            const done = shell.capture();
            ports.at(0).fail(bug);
            await done;
            assert.equal(shell.state.kind === "failed" && shell.state.failure.kind, "internal");
            assert.equal(currentOf(shell.state), OLD);
            assert.deepEqual(ports.errors, [bug]);
        });

        it("does not stay capturing where the port throws at once", async () => {
            ports.capture = () => {
                throw new CaptureError(BROKEN);
            };
            const shell = shellIn(OUTSIDE);
            await shell.capture();
            assert.equal(shell.state.kind, "failed");
        });

        it("can be told from outside, and stops what runs", () => {
            const shell = shellIn(INSIDE_OLD);
            void shell.capture();
            shell.fail(BROKEN);
            assert.ok(ports.at(0).signal.aborted);
            assert.deepEqual(shell.state, { kind: "failed", failure: BROKEN, current: OLD });
        });
    });

    describe("cancelled", () => {
        it("stops the work, and is what it was before", async () => {
            for (const before of [
                INSIDE_OLD,
                { kind: "failed", failure: BROKEN, current: OLD } as const,
            ]) {
                ports = new FakePorts();
                const shell = shellIn(before);
                const done = shell.capture();
                shell.cancel();
                assert.ok(ports.at(0).signal.aborted);
                assert.deepEqual(shell.state, before);
                ports.at(0).fail(ports.at(0).signal.reason);
                await done;
                assert.deepEqual(shell.state, before);
                assert.deepEqual(ports.errors, [], "cancelling is not an error");
            }
        });

        it("is outside because of that where it was outside, so that it is not begun again", () => {
            const shell = shellIn(OUTSIDE);
            void shell.capture();
            shell.cancel();
            assert.deepEqual(shell.state, { kind: "outside", reason: "cancelled" });
        });

        it("hears nothing more from the work that was stopped", async () => {
            const shell = shellIn(INSIDE_OLD);
            const done = shell.capture();
            shell.cancel();
            const { length } = ports.states;
            ports.at(0).onProgress({ kind: "entering" });
            ports.at(0).finish(NEW);
            await done;
            assert.equal(ports.states.length, length);
            assert.equal(currentOf(shell.state), OLD);
        });

        it("forgets what was queued, and whoever waits for that does not wait for ever", async () => {
            const shell = shellIn(INSIDE_OLD);
            const first = shell.capture();
            const queued = shell.capture();
            shell.cancel();
            ports.at(0).fail(new Error("aborted"));
            await Promise.all([first, queued]);
            await shell.idle();
            assert.equal(ports.captures.length, 1);
            assert.deepEqual(shell.state, INSIDE_OLD);
        });

        it("is over for whoever asked again only when what they asked for is", async () => {
            const shell = shellIn(OUTSIDE);
            const first = shell.capture();
            const queued = shell.check();
            shell.cancel();
            const ended: string[] = [];
            const again = shell.capture().then(() => ended.push(shell.state.kind));
            ports.at(0).fail(new Error("aborted"));
            await Promise.all([first, queued]);
            const second = await ports.started(1);
            assert.deepEqual(ended, []);
            second.finish(NEW);
            await again;
            assert.deepEqual(ended, ["inside"]);
        });

        it("starts anew when asked again while the old work dies, and says that it waits", async () => {
            const shell = shellIn(INSIDE_OLD);
            void shell.capture();
            shell.cancel();
            const again = shell.capture();
            assert.deepEqual(shell.state, {
                kind: "capturing",
                progress: { kind: "waiting" },
                current: OLD,
            });
            ports.at(0).fail(new Error("aborted"));
            (await ports.started(1)).finish(NEW);
            await again;
            assert.equal(currentOf(shell.state), NEW);
        });

        it("can be cancelled again while it waits for the old work to die", async () => {
            const shell = shellIn(INSIDE_OLD);
            void shell.capture();
            shell.cancel();
            const again = shell.check();
            shell.cancel();
            assert.deepEqual(shell.state, INSIDE_OLD);
            ports.at(0).fail(new Error("aborted"));
            await again;
            await shell.idle();
            assert.equal(ports.captures.length, 1);
            assert.deepEqual(shell.state, INSIDE_OLD);
        });

        it("does nothing where nothing runs", () => {
            const shell = shellIn(OUTSIDE);
            shell.cancel();
            assert.deepEqual([shell.state, ports.states], [OUTSIDE, []]);
        });
    });

    it("is reset to another state, whatever runs", async () => {
        const shell = shellIn(INSIDE_OLD);
        const done = shell.capture();
        const queued = shell.check();
        shell.reset({ kind: "outside", reason: "left" });
        assert.ok(ports.at(0).signal.aborted);
        ports.at(0).finish(NEW);
        await Promise.all([done, queued]);
        assert.deepEqual(shell.state, { kind: "outside", reason: "left" });
        assert.equal(ports.captures.length, 1);
    });

    it("is marked stale only inside, and stays so when a capture is cancelled", () => {
        const outside = shellIn(OUTSIDE);
        outside.markStale();
        assert.deepEqual(outside.state, OUTSIDE);
        const shell = shellIn(INSIDE_OLD);
        shell.markStale();
        void shell.capture();
        shell.cancel();
        assert.deepEqual(shell.state, { ...INSIDE_OLD, stale: true });
    });

    it("is idle when nothing runs, not even what was queued", async () => {
        const shell = shellIn(OUTSIDE);
        await shell.idle();
        void shell.capture();
        void shell.capture();
        let isIdle = false;
        const idle = shell.idle().then(() => (isIdle = true));
        ports.at(0).finish(OLD);
        const second = await ports.started(1);
        assert.equal(isIdle, false);
        second.finish(NEW);
        await idle;
        assert.equal(currentOf(shell.state), NEW);
    });
});
