import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import {
    closeTerminals,
    EXTENSION_PATH,
    firstFolder,
    atStart,
    resolvedDebugConfiguration,
    taskEnvironment,
    terminalEnvironment,
    untilHost,
    type Variables,
} from "./bed";

const fixture = join(EXTENSION_PATH, "test/fixtures/hostile/expected.json");
const expected: Readonly<Record<string, string>> = {
    ...(JSON.parse(readFileSync(fixture, "utf8")) as Record<string, string>),
    LONG: "x".padStart(120_000),
    WITH_VARIABLES: "${workspaceFolder} ${env:HOME} ${userHome} ${pathSeparator}",
    WITH_MISSING: "${workspaceFolder:none} ${config:none.such} ${file} ${input:none}",
    WITH_COMMANDS: "${command:workbench.action.terminal.new}",
    WITH_NESTED: "${env:${env:HOME}} $${env:HOME} ${ ${",
};

function assertArrived(seen: Variables): void {
    for (const [name, value] of Object.entries(expected)) assert.equal(seen[name], value, name);
}

describe("a hostile dev shell", () => {
    before(() => untilHost("WITH_LINES", expected["WITH_LINES"]));
    after(closeTerminals);

    for (const kind of ["shell", "process"] as const) {
        it(`arrives byte for byte in a ${kind} task`, async () => {
            assertArrived(await taskEnvironment(firstFolder(), kind));
        });
    }

    it("arrives byte for byte in a terminal", async () => {
        assertArrived(await terminalEnvironment(vscode.window.createTerminal()));
    });

    it("arrives byte for byte in the extension host", () => {
        assertArrived(process.env);
    });

    it("arrives byte for byte in a debugged program", async () => {
        const environment = (await resolvedDebugConfiguration({ type: "lldb" }))["env"];
        assertArrived(environment as Variables);
    });

    it("has what it unsets empty in terminals and tasks, and absent in the extension host", async () => {
        assert.equal(atStart["UNSET_ME"], "still here");
        assert.equal((await taskEnvironment())["UNSET_ME"], "");
        assert.equal((await terminalEnvironment(vscode.window.createTerminal()))["UNSET_ME"], "");
        assert.ok(!("UNSET_ME" in process.env));
    });

    it("adds at both ends of PATH", async () => {
        for (const { PATH: path } of [process.env, await taskEnvironment()]) {
            const start = "/with/${env:HOME}/${file}:/prepended/by/hook:/nix/store/";
            assert.ok(path?.startsWith(start), path);
        }
        assert.ok(process.env["PATH"]?.endsWith(`${atStart["PATH"]}:/appended/by/hook`));
    });

    it("takes over nothing of the session or the editor", async () => {
        const seen = await taskEnvironment();
        const names = ["HOME", "USER", "GIT_ASKPASS", "SSH_AUTH_SOCK", "DISPLAY", "PROMPT_COMMAND"];
        for (const name of [...names, "ELECTRON_RUN_AS_NODE", "VSCODE_IPC_HOOK_CLI", "TMPDIR"]) {
            assert.equal(process.env[name], atStart[name], name);
            assert.ok(!(seen[name] ?? "").includes("of-hook"), name);
        }
        for (const name of ["LD_LIBRARY_PATH", "NODE_OPTIONS"]) {
            assert.equal(process.env[name], atStart[name], name);
        }
    });

    it("injects and runs nothing", async () => {
        const seen = await taskEnvironment();
        for (const name of ["FAKE", "FAKE_ZERO", "FAKE_LINE", "WITH_BAD_BYTE"]) {
            assert.equal(seen[name], undefined, name);
            assert.equal(process.env[name], undefined, name);
        }
        assert.equal(existsSync("/tmp/nix-rust-hostile"), false);
    });
});
