import assert from "node:assert/strict";
import { existsSync, readFileSync, rmSync } from "node:fs";
import type { Capture } from "../../src/core/capture";
import type { Environment } from "../../src/core/environment/environment";
import {
    base,
    bed,
    captureOf,
    changeOf,
    failureIn,
    inside,
    output,
    repository,
    suiteFolder,
} from "./bed";

describe("a hostile dev shell", () => {
    const at = suiteFolder();
    const planted = "/tmp/nix-rust-hostile";
    let captured: Capture;
    let editor: Environment;
    let expected: Record<string, string>;

    before(async () => {
        rmSync(planted, { force: true });
        const folder = await (await bed()).instantiate("hostile", at("hostile"));
        editor = new Map([
            ...base,
            ["UNSET_ME", "still here"],
            ["XDG_DATA_DIRS", "/share/of/user:/usr/share"],
            ["HOME", process.env["HOME"] ?? "/"],
            ["TERM", "xterm-256color"],
            ["SHELL", "/bin/of-user"],
        ]);
        captured = await captureOf(folder, { base: editor });
        expected = JSON.parse(
            readFileSync("test/fixtures/hostile/expected.json", "utf8"),
        ) as Record<string, string>;
    });

    it("has its values byte for byte", () => {
        const values = inside(captured, editor);
        for (const [name, value] of Object.entries(expected)) {
            assert.equal(values.get(name), value, name);
        }
        assert.equal(values.get("LONG"), "x".padStart(120_000));
    });

    it("passes them on to programs byte for byte", async () => {
        const env = inside(captured, editor);
        const script = "process.stdout.write(JSON.stringify(process.env))";
        const text = await output(
            new Map([...env].filter(([name]) => name !== "NODE_OPTIONS" && name !== "LONG")),
            "/",
            process.execPath,
            "-e",
            script,
        );
        const seen = JSON.parse(text) as Record<string, string>;
        for (const [name, value] of Object.entries(expected)) {
            assert.equal(seen[name], value, name);
        }
    });

    it("runs nothing that stands in a value", () => {
        assert.equal(existsSync(planted), false);
    });

    it("injects nothing by what it prints", () => {
        for (const name of ["FAKE", "FAKE_ZERO", "FAKE_LINE"]) {
            assert.equal(changeOf(captured, name), undefined, name);
        }
        const names = captured.delta.changes.map(({ name }) => name);
        for (const name of names) assert.match(name, /^[A-Za-z_][A-Za-z0-9_]*$/);
    });

    it("leaves out what belongs to others, each with its reason", () => {
        const reasons = new Map(captured.delta.omitted.map(({ name, reason }) => [name, reason]));
        const wanted = {
            WITH_BAD_BYTE: "not-text",
            "BASH_FUNC_exported_function%%": "function",
            TMPDIR: "temporary",
            TEMP: "temporary",
            SHELL: "session",
            HOME: "session",
            USER: "session",
            TERM: "session",
            DISPLAY: "session",
            SSH_AUTH_SOCK: "session",
            PROMPT_COMMAND: "session",
            PS1: "session",
            ELECTRON_RUN_AS_NODE: "editor",
            GIT_ASKPASS: "editor",
            VSCODE_IPC_HOOK_CLI: "editor",
            SOURCE_DATE_EPOCH: "reproducible-date",
            stdenv: "builder",
        };
        for (const [name, reason] of Object.entries(wanted)) {
            assert.equal(reasons.get(name), reason, name);
            assert.equal(changeOf(captured, name), undefined, name);
        }
    });

    it("lets in what its own programs need", () => {
        const values = inside(captured, editor);
        assert.equal(values.get("LD_LIBRARY_PATH"), "/lib/of-hook");
        assert.equal(values.get("NODE_OPTIONS"), "--no-such-option-of-hook");
        assert.equal(values.get("IN_NIX_SHELL"), "impure");
    });

    it("unsets", () => {
        assert.deepEqual(changeOf(captured, "UNSET_ME"), { op: "unset", name: "UNSET_ME" });
    });

    it("adds at both ends of PATH", () => {
        const changes = captured.delta.changes.filter(({ name }) => name === "PATH");
        assert.deepEqual(
            changes.map(({ op }) => op),
            ["prepend", "append"],
        );
        const path = inside(captured, editor).get("PATH") ?? "";
        assert.ok(path.startsWith("/prepended/by/hook:/nix/store/"), path);
        assert.ok(path.endsWith(`:${editor.get("PATH")}:/appended/by/hook`), path);
    });

    it("adds in front of the user's XDG_DATA_DIRS", () => {
        const change = changeOf(captured, "XDG_DATA_DIRS");
        assert.equal(change?.op, "prepend");
        assert.ok(`${change.value}:`.startsWith("/share/of/hook:"), change.value);
        assert.doesNotMatch(change.value, /of\/user/);
    });

    it("lets in and keeps out what the user says", async () => {
        const again = await captureOf(at("hostile"), {
            base: editor,
            exceptions: { keepOut: ["WITH_*", "PATH"], letIn: ["SOURCE_DATE_EPOCH"] },
        });
        const reasons = new Map(again.delta.omitted.map(({ name, reason }) => [name, reason]));
        assert.equal(reasons.get("WITH_QUOTES"), "kept-out");
        assert.equal(reasons.get("WITH_BAD_BYTE"), "kept-out");
        assert.equal(reasons.get("PATH"), "kept-out");
        assert.equal(inside(again, editor).get("SOURCE_DATE_EPOCH"), "315532800");
    });
});

describe("a large dev shell", () => {
    const at = suiteFolder();

    it("may have 5000 variables", async () => {
        const folder = await (await bed()).instantiate("many-variables", at("many"));
        const values = inside(await captureOf(folder));
        for (let i = 0; i < 5000; i++) assert.equal(values.get(`MANY_${i}`), `value ${i}`);
    });

    it("may have a variable that is too large for any program, and arrives without it", async () => {
        const folder = await (await bed()).instantiate("huge-variable", at("huge"));
        const captured = await captureOf(folder);
        assert.deepEqual(
            captured.delta.omitted.find(({ name }) => name === "HUGE"),
            { name: "HUGE", reason: "too-large" },
        );
        assert.equal(inside(captured).get("IN_NIX_SHELL"), "impure");
        assert.equal(changeOf(captured, "PATH")?.op, "prepend");
    });

    it("arrives byte for byte beside a variable that is too large", async () => {
        const folder = await repository(at("beside"), {
            hook: `printf -v HUGE '%*s' 1048576 x
                export HUGE LINES_OF=$'one\\ntwo\\n' QUOTES=$'"\\'\\\\' TEXT='declare -x FAKE="1"'
                export FAKER=$'x\\ndeclare -x FAKE="1"\\n' GREEK='αβγ' BAD=$'\\xff'
                NOT_EXPORTED=1`,
        });
        const captured = await captureOf(folder);
        const values = inside(captured);
        assert.equal(values.get("LINES_OF"), "one\ntwo\n");
        assert.equal(values.get("QUOTES"), "\"'\\");
        assert.equal(values.get("TEXT"), 'declare -x FAKE="1"');
        assert.equal(values.get("GREEK"), "αβγ");
        assert.equal(values.get("FAKE"), undefined);
        assert.equal(values.get("NOT_EXPORTED"), undefined);
        assert.deepEqual(
            captured.delta.omitted.find(({ name }) => name === "BAD"),
            { name: "BAD", reason: "not-text" },
        );
    });

    it("with an attribute that is too large can't be built by nix, which is reported", async () => {
        const folder = await repository(at("attribute"), {
            expression:
                '{ HUGE = builtins.concatStringsSep "" (builtins.genList (i: "x") 1048576); }',
        });
        const failure = await failureIn(folder);
        assert.equal(failure.kind, "builder-failed");
        assert.match(failure.detail, /[Aa]rgument list too long/);
    });

    it("may print a lot", async () => {
        const folder = await (await bed()).instantiate("hook-floods", at("floods"));
        assert.equal(inside(await captureOf(folder)).get("IN_NIX_SHELL"), "impure");
    });
});
