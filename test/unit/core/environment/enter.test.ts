import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { enter, type Entered } from "../../../../src/core/environment/enter";
import { environmentOf } from "../../../../src/core/environment/environment";
import { CaptureError } from "../../../../src/core/failure/failure";
import { run } from "../../../../src/core/process";
import { testFolder } from "../../testFolder";
import { isRunning, pidIn } from "../../running";
import { until } from "../../until";

const BASH = ["/bin/bash", "/usr/bin/bash"].find(existsSync) ?? "bash";

describe("enter", () => {
    const folder = testFolder();

    /** Runs a script as nix makes it: bash's path first, then whatever the test is about. */
    function entering(
        hook: string,
        options: { timeout?: number; signal?: AbortSignal; env?: Record<string, string> } = {},
    ): Promise<Entered> {
        return enter({
            script: `BASH='${BASH}'\n${hook}\n`,
            cwd: folder.folder("project"),
            env: environmentOf(options.env ?? { PATH: process.env["PATH"] }),
            temporary: folder.folder("temporary it's"),
            timeout: options.timeout ?? 20_000,
            signal: options.signal,
            run,
        });
    }

    async function variablesAfter(hook: string): Promise<ReadonlyMap<string, string>> {
        return (await entering(hook)).dump.variables;
    }

    async function failureAfter(hook: string, timeout?: number): Promise<[string, string, string]> {
        try {
            await entering(hook, timeout === undefined ? {} : { timeout });
        } catch (error) {
            assert.ok(error instanceof CaptureError, String(error));
            const { kind, subject, detail } = error.failure;
            return [kind, subject, detail];
        }
        return assert.fail("it did not fail");
    }

    it("reads what the script exports, on top of the environment that it is given", async () => {
        const env = { PATH: process.env["PATH"] ?? "", MINE: "kept" };
        const { dump, output } = await entering("export A=1; B=2; unset NOTHING", { env });
        assert.equal(dump.variables.get("A"), "1");
        assert.equal(dump.variables.get("MINE"), "kept");
        assert.ok(!dump.variables.has("B"));
        assert.deepEqual(output, []);
    });

    it("reads values with newlines, quotes, expansions, equal signs and nothing at all", async () => {
        const value = `a=b\n"c" $(exit 1) \${d} \`e\` \\ é`;
        const variables = await variablesAfter(
            `export ODD='${value}' EMPTY= END='nix-rust dump end' LIKE=$'x\\ndeclare -x FAKE="1"'`,
        );
        assert.equal(variables.get("ODD"), value);
        assert.equal(variables.get("EMPTY"), "");
        assert.equal(variables.get("END"), "nix-rust dump end");
        assert.ok(!variables.has("FAKE"));
    });

    it("names a variable whose value is not UTF-8", async () => {
        const { dump } = await entering(`export LATIN=$'\\xff' GOOD=1`);
        assert.deepEqual(dump.notText, ["LATIN"]);
        assert.equal(dump.variables.get("GOOD"), "1");
    });

    it("keeps what the hook prints out of the environment, and hands it over", async () => {
        const { dump, output } = await entering(
            "echo to stdout; echo to stderr >&2; printf 'X=1\\0Y=2\\0'; export A=1",
        );
        assert.ok(output.includes("to stdout") && output.includes("to stderr"), output.join("|"));
        assert.equal(dump.variables.get("A"), "1");
        assert.ok(!dump.variables.has("X") && !dump.variables.has("Y"));
    });

    it("runs the hook in the flake's folder", async () => {
        assert.equal(
            (await variablesAfter("export WHERE=$PWD")).get("WHERE"),
            join(folder.path, "project"),
        );
    });

    it("goes on after commands that fail, as nix develop does", async () => {
        const variables = await variablesAfter("false; no-such-command-here; export A=1");
        assert.equal(variables.get("A"), "1");
    });

    it("reports the exit code and the last words of a hook that exits", async () => {
        const [kind, subject, detail] = await failureAfter("echo sorry; exit 3");
        assert.deepEqual([kind, subject], ["hook-exited", "3"]);
        assert.match(detail, /sorry/);
    });

    it("takes a hook that exits with 0, or becomes another program, for no environment", async () => {
        assert.equal((await failureAfter("exit 0"))[0], "hook-replaced");
        assert.equal((await failureAfter("exec true"))[0], "hook-replaced");
        assert.equal((await failureAfter(`exec ${BASH} -c 'exit 0'`))[0], "hook-replaced");
    });

    it("reports a hook that is killed", async () => {
        const [kind, subject] = await failureAfter("kill -KILL $$");
        assert.deepEqual([kind, subject], ["hook-exited", "SIGKILL"]);
    });

    it("reports set -e with a failing command", async () => {
        assert.deepEqual((await failureAfter("set -e; false")).slice(0, 2), ["hook-exited", "1"]);
    });

    it("gives a hook that reads an end of file, instead of waiting", async () => {
        const variables = await variablesAfter("read -r answer; export STATUS=$?; cat >/dev/null");
        assert.equal(variables.get("STATUS"), "1");
    });

    it("stops a hook that hangs, and says after how long", async () => {
        const started = join(folder.path, "started");
        const [kind, subject] = await failureAfter(`: > '${started}'; sleep 600`, 1_000);
        assert.deepEqual([kind, subject], ["hook-timeout", "1"]);
        assert.ok(existsSync(started));
    });

    it("does not wait for a daemon that holds the pipes open", async () => {
        const pidFile = join(folder.path, "pid");
        const variables = await variablesAfter(`sleep 600 & echo $! > '${pidFile}'; export A=1`);
        assert.equal(variables.get("A"), "1");
        const pid = pidIn(pidFile) ?? 0;
        assert.ok(isRunning(pid));
        process.kill(pid, "SIGKILL");
    });

    it("stops the hook and its children when it is cancelled", async () => {
        const controller = new AbortController();
        const pidFile = join(folder.path, "pid");
        const entered = entering(`sleep 600 & echo $! > '${pidFile}'; wait`, {
            signal: controller.signal,
        });
        await until("the hook runs", () => pidIn(pidFile) !== undefined);
        controller.abort();
        await assert.rejects(entered, { name: "AbortError" });
        await until("the child is gone", () => !isRunning(pidIn(pidFile) ?? 0));
    });

    describe("reads the environment all the same where the hook", () => {
        const HOOKS: Record<string, string> = {
            "uses set -e": "set -e",
            "uses set -u": "set -u",
            "uses set -o pipefail": "set -eu -o pipefail",
            "uses noclobber": "set -o noclobber",
            "uses noglob and POSIX mode": "set -f; set -o posix",
            traces: "set -x",
            "sets positional parameters": "set -- a 'b c' --help",
            "changes the directory": "cd /",
            "changes IFS": "IFS='=/_'",
            "redefines printf": "printf() { echo hijacked; }",
            "redefines env": "env() { echo hijacked; }",
            "redefines command": "command() { :; }",
            "redefines read and export": "read() { :; }; export -f read; declare() { :; }",
            "exports functions": "hello() { echo hi; }; export -f hello",
            "has a trap on errors and at the end":
                "trap 'echo failed' ERR; trap 'echo bye; exit 4' EXIT",
            "closes or moves its output": "exec >/dev/null 2>&1",
            "returns early": "return 0",
            "puts another env on PATH": "PATH=$PWD/bin:$PATH",
            "has no PATH": "PATH=",
            "changes the locale": "export LC_ALL=C LANG=xx",
            "changes the umask": "umask 077",
        };
        for (const [what, hook] of Object.entries(HOOKS)) {
            it(what, async () => {
                folder.script("project/bin/env", "exit 9");
                const variables = await variablesAfter(`export A='1 2' B=3\n${hook}`);
                assert.equal(variables.get("A"), "1 2");
                assert.equal(variables.get("B"), "3");
            });
        }
    });

    it("reads variables that are too large for any program to be started with", async () => {
        const { dump } = await entering(
            `export BIG=$(head -c 1048576 /dev/zero | tr '\\0' x)
            export MULTI=$'one\\ndeclare -x FAKE="1"\\nthree' EMPTY= NAME=x
            declare -x UNSET; declare -rx CONSTANT=c; declare -ix NUMBER=7; declare -ax LIST=(a b); LOCAL=no`,
        );
        assert.equal(dump.variables.get("BIG"), "x".repeat(1 << 20));
        assert.equal(dump.variables.get("MULTI"), `one\ndeclare -x FAKE="1"\nthree`);
        assert.equal(dump.variables.get("EMPTY"), "");
        assert.equal(dump.variables.get("CONSTANT"), "c");
        assert.equal(dump.variables.get("NUMBER"), "7");
        for (const name of ["UNSET", "FAKE", "LIST", "LOCAL"])
            assert.ok(!dump.variables.has(name), name);
        for (const name of dump.variables.keys()) assert.doesNotMatch(name, /^nix_rust/);
    });

    it("reports a bash that is not there", async () => {
        await assert.rejects(
            enter({
                script: "declare -x BASH='/no/such/it'\\''s bash'\n",
                cwd: folder.path,
                env: new Map(),
                temporary: folder.path,
                timeout: 5_000,
                signal: undefined,
                run,
            }),
            (error: unknown) =>
                error instanceof CaptureError &&
                error.failure.kind === "not-bash" &&
                error.failure.subject === "/no/such/it's bash",
        );
    });

    it("reports a folder that is gone", async () => {
        await assert.rejects(
            enter({
                script: "",
                cwd: join(folder.path, "gone"),
                env: new Map(),
                temporary: folder.path,
                timeout: 5_000,
                signal: undefined,
                run,
            }),
            (error: unknown) =>
                error instanceof CaptureError && error.failure.kind === "folder-missing",
        );
    });

    it("keeps the end of what a talkative hook prints", async () => {
        const { output } = await entering("for i in {1..3000}; do echo line $i; done");
        assert.equal(output.at(-1), "line 3000");
        assert.ok(output.length <= 1_000);
    });
});
