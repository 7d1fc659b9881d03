import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { capture } from "../../src/core/capture";
import type { Log } from "../../src/core/log";
import { SILENT } from "../../src/core/log";
import {
    base,
    bed,
    captureOf,
    changeOf,
    failureIn,
    inside,
    processesWith,
    repository,
    requestFor,
    suiteFolder,
    temporaryOf,
    testedNix,
} from "./bed";

describe("a shellHook", () => {
    const at = suiteFolder();
    const odd = async (name: string): Promise<string> => (await bed()).instantiate(name, at(name));

    it("that prints goes to the log, without the values that it sets", async () => {
        const folder = await repository(at("prints"), {
            hook: `echo "out of the hook"; echo "err of the hook" >&2
                export TOKEN="secret-token-1"; echo "the token is $TOKEN"`,
        });
        const lines: string[] = [];
        const log: Log = { ...SILENT, info: (line) => void lines.push(line) };
        await captureOf(folder, { nix: await testedNix({ log }) });
        const text = lines.join("\n");
        assert.match(text, /out of the hook/);
        assert.match(text, /err of the hook/);
        assert.match(text, /the token is <value of TOKEN>/);
        assert.doesNotMatch(text, /secret-token-1/);
    });

    it("runs in the flake's folder", async () => {
        const folder = await repository(at("where"), { hook: 'export WHERE="$PWD"' });
        assert.equal(inside(await captureOf(folder)).get("WHERE"), folder);
    });

    it("that has a failing command goes on, as in a terminal", async () => {
        const values = inside(await captureOf(await odd("hook-fails")));
        assert.equal(values.get("BEFORE"), "1");
        assert.equal(values.get("AFTER"), "1");
    });

    it("that has a syntax error is skipped from there, as in a terminal", async () => {
        const captured = await captureOf(await odd("hook-has-syntax-error"));
        assert.equal(inside(captured).get("IN_NIX_SHELL"), "impure");
    });

    it("that fails under set -e is reported with its exit code", async () => {
        const failure = await failureIn(await odd("hook-fails-strictly"));
        assert.equal(failure.kind, "hook-exited");
        assert.equal(failure.subject, "1");
    });

    it("that exits with 3 is reported with what it said", async () => {
        const failure = await failureIn(await odd("hook-exits"));
        assert.equal(failure.kind, "hook-exited");
        assert.equal(failure.subject, "3");
        assert.match(failure.detail, /wrong project/);
    });

    it("that exits with 0 is reported", async () => {
        const folder = await repository(at("exits-0"), { hook: "export BEFORE=1; exit 0" });
        assert.equal((await failureIn(folder)).kind, "hook-replaced");
    });

    it("that starts another shell in its place is reported", async () => {
        assert.equal((await failureIn(await odd("hook-execs"))).kind, "hook-replaced");
    });

    it("that ends itself by a signal is reported", async () => {
        const folder = await repository(at("killed"), { hook: "kill -KILL $$" });
        const failure = await failureIn(folder);
        assert.equal(failure.kind, "hook-exited");
        assert.equal(failure.subject, "SIGKILL");
    });

    it("that reads its input finds none", async () => {
        const values = inside(await captureOf(await odd("hook-reads-stdin")));
        assert.equal(values.get("ANSWER"), "got: ");
    });

    it("may redefine what reading the environment needs", async () => {
        const folder = await repository(at("redefines"), {
            hook: `set -u -o pipefail -o noclobber; IFS=x; shopt -s expand_aliases
                env() { echo "FROM=function"; }; printf() { echo "FROM=function"; }
                export() { :; }; alias env='echo FROM=alias'; exec 2>&-
                trap 'echo "FROM=trap"' EXIT DEBUG
                declare -gx SEEN="a b"`,
        });
        const captured = await captureOf(folder);
        assert.equal(inside(captured).get("SEEN"), "a b");
        assert.equal(changeOf(captured, "FROM"), undefined);
    });

    it("may leave the flake's folder", async () => {
        const folder = await repository(at("leaves"), { hook: "export SEEN=1; cd /; umask 777" });
        const captured = await captureOf(folder);
        assert.equal(inside(captured).get("SEEN"), "1");
        assert.equal(changeOf(captured, "PWD"), undefined);
    });

    it("may throw PATH away", async () => {
        const folder = await repository(at("no-path"), { hook: "export PATH=/only/this" });
        const captured = await captureOf(folder);
        assert.deepEqual(changeOf(captured, "PATH"), {
            op: "set",
            name: "PATH",
            value: "/only/this",
        });
    });

    it("has a temporary folder, which is gone afterwards", async () => {
        const folder = await repository(at("temporary"), {
            hook: 'export THERE="$TMPDIR"; touch "$TMPDIR/file"; mkdir -p "$TMPDIR/deep/er"',
        });
        const captured = await captureOf(folder);
        assert.equal(changeOf(captured, "THERE"), undefined);
        assert.deepEqual(readdirSync(temporaryOf(folder)), []);
    });

    for (const name of ["hook-hangs", "hook-hangs-stubbornly"]) {
        it(`that doesn't end is ended with all that it started (${name})`, async () => {
            const folder = await odd(name);
            const mark = `mark-of-${name}-${process.pid}`;
            const failure = await failureIn(folder, {
                hookTimeout: 1_000,
                base: new Map([...base, ["TEST_MARK", mark]]),
            });
            assert.equal(failure.kind, "hook-timeout");
            assert.equal(failure.subject, "1");
            assert.deepEqual(await processesWith(mark), []);
            assert.deepEqual(readdirSync(temporaryOf(folder)), []);
        });
    }

    it("that starts a daemon doesn't have to wait for it, and the daemon lives on", async () => {
        const folder = await odd("hook-daemon");
        const captured = await captureOf(folder);
        const daemon = Number(inside(captured).get("DAEMON"));
        assert.ok(process.kill(daemon, 0));
        process.kill(daemon, "SIGKILL");
    });

    it("runs once for each capture", async () => {
        const counter = at("counter");
        writeFileSync(counter, "");
        const folder = await repository(at("counts"), { hook: `echo once >> '${counter}'` });
        const { root } = await captureOf(folder);
        assert.equal(readFileSync(counter, "utf8"), "once\n");
        const again = await capture(await requestFor(folder, { knownRoot: root }));
        assert.equal(again, undefined);
        assert.equal(readFileSync(counter, "utf8"), "once\n");
        assert.ok(existsSync(root));
    });
});
