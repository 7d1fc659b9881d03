import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { run, type ProcessRequest, type ProcessResult } from "../../../src/core/process";
import { ROOT } from "../repository";
import { isRunning, pidIn } from "../running";
import { testFolder } from "../testFolder";
import { until } from "../until";

const PATH = process.env["PATH"] ?? "/usr/bin:/bin";

describe("run", () => {
    const folder = testFolder();

    function running(
        command: string,
        args: readonly string[],
        more: Partial<ProcessRequest> = {},
    ): Promise<ProcessResult> {
        return run({
            command,
            args,
            cwd: folder.path,
            env: new Map([["PATH", PATH]]),
            signal: undefined,
            output: "keep",
            ...more,
        });
    }

    function shell(script: string, more: Partial<ProcessRequest> = {}): Promise<ProcessResult> {
        return running("/bin/sh", ["-c", script], more);
    }

    /** Runs a script as one that talks: what it says, line by line. */
    async function linesOf(script: string): Promise<string[]> {
        const lines: string[] = [];
        await shell(script, { output: "lines", onLine: (line) => lines.push(line) });
        return lines;
    }

    it("tells the exit code, standard output and standard error apart", async () => {
        assert.deepEqual(await shell("echo out; echo err >&2; exit 3"), {
            kind: "exited",
            code: 3,
            stdout: "out\n",
            stderr: "err\n",
        });
    });

    it("passes lines of standard error on while it keeps standard output", async () => {
        const lines: string[] = [];
        const result = await shell("echo out; echo one >&2; printf two >&2", {
            onLine: (line) => lines.push(line),
        });
        assert.deepEqual(lines, ["one", "two"]);
        assert.equal(result.kind === "exited" && result.stdout, "out\n");
    });

    it("passes lines of both on where standard output is just more text", async () => {
        assert.deepEqual((await linesOf("echo one; echo; echo two >&2; printf end")).sort(), [
            "",
            "end",
            "one",
            "two",
        ]);
    });

    it("passes arguments as they are, without a shell", async () => {
        const args = ["%s|", "a b", "$(id)", "'\"", "*", "", "é\n"];
        const result = await running("printf", args);
        assert.equal(result.kind === "exited" && result.stdout, "a b|$(id)|'\"|*||é\n|");
    });

    it("gives the process the environment that it is told, and nothing else", async () => {
        const env = new Map([
            ["PATH", PATH],
            ["ODD", "a=b\n'c' \"d\" $(e) ${f} é"],
            ["EMPTY", ""],
            ["__proto__", "x"],
        ]);
        const result = await running("env", ["-0"], { env });
        assert.equal(result.kind, "exited");
        const records = result.kind === "exited" ? result.stdout.split("\0").slice(0, -1) : [];
        assert.deepEqual(
            records.sort(),
            [...env].map(([name, value]) => `${name}=${value}`).sort(),
        );
    });

    it("gives it the folder, and an end of file to read", async () => {
        const result = await shell('pwd; read -r line || echo "nothing to read"');
        assert.equal(
            result.kind === "exited" && result.stdout,
            `${folder.path}\nnothing to read\n`,
        );
    });

    it("tells a program that is missing from a folder that is missing", async () => {
        const gone = { cwd: join(folder.path, "gone") };
        assert.deepEqual(await running("/no/such/program", []), { kind: "not-found" });
        assert.deepEqual(await running("no-such-program-on-path", []), { kind: "not-found" });
        assert.deepEqual(await shell("true", gone), { kind: "no-folder" });
        assert.deepEqual(await running("/no/such/program", [], gone), { kind: "no-folder" });
        assert.deepEqual(await shell("true", { cwd: folder.write("file") }), { kind: "no-folder" });
    });

    it("tells why a file can't be started", async () => {
        const file = folder.write("program", "#!/bin/sh\n");
        assert.deepEqual(await running(file, []), { kind: "not-startable", reason: "EACCES" });
        const env = new Map([["HUGE", "x".repeat(1 << 20)]]);
        if (process.platform === "linux") {
            assert.deepEqual(await shell("true", { env }), {
                kind: "not-startable",
                reason: "E2BIG",
            });
        }
    });

    it("tells which signal ended a process", async () => {
        assert.deepEqual(await shell("echo last words >&2; kill -SEGV $$"), {
            kind: "killed",
            signal: "SIGSEGV",
            stderr: "last words\n",
        });
    });

    it("does not wait for a daemon that keeps the pipes open", async () => {
        const pidFile = join(folder.path, "pid");
        const result = await shell(`sleep 600 & echo $! > ${pidFile}; echo done`);
        assert.equal(result.kind === "exited" && result.stdout, "done\n");
        process.kill(pidIn(pidFile) ?? 0, "SIGKILL");
    });

    describe("with much or odd output", () => {
        it("keeps 20 MB of standard output whole", async () => {
            const result = await shell("head -c 20000000 /dev/zero | tr '\\0' x");
            assert.equal(result.kind === "exited" && result.stdout.length, 20_000_000);
        });

        it("passes 200,000 lines of standard error on, and keeps their end", async () => {
            let count = 0;
            const result = await shell("seq 200000 >&2", { onLine: () => count++ });
            assert.equal(count, 200_000);
            assert.ok(result.kind === "exited");
            assert.ok(result.stderr.endsWith("199999\n200000\n"));
            assert.ok(result.stderr.length < 1_000_000);
        });

        it("replaces what is not UTF-8, and joins characters that arrive in parts", async () => {
            const script = "printf '\\377\\n'; printf '\\303'; sleep 0.05; printf '\\251\\n'";
            assert.deepEqual(await linesOf(script), ["\ufffd", "é"]);
            const kept = await shell(script);
            assert.equal(kept.kind === "exited" && kept.stdout, "\ufffd\né\n");
        });

        it("passes a bounded part of an endless line on, and the next line whole", async () => {
            const lines = await linesOf("head -c 3000000 /dev/zero | tr '\\0' x; echo; echo next");
            // The rest of it is no line of its own: it could look like anything.
            assert.deepEqual([lines.length, lines.at(-1)], [2, "next"]);
            for (const line of lines) assert.ok(line.length <= 1 << 16, String(line.length));
        });
    });

    describe("when it is aborted", () => {
        const abortReason = new Error("not any more");

        /** Runs a script that writes process ids to files, and aborts when they are all there. */
        async function abortedOnce(script: string, ...pidFiles: string[]): Promise<number[]> {
            const controller = new AbortController();
            const files = pidFiles.map((name) => join(folder.path, name));
            const result = shell(script, { signal: controller.signal });
            await until("the processes run", () =>
                files.every((file) => pidIn(file) !== undefined),
            );
            controller.abort(abortReason);
            await assert.rejects(result, abortReason);
            return files.map((file) => pidIn(file) ?? 0);
        }

        it("does not even start where the signal is aborted already", async () => {
            const script = `: > ${folder.path}/started`;
            const signal = AbortSignal.abort(abortReason);
            await assert.rejects(shell(script, { signal }), abortReason);
            assert.ok(!existsSync(join(folder.path, "started")));
        });

        it("ends the process and its children", async () => {
            const pids = await abortedOnce(
                "echo $$ > parent; sleep 600 & echo $! > child; wait",
                "parent",
                "child",
            );
            for (const pid of pids) await until("it is gone", () => !isRunning(pid));
        });

        it("ends at last one that ignores SIGTERM, and one that has a session of its own", async function () {
            if (process.platform !== "linux") this.skip(); // macOS has no setsid.
            // Single-user nix runs its builders like the second one.
            const pids = await abortedOnce(
                `sh -c 'setsid sh -c "echo \\$\\$ > builder; exec sleep 600" & wait' &
                trap 'echo asked > asked' TERM; echo $$ > stubborn; while :; do sleep 0.05; done`,
                "stubborn",
                "builder",
            );
            for (const pid of pids) await until("it is gone", () => !isRunning(pid));
            assert.ok(existsSync(join(folder.path, "asked")));
        });

        it("lets one that was asked finish its work", async () => {
            await abortedOnce(
                "trap 'echo cleaned > cleaned; exit 0' TERM; echo $$ > pid; while :; do sleep 0.05; done",
                "pid",
            );
            assert.ok(existsSync(join(folder.path, "cleaned")));
        });

        it("changes nothing about a process that ended before", async () => {
            const controller = new AbortController();
            const result = await shell("echo done", { signal: controller.signal });
            controller.abort(abortReason);
            assert.equal(result.kind === "exited" && result.stdout, "done\n");
        });
    });

    it("ends a process that takes longer than its time limit, and its children", async () => {
        const file = join(folder.path, "child");
        const script = "echo started >&2; sleep 600 & echo $! > child; wait";
        assert.deepEqual(await shell(script, { timeout: 300 }), {
            kind: "timed-out",
            stderr: "started\n",
        });
        await until("the child is gone", () => !isRunning(pidIn(file) ?? 0));
    });

    it("runs many processes at a time", async () => {
        writeFileSync(join(folder.path, "text"), "same");
        const results = await Promise.all(
            Array.from({ length: 50 }, (_, i) => shell(`cat text; exit ${i}`)),
        );
        assert.deepEqual(
            results.map((result) => result.kind === "exited" && [result.code, result.stdout]),
            Array.from({ length: 50 }, (_, i) => [i, "same"]),
        );
    });

    it("leaves nothing at work that nobody stopped when our own process ends", async () => {
        const bundle = folder.write("core.cjs");
        await build({
            entryPoints: [join(ROOT, "src/core/process.ts")],
            outfile: bundle,
            bundle: true,
            platform: "node",
            format: "cjs",
            logLevel: "silent",
        });
        const file = join(folder.path, "pid");
        const request: Omit<ProcessRequest, "env"> = {
            command: "/bin/sh",
            args: ["-c", `echo $$ > '${file}.new'; mv '${file}.new' '${file}'; exec sleep 98765`],
            cwd: folder.path,
            signal: undefined,
            output: "keep",
        };
        const host = folder.write(
            "host.cjs",
            `const { existsSync } = require("node:fs");
            void require(${JSON.stringify(bundle)}).run({
                ...${JSON.stringify(request)},
                env: new Map([["PATH", ${JSON.stringify(PATH)}]]),
            });
            setInterval(() => existsSync(${JSON.stringify(file)}) && process.exit(0), 10);`,
        );
        const child = spawn(process.execPath, [host], { stdio: "inherit" });
        assert.deepEqual(await once(child, "exit"), [0, null]);
        const pid = pidIn(file) ?? assert.fail("nothing ran");
        try {
            await until("it ends", () => !isRunning(pid));
        } catch (error) {
            process.kill(pid, "SIGKILL");
            throw error;
        }
    });
});
