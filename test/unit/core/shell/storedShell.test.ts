import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { SILENT } from "../../../../src/core/log";
import { sourcePath } from "../../../../src/core/nix/storePath";
import { run } from "../../../../src/core/process";
import { StoredShell } from "../../../../src/core/shell/storedShell";
import { testFolder } from "../../testFolder";
import { until } from "../../until";
import { fakeNix } from "../fakeNix";

describe("a stored dev shell", () => {
    const folder = testFolder();

    it("makes the links to the flake's inputs for one capture after the other", async () => {
        const fake = fakeNix(folder);
        const [log, go] = [join(folder.path, "log"), join(folder.path, "go")];
        const executable = folder.script(
            "nix",
            `case "$*" in *" build "*)
                echo begins >> '${log}'
                while [ ! -e '${go}' ]; do sleep 0.01; done
                echo ends >> '${log}'; exit;;
            esac
            exec '${fake.path}' "$@"`,
        );
        fake.printsShell("a", "");
        const narHash = `sha256-${"A".repeat(43)}=`;
        const input = sourcePath(narHash, join(folder.path, "store")) ?? "";
        folder.folder(input.slice(folder.path.length));
        const lock = { nodes: { a: { locked: { narHash } } } };
        folder.write("project/flake.lock", JSON.stringify(lock));

        const env = new Map([["PATH", process.env["PATH"] ?? "/usr/bin:/bin"]]);
        const shell = new StoredShell(SILENT);
        const request = {
            nix: { executable, env, extraArguments: [], output: "quiet", run, log: SILENT },
            flakeFolder: folder.folder("project"),
            shell: undefined,
            base: env,
            storage: join(folder.path, "storage"),
            exceptions: { keepOut: [], letIn: [] },
            hookTimeout: 15_000,
            signal: undefined,
            fingerprint: "",
            watched: "",
        } as const;
        await shell.capture(request, undefined);
        await until("it makes them", () => existsSync(log));
        await shell.capture(request, undefined);
        writeFileSync(go, "");
        await shell.dispose();
        const events = readFileSync(log, "utf8").trim().split("\n");
        assert.deepEqual(events, ["begins", "ends", "begins", "ends"]);
    });
});
