import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { LockChange } from "../../src/core/lock/change";
import { lockDifference } from "../../src/core/lock/difference";
import { findDrift } from "../../src/core/lock/drift";
import { lastChangeFile, writeLastChange } from "../../src/core/lock/lastChange";
import { parseLock, type LockFile } from "../../src/core/lock/lockFile";
import { lockedInputs, type LockedInput } from "../../src/core/lock/lockedInputs";
import { LockMending, type LockChangeOutcome } from "../../src/core/lock/mending";
import { pinReference } from "../../src/core/lock/pin";
import type { Nix } from "../../src/core/nix/nix";
import { run } from "../../src/core/process";
import { detectProject } from "../../src/core/project/project";
import { base, bed, failureOf, suiteFolder, testedNix } from "./bed";

const GIT = { executable: "git", env: base, run };

describe("mending a flake.lock", () => {
    const at = suiteFolder();
    let flake = "";
    let file = "";
    const { signal } = new AbortController();

    /** A flake with a git repository as its only input, locked and committed. */
    before(async () => {
        await newer();
        flake = at("flake");
        file = join(flake, "flake.lock");
        const inputs = { one: `git+file://${at("one")}?ref=main` };
        await (await bed()).writeFlake(flake, { inputs });
        await (await bed()).commit(flake);
        await change({ kind: "lock" });
        await (await bed()).commit(flake);
    });

    /** What a window has; several share the storage. */
    async function open(nix: Partial<Nix> = {}): Promise<LockMending> {
        const tested = await testedNix(nix);
        return new LockMending({
            project: () => detectProject(flake),
            git: () => GIT,
            nix: () => tested,
            oldAfter: () => undefined,
            storage: at("storage"),
            onDidChange: () => {},
        });
    }
    const change = async (what: LockChange, nix: Partial<Nix> = {}): Promise<LockChangeOutcome> =>
        (await open(nix)).change(what, signal, () => {});
    const undo = async () => (await open()).undo(signal);
    const canUndo = async (): Promise<boolean> => (await open()).canUndo;
    const lock = (): LockFile => parseLock(readFileSync(file, "utf8")) as LockFile;
    const input = (): LockedInput => {
        const [one] = lockedInputs(lock());
        assert.ok(one);
        return one;
    };

    /** A new commit of the input. */
    async function newer(): Promise<string> {
        const { git, commit } = await bed();
        const folder = at("one");
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "flake.nix"), `{ outputs = _: { v = ${Math.random()}; }; }\n`);
        await commit(folder);
        return (await git(folder, "rev-parse", "HEAD")).trim();
    }

    it("shows the difference that the two files have", async () => {
        const newest = await newer();
        const before = readFileSync(file, "utf8");
        const { differences, locks } = await change({ kind: "update", inputs: ["one"] });
        const after = readFileSync(file, "utf8");
        assert.deepEqual(locks, { before, after });
        assert.deepEqual(
            differences,
            lockDifference(parseLock(before) as LockFile, parseLock(after) as LockFile),
        );
        assert.deepEqual([differences.length, input().revision], [1, newest]);
    });

    it("undoes an update byte for byte, in a window that was opened later, and once", async () => {
        const before = readFileSync(file);
        await newer();
        await change({ kind: "update-all" });
        assert.notDeepEqual(readFileSync(file), before);
        assert.equal(await canUndo(), true);
        const undone = await undo();
        assert.ok(typeof undone !== "string");
        assert.equal(undone.differences.length, 1);
        assert.deepEqual(readFileSync(file), before);
        assert.equal(await canUndo(), false);
        assert.equal(await undo(), "no-change");
    });

    it("undoes nothing that somebody else did since", async () => {
        await newer();
        await change({ kind: "update-all" });
        appendFileSync(file, "\n");
        const changed = readFileSync(file);
        assert.equal(await canUndo(), false);
        assert.equal(await undo(), "changed-since");
        assert.deepEqual(readFileSync(file), changed);
    });

    it("takes a first lock away again", async () => {
        const { git } = await bed();
        await git(flake, "rm", "--quiet", "--force", "flake.lock");
        await change({ kind: "lock" });
        assert.ok(existsSync(file));
        await undo();
        assert.equal(existsSync(file), false);
        await change({ kind: "lock" });
        await (await bed()).commit(flake);
    });

    it("pins an input to a revision, which is no drift, and which an update undoes", async () => {
        const old = input().revision ?? "";
        const newest = await newer();
        await change({ kind: "update-all" });
        const reference = pinReference(input(), old);
        assert.ok(reference);
        await change({ kind: "pin", input: "one", reference });
        assert.equal(input().revision, old);
        assert.deepEqual((await findDrift(detectProject(flake), GIT))?.stale, []);
        await undo();
        assert.equal(input().revision, newest);
        await change({ kind: "pin", input: "one", reference });
        await change({ kind: "update", inputs: ["one"] });
        assert.equal(input().revision, newest);
    });

    it("pins nothing at a revision that is not there, and keeps what can be undone", async () => {
        const before = readFileSync(file);
        const reference = pinReference(input(), "0".repeat(40));
        assert.ok(reference);
        await failureOf(change({ kind: "pin", input: "one", reference }));
        assert.deepEqual(readFileSync(file), before);
        assert.equal(await canUndo(), true);
    });

    it("keeps what can be undone when an update changes nothing", async () => {
        await newer();
        await change({ kind: "update-all" });
        const { differences } = await change({ kind: "update-all" });
        assert.deepEqual(differences, []);
        assert.equal(await canUndo(), true);
    });

    it("locks anew over one that can't be read, and brings that back by undoing", async () => {
        const broken = "<<<<<<< HEAD\n{}\n=======\n{ }\n>>>>>>> other\n";
        writeFileSync(file, broken);
        await failureOf(change({ kind: "lock" }));
        assert.equal(readFileSync(file, "utf8"), broken);
        const { differences } = await change({ kind: "lock-anew" });
        assert.deepEqual(
            differences.map(({ kind, name }) => [kind, name]),
            [["added", "one"]],
        );
        await undo();
        assert.equal(readFileSync(file, "utf8"), broken);
        await (await bed()).git(flake, "checkout", "HEAD", "--", "flake.lock");
    });

    it("says in a sentence's kind when there is no network, and keeps the lock", async () => {
        const before = readFileSync(file);
        const reference = `git+http://127.0.0.1:1/x?ref=main&rev=${"0".repeat(40)}`;
        const failure = await failureOf(change({ kind: "pin", input: "one", reference }));
        assert.match(failure.kind, /^(?:network|git-fetch)$/);
        assert.deepEqual(readFileSync(file), before);
    });

    it("keeps the lock when nix is killed in the middle of it", async () => {
        const before = readFileSync(file);
        await newer();
        // A fake for what the real one does too fast to be caught: half a lock, and then a signal.
        const fake = at("fake-nix-that-is-killed");
        const script = `case "$*" in --version) echo 'nix (Nix) 2.34.8';; *) echo '{ "no' > flake.lock; kill -9 $$;; esac`;
        writeFileSync(fake, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
        await failureOf(change({ kind: "update-all" }, { executable: fake }));
        assert.deepEqual(readFileSync(file), before);
    });

    it("can bring back what was there before an editor was killed in the middle of it", async () => {
        const before = readFileSync(file);
        // As it is kept while nix is at work, by a process that is no more.
        const { pid } = spawnSync("true");
        const record = lastChangeFile(at("storage"), flake);
        writeLastChange(record, { before, after: undefined, pid });
        writeFileSync(file, before.subarray(0, 40));
        assert.equal(await canUndo(), true);
        await undo();
        assert.deepEqual(readFileSync(file), before);
        // One of another window, which lives, is not to be undone.
        writeLastChange(record, { before, after: undefined, pid: process.ppid });
        assert.equal(await canUndo(), false);
        writeLastChange(record, undefined);
    });

    it("waits for the other window that changes the same lock", async () => {
        const newest = await newer();
        const both = await Promise.all([
            change({ kind: "update-all" }),
            change({ kind: "update", inputs: ["one"] }),
        ]);
        assert.deepEqual(both.map(({ differences }) => differences.length).sort(), [0, 1]);
        assert.equal(input().revision, newest);
    });

    it("keeps fields that it does not know until nix writes the file anew", async () => {
        const odd = readFileSync(file, "utf8").replace(
            '"nodes"',
            '"later": { "a": 1 },\n  "nodes"',
        );
        writeFileSync(file, odd.replaceAll("\n", "\r\n"));
        const before = readFileSync(file);
        await newer();
        await change({ kind: "update-all" });
        await undo();
        assert.deepEqual(readFileSync(file), before);
    });
});
