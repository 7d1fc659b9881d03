import assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CaptureError } from "../../src/core/failure/failure";
import { changeLock, type LockChange } from "../../src/core/lock/change";
import { differenceText, lockDifference, shortRevision } from "../../src/core/lock/difference";
import { findDrift } from "../../src/core/lock/drift";
import { parseLock, type LockFile } from "../../src/core/lock/lockFile";
import { lockedInputs } from "../../src/core/lock/lockedInputs";
import { run } from "../../src/core/process";
import { detectProject } from "../../src/core/project/project";
import { base, bed, failureOf, suiteFolder, testedNix } from "./bed";

describe("changing flake.lock", () => {
    const at = suiteFolder();
    let flake = "";
    let file = "";
    const revisions: string[] = [];

    /** Two inputs that are git repositories with several commits, and a flake that wants both. */
    before(async () => {
        const { git, commit } = await bed();
        for (const name of ["one", "two"]) {
            mkdirSync(at(name));
            for (const version of [1, 2]) {
                writeFileSync(
                    join(at(name), "flake.nix"),
                    `{ outputs = _: { v = ${version}; }; }\n`,
                );
                await commit(at(name), `version ${version}`);
                if (name === "one")
                    revisions.push((await git(at(name), "rev-parse", "HEAD")).trim());
            }
        }
        flake = at("flake");
        file = join(flake, "flake.lock");
        mkdirSync(flake);
        const inputs = ["one", "two"].map(
            (name) => `    ${name}.url = "git+file://${at(name)}?ref=main";\n`,
        );
        const outputs = "{ self, one, two }: { v = [ one.v two.v ]; }";
        writeFileSync(
            join(flake, "flake.nix"),
            `{\n  inputs = {\n${inputs.join("")}  };\n  outputs = ${outputs};\n}\n`,
        );
        await commit(flake);
    });

    const change = async (what: LockChange, signal?: AbortSignal): Promise<string[]> => {
        const call = { nix: await testedNix(), flakeFolder: flake, signal };
        const { before: old, after: now } = await changeLock(call, what);
        const [was, is] = [old, now].map(
            (text) => text && (parseLock(text.toString()) as LockFile),
        );
        assert.ok(is, "there is no lock");
        return lockDifference(was || undefined, is).map(differenceText);
    };
    const locked = (name: string): string | undefined =>
        lockedInputs(parseLock(readFileSync(file, "utf8")) as LockFile).find(
            (input) => input.name === name,
        )?.revision;
    const newer = async (name: string): Promise<string> => {
        const { git, commit } = await bed();
        writeFileSync(join(at(name), "file"), `${Math.random()}`);
        await commit(at(name));
        return (await git(at(name), "rev-parse", "HEAD")).trim();
    };

    it("locks what is not locked, and is in step with flake.nix then", async () => {
        const lines = await change({ kind: "lock" });
        assert.equal(lines.length, 2);
        assert.match(lines[0] ?? "", /^one: new, [0-9a-f]{7} \(\d{4}-\d\d-\d\d\)$/);
        await (await bed()).commit(flake);
        const drift = await findDrift(detectProject(flake), { executable: "git", env: base, run });
        assert.deepEqual([drift?.state, drift?.stale], ["clean", []]);
    });

    it("takes no input's name for an option", async () => {
        const now = readFileSync(file);
        const wish: LockChange = { kind: "update", inputs: ["--commit-lock-file"] };
        await assert.rejects(change(wish), CaptureError);
        assert.deepEqual(readFileSync(file), now);
    });

    it("updates one input, and leaves the other alone", async () => {
        const two = locked("two");
        const old = locked("one") ?? "";
        const [one] = [await newer("one"), await newer("two")];
        const lines = await change({ kind: "update", inputs: ["one"] });
        assert.equal(lines.length, 1);
        assert.match(
            lines[0] ?? "",
            new RegExp(`^one: ${shortRevision(old)} .*→ ${shortRevision(one)}`),
        );
        assert.deepEqual([locked("one"), locked("two")], [one, two]);
    });

    it("updates several inputs, and all", async () => {
        let newest = [await newer("one"), await newer("two")];
        await change({ kind: "update", inputs: ["one", "two"] });
        assert.deepEqual([locked("one"), locked("two")], newest);
        newest = [await newer("one"), await newer("two")];
        assert.equal((await change({ kind: "update-all" })).length, 2);
        assert.deepEqual([locked("one"), locked("two")], newest);
        assert.deepEqual(await change({ kind: "update-all" }), []);
    });

    it("pins an input to a revision, which locking again does not undo", async () => {
        const [first = ""] = revisions;
        const reference = `git+file://${at("one")}?ref=main&rev=${first}`;
        assert.equal((await change({ kind: "pin", input: "one", reference })).length, 1);
        assert.equal(locked("one"), first);
        assert.deepEqual(await change({ kind: "lock" }), []);
        assert.equal(locked("one"), first);
    });

    it("leaves the lock as it was, byte for byte, when nix fails", async () => {
        const before = readFileSync(file);
        const unknown = { kind: "pin", input: "one", reference: "git+file:///no/such" } as const;
        await failureOf(change(unknown));
        assert.deepEqual(readFileSync(file), before);
    });

    it("leaves the lock as it was when it is cancelled", async () => {
        const before = readFileSync(file);
        await newer("one");
        const controller = new AbortController();
        const changing = change({ kind: "update-all" }, controller.signal);
        controller.abort();
        await assert.rejects(changing, { name: "AbortError" });
        assert.deepEqual(readFileSync(file), before);
    });

    it("leaves no lock behind where there was none and nix fails", async () => {
        const broken = at("broken");
        await (await bed()).writeFlake(broken, { inputs: { gone: "git+file:///no/such" } });
        const call = { nix: await testedNix(), flakeFolder: broken, signal: undefined };
        await failureOf(changeLock(call, { kind: "lock" }));
        assert.equal(existsSync(join(broken, "flake.lock")), false);
    });
});
