import assert from "node:assert/strict";
import { join } from "node:path";
import type { Exceptions } from "../../../../src/core/environment/delta";
import { SILENT } from "../../../../src/core/log";
import { run } from "../../../../src/core/process";
import { takeSnapshot } from "../../../../src/core/shell/takeSnapshot";
import { readSnapshot, type Snapshot } from "../../../../src/core/snapshot";
import { testFolder } from "../../testFolder";
import { fakeNix, type FakeNix } from "../fakeNix";

describe("a snapshot that is known", () => {
    const folder = testFolder();
    let nix: FakeNix;

    beforeEach(() => {
        nix = fakeNix(folder);
        nix.printsShell("a", `export TOOL=a`);
    });

    interface Circumstances {
        readonly env?: Readonly<Record<string, string>>;
        readonly keepOut?: readonly string[];
        readonly shell?: string;
        readonly watched?: string;
        readonly watchedNow?: string;
    }

    function take(
        known: Snapshot | undefined,
        { env = {}, keepOut = [], shell, watched = "", watchedNow = watched }: Circumstances = {},
    ): Promise<Snapshot> {
        const base = new Map(
            Object.entries({ PATH: process.env["PATH"] ?? "/usr/bin:/bin", HOME: "/home", ...env }),
        );
        const exceptions: Exceptions = { keepOut, letIn: [] };
        return takeSnapshot(
            {
                nix: {
                    executable: nix.path,
                    env: base,
                    extraArguments: [],
                    output: "quiet",
                    run,
                    log: SILENT,
                },
                flakeFolder: folder.folder("project"),
                shell,
                base,
                storage: storageOf(shell),
                temporary: folder.folder("temporary"),
                exceptions,
                hookTimeout: 15_000,
                signal: undefined,
                fingerprint: "",
                watched,
                watchedNow: async () => watchedNow,
            },
            known,
        );
    }

    const storageOf = (shell: string | undefined): string =>
        join(folder.path, "storage", shell ?? "default");

    const toolOf = ({ changes }: Snapshot): string | undefined => {
        const change = changes.find(({ name }) => name === "TOOL");
        return change?.op === "set" ? change.value : undefined;
    };

    it("holds while nothing changed, and is not entered again, whatever values are others", async () => {
        const known = await take(undefined, { env: { SEAT: "1", SHLVL: "1" } });
        nix.printsShell("a", "exit 7");
        assert.equal(await take(known, { env: { SEAT: "2", TERM: "xterm" } }), known);
    });

    it("does not hold for an editor that was started from elsewhere than inside the dev shell", async () => {
        const inside = await take(undefined, { env: { TOOL: "a", IN_NIX_SHELL: "impure" } });
        assert.equal(toolOf(inside), undefined, "it is there already");
        assert.equal(toolOf(await take(inside)), "a");
    });

    it("ends the round of a shellHook that writes what it reads, and loses no change by others", async () => {
        const first = await take(undefined, { watched: "1", watchedNow: "2" });
        assert.equal(first.watched, "1", "it may be the user who changed it");
        const second = await take(first, { watched: "2", watchedNow: "3" });
        assert.notEqual(second, first);
        assert.equal(await take(second, { watched: "3" }), second);
        assert.notEqual(await take(second, { watched: "4" }), second);
    });

    it("is none of another dev shell that is the same, which has to have its own", async () => {
        const known = await take(undefined);
        const other = await take(known, { shell: "ci" });
        assert.equal(other.shell, "ci");
        assert.equal(readSnapshot(storageOf("ci"))?.shell, "ci");
    });

    it("does not hold where the user keeps other variables out by now", async () => {
        const known = await take(undefined);
        assert.equal(toolOf(known), "a");
        const kept = await take(known, { keepOut: ["TOOL"] });
        assert.equal(toolOf(kept), undefined);
        assert.equal(toolOf(await take(kept)), "a");
    });
});
