import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import fc from "fast-check";
import {
    readSnapshot,
    shellStorage,
    storePathsOf,
    writeSnapshot,
} from "../../../src/core/snapshot";
import { ROOT } from "../repository";
import { testFolder } from "../testFolder";
import { until } from "../until";
import { aSnapshot } from "./aSnapshot";

describe("writeSnapshot and readSnapshot", () => {
    const folder = testFolder();

    const storage = (): string => join(folder.path, "storage");
    const file = (): string => join(storage(), "snapshot.json");
    const full = () =>
        aSnapshot({
            shell: "ci",
            changes: [
                { op: "set", name: "ODD", value: "a=b\n'c' \"d\" $(e) ${f} é🦀\u0001" },
                { op: "unset", name: "GONE" },
                { op: "prepend", name: "PATH", value: "/nix/a/bin" },
                { op: "append", name: "PATH", value: "/nix/b/bin" },
            ],
            omitted: [{ name: "TMPDIR", reason: "temporary" }],
            toolchain: {
                rustc: "/nix/a/bin/rustc",
                version: "rustc 1.97.1",
                sysroot: "/nix/a",
                tools: { rustc: "/nix/a/bin/rustc" },
                hasSource: false,
            },
            storePaths: [folder.path],
        });

    it("give back what was written, also into a folder that is not there yet", () => {
        writeSnapshot(storage(), full());
        assert.deepEqual(readSnapshot(storage()), full());
        writeSnapshot(storage(), aSnapshot());
        // What is undefined is not there any more, and reads the same.
        assert.deepEqual({ ...aSnapshot(), ...readSnapshot(storage()) }, aSnapshot());
    });

    it("let nobody but the user read it", () => {
        writeSnapshot(storage(), full());
        assert.equal(statSync(file()).mode & 0o777, 0o600);
        assert.equal(statSync(storage()).mode & 0o777, 0o700);
    });

    it("leave nothing unfinished behind, and put the new in the place of the old at once", () => {
        writeSnapshot(storage(), aSnapshot({ nixVersion: "1" }));
        const before = statSync(file()).ino;
        writeSnapshot(storage(), aSnapshot({ nixVersion: "2" }));
        assert.notEqual(statSync(file()).ino, before);
        assert.deepEqual(readdirSync(storage()), ["snapshot.json"]);
    });

    it("hold through a writer that is killed at any moment, and remove what it left", async function () {
        this.timeout(60_000);
        const bundle = folder.write("core.cjs");
        await build({
            entryPoints: [join(ROOT, "src/core/snapshot.ts")],
            outfile: bundle,
            bundle: true,
            platform: "node",
            format: "cjs",
            logLevel: "silent",
        });
        const value = "x".repeat(1 << 20);
        const changes = [{ op: "set" as const, name: "LARGE", value }];
        writeSnapshot(storage(), aSnapshot({ changes, nixVersion: "0" }));
        // As an extension host that does nothing else.
        const writer = folder.write(
            "writer.cjs",
            `const { writeSnapshot } = require(${JSON.stringify(bundle)});
            const snapshot = ${JSON.stringify(aSnapshot({ changes }))};
            for (let i = 1; ; i++)
                writeSnapshot(${JSON.stringify(storage())}, { ...snapshot, nixVersion: String(i) });`,
        );
        let left = 0;
        const versions = new Set<string | undefined>();
        for (let kill = 0; kill < 20; kill++) {
            const child = spawn(process.execPath, [writer], { stdio: "inherit" });
            const unfinished = `${file()}.${child.pid}`;
            await until("it writes", () => existsSync(unfinished));
            // The moments differ: the first are in the middle of the writing, the others anywhere.
            for (let turn = 10; turn < kill; turn++) await new Promise(setImmediate);
            child.kill("SIGKILL");
            await once(child, "exit");
            const read = readSnapshot(storage());
            assert.deepEqual(read?.changes, changes, `after kill ${kill}`);
            versions.add(read?.nixVersion);
            if (existsSync(unfinished)) left++;
        }
        assert.ok(left > 0, "no writer was killed while it wrote");
        assert.ok(versions.size > 1, "no writer wrote anything");
        writeSnapshot(storage(), aSnapshot());
        assert.deepEqual(readdirSync(storage()), ["snapshot.json"]);
    });

    describe("take for a miss", () => {
        const isMiss = (text: string | Buffer): boolean => {
            folder.folder("storage");
            writeFileSync(file(), text);
            return readSnapshot(storage()) === undefined;
        };

        it("what is not there", () => {
            assert.equal(readSnapshot(storage()), undefined);
            folder.folder("storage/snapshot.json");
            assert.equal(readSnapshot(storage()), undefined);
        });

        it("what is cut off anywhere", () => {
            writeSnapshot(storage(), full());
            const whole = readFileSync(file(), "utf8");
            for (let length = 0; length < whole.length; length++) {
                assert.ok(isMiss(whole.slice(0, length)), `${length} characters`);
            }
            assert.ok(!isMiss(whole));
        });

        it("what another version wrote", () => {
            writeSnapshot(storage(), full());
            const { format, snapshot } = JSON.parse(readFileSync(file(), "utf8")) as {
                format: number;
                snapshot: object;
            };
            for (const other of [format - 1, format + 1, String(format), null]) {
                assert.ok(isMiss(JSON.stringify({ format: other, snapshot })));
            }
            assert.ok(isMiss(JSON.stringify({ snapshot })));
            assert.ok(isMiss(JSON.stringify(snapshot)));
        });

        it("any other JSON, and what is no JSON", () => {
            for (const text of [
                "",
                "null",
                "[]",
                "5",
                '"x"',
                "{}",
                "\0\0\0",
                "{'a':1}",
                "snapshot",
            ]) {
                assert.ok(isMiss(text), text);
            }
            assert.ok(isMiss(Buffer.from([0xff, 0xfe, 0])));
            writeSnapshot(storage(), full());
            const { format } = JSON.parse(readFileSync(file(), "utf8")) as { format: number };
            fc.assert(
                fc.property(fc.jsonValue(), (snapshot) => {
                    assert.ok(isMiss(JSON.stringify({ format, snapshot })));
                }),
            );
        });

        it("a snapshot with a part of the wrong type", () => {
            writeSnapshot(storage(), full());
            const { format, snapshot } = JSON.parse(readFileSync(file(), "utf8")) as {
                format: number;
                snapshot: Record<string, unknown>;
            };
            for (const part of [
                "flakeFolder",
                "root",
                "changes",
                "omitted",
                "storePaths",
                "takenAt",
            ]) {
                assert.ok(
                    isMiss(JSON.stringify({ format, snapshot: { ...snapshot, [part]: {} } })),
                    part,
                );
                assert.ok(
                    isMiss(
                        JSON.stringify({ format, snapshot: { ...snapshot, [part]: undefined } }),
                    ),
                    part,
                );
            }
            for (const change of [
                null,
                5,
                {},
                { op: "set", name: "A" },
                { op: "set", value: "x" },
            ]) {
                const changes = [change];
                assert.ok(isMiss(JSON.stringify({ format, snapshot: { ...snapshot, changes } })));
            }
        });

        it("one that is larger than any of ours, and is not even read", () => {
            writeSnapshot(storage(), full());
            const text = readFileSync(file(), "utf8");
            assert.ok(!isMiss(text));
            // Spaces are no fault in JSON.
            assert.ok(!isMiss(text + " ".repeat(1 << 20)));
            assert.ok(isMiss(text + " ".repeat(64 << 20)));
        });

        it("a snapshot whose store paths were collected", () => {
            writeSnapshot(
                storage(),
                aSnapshot({ storePaths: [folder.path, join(folder.path, "gone")] }),
            );
            assert.equal(readSnapshot(storage()), undefined);
            folder.folder("gone");
            assert.notEqual(readSnapshot(storage()), undefined);
        });
    });
});

describe("shellStorage", () => {
    it("is another folder for each flake, shell and nix, below the extension's own", () => {
        const shells = [undefined, "default", "ci", "undefined", "null", ""];
        const folders = ["/a", "/a/b", '/a","b', "/a b"];
        const nixes = ["", "/opt/nix"];
        const all = shells.flatMap((shell) =>
            folders.flatMap((flakeFolder) =>
                nixes.map((nix) => shellStorage("/storage", { flakeFolder, shell, nix })),
            ),
        );
        assert.equal(new Set(all).size, shells.length * folders.length * nixes.length);
        for (const path of all) assert.match(path, /^\/storage\/[0-9a-f]{20}$/);
    });

    it("is the same folder each time", () => {
        const key = { flakeFolder: "/a", shell: "ci", nix: "" };
        assert.equal(shellStorage("/s", key), shellStorage("/s", { ...key }));
    });
});

describe("storePathsOf", () => {
    it("has the root first, and no path that does not exist: values may name what never was", () => {
        const hash = "0123456789abcdfghijklmnpqrsvwxyz";
        const value = `/nix/store/${hash}-not-there/bin`;
        assert.deepEqual(storePathsOf("/root", [{ op: "set", name: "A", value }]), ["/root"]);
        assert.deepEqual(storePathsOf("/root", [{ op: "unset", name: "A" }]), ["/root"]);
    });
});
