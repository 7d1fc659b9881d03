import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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
    readonly extraArguments?: readonly string[];
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

    for (const [name, phase] of Object.entries(PHASES)) {
        it(`during the ${name} leaves nothing behind, and what there was in place`, () =>
            cancelDuring(name, phase));
    }

    it("during a download leaves nothing behind, and what there was in place", async () => {
        let asked = false;
        const server = createServer(({ url = "" }, response) => {
            const hash = /^\/([0-9a-z]{32})\.narinfo$/.exec(url)?.[1];
            if (url === "/nix-cache-info") response.end("StoreDir: /nix/store\n");
            else if (hash !== undefined) response.end(narInfo(hash));
            else {
                // It begins, and never ends.
                response.writeHead(200, { "content-length": "1000000" }).write("nix-archive-1");
                asked = true;
            }
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        const { port } = server.address() as AddressInfo;
        const cache = `http://127.0.0.1:${port}`;
        try {
            await cancelDuring("download", {
                flake: {
                    expression: `{
                        DEPENDENCY = derivation {
                            name = "slow-download";
                            inherit system;
                            builder = bash;
                            args = [ "-c" "exit 1" ];
                            MARK = "@mark@";
                        };
                    }`,
                },
                hasBegun: () => asked,
                extraArguments: ["substituters", cache, "require-sigs", "false"].flatMap((it, i) =>
                    i % 2 === 0 ? ["--option", it] : [it],
                ),
            });
        } finally {
            server.closeAllConnections();
            server.close();
        }
    });

    it("goes on next time with what was built by then", async () => {
        const folder = await repository(at("resumed"));
        const mark = `mark-of-resumed-${process.pid}-${Date.now()}`;
        const text = (command: string): Flake => ({
            expression: `
                let
                    build = name: command: more: derivation ({
                        inherit name system;
                        builder = bash;
                        args = [ "-c" "\${command}; echo > $out" ];
                        PATH = "/usr/local/bin:/usr/bin:/bin";
                        MARK = "${mark}";
                    } // more);
                    first = build "first-part" "true" { };
                in
                { SECOND = build "second-part" "${command}" { inherit first; }; }`,
        });
        const { writeFlake, commit } = await bed();
        await writeFlake(folder, text("sleep 98765"));
        await commit(folder);
        let logged = "";
        const log: Log = { ...SILENT, info: (line) => void (logged += `${line}\n`) };
        const nix = await testedNix({ log, output: "normal" });
        const controller = new AbortController();
        const request = { ...(await requestFor(folder, { nix })), fingerprint: "", watched: "" };
        const cancelled = takeSnapshot({ ...request, signal: controller.signal }, undefined);
        const outcome = assert.rejects(cancelled, { name: "AbortError" });
        await until(async () => /98765\0?$/m.test(await commandsWith(mark)));
        controller.abort();
        await outcome;
        assert.match(logged, /first-part/);

        logged = "";
        await writeFlake(folder, text("true"));
        await commit(folder);
        await takeSnapshot(request, undefined);
        assert.match(logged, /second-part/);
        assert.doesNotMatch(logged, /first-part/);
    });

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

    async function cancelDuring(
        name: string,
        { flake, hasBegun, extraArguments = [] }: Phase,
    ): Promise<void> {
        const { writeFlake, commit } = await bed();
        const folder = await repository(at(name), { attributes: { SEEN: "first" } });
        const mark = `mark-of-${name}-${process.pid}-${Date.now()}`;
        let logged = "";
        const log: Log = { ...SILENT, info: (line) => void (logged += line) };
        const nix = await testedNix({ log, extraArguments });
        const controller = new AbortController();
        const request: CaptureRequest = await requestFor(folder, {
            nix: { ...nix, env: new Map([...nix.env, ["TEST_MARK", mark]]) },
            base: new Map([...base, ["TEST_MARK", mark]]),
            signal: controller.signal,
        });
        const first = await takeSnapshot({ ...request, fingerprint: "", watched: "" }, undefined);
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
    }
});

/** What a binary cache says of a package of that hash, which it calls "slow-download". */
function narInfo(hash: string): string {
    return [
        `StorePath: /nix/store/${hash}-slow-download`,
        "URL: nar/slow.nar",
        "Compression: none",
        `NarHash: sha256:${"0".repeat(52)}`,
        "NarSize: 1000000",
        "References: ",
        "",
    ].join("\n");
}

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
