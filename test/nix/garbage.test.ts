import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";
import type { Nix } from "../../src/core/nix/nix";
import { dropUnusedShells, touchRoots } from "../../src/core/shell/roots";
import { takeSnapshot, type SnapshotRequest } from "../../src/core/shell/takeSnapshot";
import { readSnapshot, type Snapshot } from "../../src/core/snapshot";
import {
    bed,
    callTestedNix,
    captureOf,
    failureOf,
    inside,
    output,
    repository,
    requestFor,
    storageOf,
    suiteFolder,
    testedNix,
    type Flake,
} from "./bed";

describe("collecting garbage", () => {
    const at = suiteFolder();
    let nix: Nix;
    let privately: Record<string, string>;

    // A store of its own, so that nobody else's garbage is collected.
    before(async () => {
        privately = {
            NIX_STORE_DIR: at("store"),
            NIX_STATE_DIR: at("state"),
            NIX_LOG_DIR: at("log"),
            XDG_CACHE_HOME: at("cache"),
        };
        const tested = await testedNix();
        nix = { ...tested, env: new Map([...tested.env, ...Object.entries(privately)]) };
    });
    // What is in a store can't be deleted before it may be written.
    after(() => {
        if (existsSync(at("store"))) execFileSync("chmod", ["-R", "u+w", at("store")]);
    });

    const collect = (): Promise<string> => callTestedNix("nix-store", ["--gc"], { env: privately });

    const requestIn = async (folder: string): Promise<SnapshotRequest> => ({
        ...(await requestFor(folder, { nix })),
        fingerprint: "",
        watched: "",
    });

    const generations = (folder: string): string[] =>
        readdirSync(storageOf(folder)).filter((name) => name.endsWith("-link"));

    const withTool = (greeting: string): Flake => ({
        expression: `{
            TOOL = derivation {
                name = "tool";
                inherit system;
                builder = bash;
                args = [ "-c" "echo '#!/bin/sh\necho ${greeting}' > $out; chmod +x $out; exit 0" ];
                PATH = "/usr/local/bin:/usr/bin:/bin";
            };
        }`,
    });

    const change = async (folder: string, flake: Flake): Promise<void> => {
        const { writeFlake, commit } = await bed();
        await writeFlake(folder, flake);
        await commit(folder);
    };

    const tool = (snapshot: Snapshot): string =>
        inside({ delta: snapshot }).get("TOOL") ?? "no tool";

    const says = (snapshot: Snapshot): Promise<string> =>
        output(inside({ delta: snapshot }), "/", tool(snapshot));

    it("leaves an environment that is in use alone", async () => {
        const folder = await repository(at("kept"), withTool("hello"));
        const snapshot = await takeSnapshot(await requestIn(folder), undefined);
        assert.ok(tool(snapshot).startsWith(at("store")), tool(snapshot));
        await collect();
        assert.equal(await says(snapshot), "hello");
        assert.ok(readSnapshot(storageOf(folder)));
    });

    it("leaves the last good environment alone while flake.nix is broken", async () => {
        const folder = await repository(at("broken"), withTool("still here"));
        const snapshot = await takeSnapshot(await requestIn(folder), undefined);
        for (const flake of [
            { text: "this is no flake" },
            { expression: 'throw "broken"' },
            { hook: "exit 3", attributes: { OTHER: "1" } },
            { hook: "exit 4", attributes: { OTHER: "2" } },
        ]) {
            await change(folder, flake);
            await failureOf(takeSnapshot(await requestIn(folder), snapshot));
            await collect();
            assert.equal(await says(snapshot), "still here");
            assert.ok(readSnapshot(storageOf(folder)));
        }
    });

    it("takes an environment that was replaced, and not before it was", async () => {
        const folder = await repository(at("replaced"), withTool("old"));
        const old = await takeSnapshot(await requestIn(folder), undefined);
        await change(folder, withTool("new"));

        await captureOf(folder, { nix });
        await collect();
        assert.equal(await says(old), "old");
        assert.equal(generations(folder).length, 2);

        const snapshot = await takeSnapshot(await requestIn(folder), old);
        assert.deepEqual(generations(folder), [readlinkSync(join(storageOf(folder), "env"))]);
        await collect();
        assert.ok(!existsSync(tool(old)));
        assert.equal(await says(snapshot), "new");
    });

    it("takes an environment that nobody used for long", async () => {
        const folder = await repository(at("unused"), withTool("unused"));
        const request = await requestIn(folder);
        const storage = join(storageOf(folder), "a".repeat(20));
        const snapshot = await takeSnapshot({ ...request, storage }, undefined);
        touchRoots(storage);
        const day = 24 * 60 * 60 * 1_000;
        const later = (days: number): string[] =>
            dropUnusedShells(storageOf(folder), 30 * day, Date.now() + days * day);
        assert.deepEqual(later(29), []);
        await collect();
        assert.equal(await says(snapshot), "unused");
        assert.deepEqual(later(31), [storage]);
        await collect();
        assert.ok(!existsSync(tool(snapshot)));
    });

    it("takes an environment whose storage is gone, which is then captured again", async () => {
        const folder = await repository(at("gone"), withTool("again"));
        const snapshot = await takeSnapshot(await requestIn(folder), undefined);
        for (const name of readdirSync(storageOf(folder))) {
            if (name.startsWith("env")) execFileSync("rm", [join(storageOf(folder), name)]);
        }
        await collect();
        assert.ok(!existsSync(tool(snapshot)));
        assert.equal(readSnapshot(storageOf(folder)), undefined);
        const again = await takeSnapshot(await requestIn(folder), undefined);
        assert.equal(await says(again), "again");
    });
});
