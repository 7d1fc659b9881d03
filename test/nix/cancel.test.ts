import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { CaptureRequest } from "../../src/core/capture";
import { SILENT, type Log } from "../../src/core/log";
import { takeSnapshot } from "../../src/core/shell/takeSnapshot";
import { readSnapshot } from "../../src/core/snapshot";
import {
    base,
    bed,
    inside,
    processesWith,
    repository,
    requestFor,
    storageOf,
    suiteFolder,
    temporaryOf,
    testedNix,
    until,
    type Flake,
} from "./bed";

interface Phase {
    readonly flake: Flake;
    /** By the command lines of what runs, and what nix logged. */
    readonly hasBegun: (running: string, logged: string) => boolean;
}

const PHASES: Record<string, Phase> = {
    evaluation: {
        flake: {
            expression: `{
                SLOW = builtins.trace "evaluating now" (
                    let
                        numbers = builtins.genList (i: i) 100000;
                        sum = builtins.foldl' (a: b: a + b) 0;
                    in
                    toString (builtins.foldl' (a: i: a + sum (map (j: i) numbers)) 0 numbers)
                );
            }`,
        },
        hasBegun: (_, logged) => logged.includes("evaluating now"),
    },
    build: {
        flake: {
            expression: `{
                DEPENDENCY = derivation {
                    name = "slow-dependency";
                    inherit system;
                    builder = bash;
                    args = [ "-c" "bash -c 'sleep 98765; true'; echo > $out" ];
                    PATH = "/usr/local/bin:/usr/bin:/bin";
                    MARK = "@mark@";
                };
            }`,
        },
        hasBegun: (running) => /98765\0?$/m.test(running),
    },
    shellHook: {
        flake: { hook: "trap '' TERM; (sleep 98765; true) & sleep 98765; export LATE=1" },
        hasBegun: (running) => /98765\0?$/m.test(running),
    },
};

describe("a capture that is cancelled", () => {
    const at = suiteFolder();

    for (const [phase, { flake, hasBegun }] of Object.entries(PHASES)) {
        it(`during the ${phase} leaves nothing behind, and what there was in place`, async () => {
            const { writeFlake, commit } = await bed();
            const folder = await repository(at(phase), { attributes: { SEEN: "first" } });
            const mark = `mark-of-${phase}-${process.pid}-${Date.now()}`;
            let logged = "";
            const log: Log = { ...SILENT, info: (line) => void (logged += line) };
            const nix = await testedNix({ log });
            const controller = new AbortController();
            const request: CaptureRequest = await requestFor(folder, {
                nix: { ...nix, env: new Map([...nix.env, ["TEST_MARK", mark]]) },
                base: new Map([...base, ["TEST_MARK", mark]]),
                signal: controller.signal,
            });
            const first = await takeSnapshot(
                { ...request, fingerprint: "", watched: "" },
                undefined,
            );
            const kept = readSnapshot(storageOf(folder));
            const storage = readdirSync(storageOf(folder));

            const text = JSON.stringify(flake).replace("@mark@", mark);
            await writeFlake(folder, JSON.parse(text) as Flake);
            await commit(folder);
            const cancelled = takeSnapshot({ ...request, fingerprint: "", watched: "" }, first);
            const outcome = assert.rejects(cancelled, { name: "AbortError" });
            await until(async () => hasBegun(await commandsWith(mark), logged));
            controller.abort();
            await outcome;

            // What was killed may still be on its way out.
            await until(async () => (await processesWith(mark)).length === 0);
            assert.deepEqual(readdirSync(temporaryOf(folder)), []);
            assert.ok(kept);
            assert.deepEqual(readSnapshot(storageOf(folder)), kept);
            assert.ok(existsSync(first.root));
            for (const name of storage) assert.ok(existsSync(join(storageOf(folder), name)), name);
            assert.ok(!readdirSync(storageOf(folder)).includes("lock"));
        });
    }

    it("before it began runs nothing", async () => {
        const folder = await repository(at("before"));
        const signal = AbortSignal.abort();
        const ran: string[] = [];
        const nix = await testedNix({
            run: (request) => {
                request.signal?.throwIfAborted();
                ran.push(request.command);
                throw new Error("not aborted");
            },
        });
        const request = { ...(await requestFor(folder, { signal, nix })), fingerprint: "" };
        await assert.rejects(takeSnapshot({ ...request, watched: "" }, undefined), {
            name: "AbortError",
        });
        assert.deepEqual(ran, []);
    });

    it("can be followed by another one at once", async () => {
        const folder = await repository(at("again"), { attributes: { SEEN: "1" } });
        const controller = new AbortController();
        const request = { ...(await requestFor(folder)), fingerprint: "", watched: "" };
        const cancelled = takeSnapshot({ ...request, signal: controller.signal }, undefined);
        const outcome = assert.rejects(cancelled, { name: "AbortError" });
        const other = takeSnapshot(request, undefined);
        controller.abort();
        await outcome;
        const { changes, omitted } = await other;
        assert.equal(inside({ delta: { changes, omitted } }).get("SEEN"), "1");
    });
});

/** The command lines of the marked processes. */
async function commandsWith(mark: string): Promise<string> {
    const pids = await processesWith(mark);
    return pids
        .map((pid) => {
            try {
                return readFileSync(`/proc/${pid}/cmdline`, "utf8");
            } catch {
                return "";
            }
        })
        .join("\n");
}
