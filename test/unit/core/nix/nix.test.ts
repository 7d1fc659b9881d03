import assert from "node:assert/strict";
import { join } from "node:path";
import { CaptureError } from "../../../../src/core/failure/failure";
import { SILENT } from "../../../../src/core/log";
import { callNix, nixVersion, type Nix, type NixOutput } from "../../../../src/core/nix/nix";
import type { Progress } from "../../../../src/core/nix/progress";
import { run } from "../../../../src/core/process";
import { testFolder } from "../../testFolder";

describe("callNix and nixVersion", () => {
    const folder = testFolder();
    let logged: string[];

    beforeEach(() => {
        logged = [];
    });

    function nix(body: string, output: NixOutput = "normal"): Nix {
        const info = (message: string): void => void logged.push(message);
        return {
            executable: folder.script("fake-nix", body),
            env: new Map([["PATH", process.env["PATH"] ?? ""]]),
            extraArguments: [],
            output,
            run,
            log: { ...SILENT, info },
        };
    }

    const call = (fake: Nix, onProgress?: (progress: Progress) => void): Promise<string> =>
        callNix(fake, { args: ["eval", "x y"], cwd: folder.path, signal: undefined, onProgress });

    async function failureOf(result: Promise<unknown>): Promise<string> {
        const error: unknown = await result.then(
            () => assert.fail("it did not fail"),
            (e) => e,
        );
        assert.ok(error instanceof CaptureError, String(error));
        return error.failure.kind;
    }

    const RECORDS = [
        {
            action: "start",
            id: 1,
            level: 3,
            parent: 0,
            type: 105,
            text: "building x",
            fields: ["/nix/store/x.drv"],
        },
        { action: "result", id: 1, type: 101, fields: ["\u001b[31mcompiling\u001b[0m"] },
        { action: "msg", level: 1, msg: "warning: careful" },
        { action: "msg", level: 4, msg: "a detail" },
    ];
    const SPEAKING = `cat >&2 <<'END'\n${RECORDS.map((r) => `@nix ${JSON.stringify(r)}`).join("\n")}\nraw text\nEND`;

    it("returns what nix prints, and passes what it is asked", async () => {
        assert.equal(await call(nix("echo result; echo noise >&2")), "result\n");
        const args = await call(nix(`for a in "$@"; do echo "$a"; done`));
        assert.deepEqual(args.split("\n").slice(-3), ["eval", "x y", ""]);
        assert.match(args, /^--extra-experimental-features\nnix-command flakes\n/);
    });

    it("logs what it runs without the tokens that a user may have in the arguments", async () => {
        const fake = nix("true");
        const log = { ...SILENT, debug: (message: string): void => void logged.push(message) };
        const args = [
            "eval",
            "--option",
            "access-tokens",
            "github.com=ghp_1",
            "--option",
            "cores",
            "2",
        ];
        const more = ["--extra-access-tokens", "gitlab.com=glpat_2", "--impure"];
        const call = { args: [...args, ...more], cwd: folder.path, signal: undefined };
        await callNix({ ...fake, log }, call);
        assert.match(
            logged.join(),
            / eval --option access-tokens <hidden> --option cores 2 --extra-access-tokens <hidden> --impure /,
        );
    });

    it("logs as much of what nix says as the user wants, without colours", async () => {
        await call(nix(SPEAKING, "quiet"));
        assert.deepEqual(logged, ["warning: careful"]);
        logged = [];
        await call(nix(SPEAKING, "normal"));
        assert.deepEqual(logged, ["building x", "compiling", "warning: careful"]);
        logged = [];
        await call(nix(SPEAKING, "verbose"));
        assert.deepEqual(logged, [
            "building x",
            "compiling",
            "warning: careful",
            "a detail",
            "raw text",
        ]);
    });

    it("tells the progress", async () => {
        const kinds: string[] = [];
        await call(nix(SPEAKING), ({ kind }) => kinds.push(kind));
        assert.deepEqual([...new Set(kinds)], ["building"]);
    });

    it("tells what nix reported, and how it could not be run", async () => {
        assert.equal(
            await failureOf(call(nix("echo \"error: undefined variable 'x'\" >&2; exit 1"))),
            "undefined-var",
        );
        assert.equal(await failureOf(call(nix("kill -KILL $$"))), "interrupted");
        const missing = { ...nix(""), executable: join(folder.path, "gone") };
        assert.equal(await failureOf(call(missing)), "nix-missing");
        const text = { ...nix(""), executable: folder.write("text") };
        assert.equal(await failureOf(call(text)), "nix-unusable");
        const gone = { args: [], cwd: join(folder.path, "gone"), signal: undefined };
        assert.equal(await failureOf(callNix(nix(""), gone)), "folder-missing");
    });

    it("reads the version, and rejects what is no nix, is too old or fails", async () => {
        assert.equal((await nixVersion(nix("echo 'nix (Nix) 2.34.8'"))).text, "2.34.8");
        assert.equal(await failureOf(nixVersion(nix("echo 'nix (Nix) 2.3.16'"))), "nix-too-old");
        assert.equal(await failureOf(nixVersion(nix("echo 'hello'"))), "nix-unusable");
        assert.equal(await failureOf(nixVersion(nix("exit 1"))), "nix-unusable");
        assert.equal(await failureOf(nixVersion(nix("kill -KILL $$"))), "nix-unusable");
        const missing = { ...nix(""), executable: "/no/such/nix" };
        assert.equal(await failureOf(nixVersion(missing)), "nix-missing");
    });

    it("stops when it is cancelled, which is no failure", async () => {
        const signal = AbortSignal.abort();
        const cancelled = callNix(nix("echo x"), { args: [], cwd: folder.path, signal });
        await assert.rejects(cancelled, { name: "AbortError" });
    });
});
