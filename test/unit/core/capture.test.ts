import assert from "node:assert/strict";
import { existsSync, readdirSync, readlinkSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { capture, dropOldGenerations, type Capture } from "../../../src/core/capture";
import { CaptureError } from "../../../src/core/failure/failure";
import { SILENT } from "../../../src/core/log";
import type { Nix } from "../../../src/core/nix/nix";
import type { Progress } from "../../../src/core/nix/progress";
import { run } from "../../../src/core/process";
import { isRunning, pidIn } from "../running";
import { testFolder } from "../testFolder";
import { fakeNix, type FakeNix } from "./fakeNix";

describe("capture", () => {
    const folder = testFolder();
    let fake: FakeNix;
    let logged: string[];
    let base: Map<string, string>;

    beforeEach(() => {
        fake = fakeNix(folder);
        logged = [];
        base = new Map([
            ["PATH", process.env["PATH"] ?? "/usr/bin:/bin"],
            ["HOME", "/home/me"],
            ["MANPATH", "/usr/man"],
        ]);
    });

    const nix = (): Nix => {
        const note = (message: string | Error): void => void logged.push(String(message));
        const log = { ...SILENT, info: note, warn: note, error: note };
        return {
            executable: fake.path,
            env: base,
            extraArguments: ["--impure"],
            output: "quiet",
            run,
            log,
        };
    };

    function capturing(
        more: {
            flake?: string;
            executable?: string;
            knownRoot?: string;
            onProgress?: (progress: Progress) => void;
        } = {},
    ): Promise<Capture | undefined> {
        return capture({
            nix: { ...nix(), executable: more.executable ?? fake.path },
            flakeFolder: folder.folder(more.flake ?? "project"),
            shell: "ci",
            base,
            storage: join(folder.path, "storage"),
            temporary: folder.folder("temporary"),
            exceptions: { keepOut: ["SECRET_*"], letIn: [] },
            knownRoot: more.knownRoot,
            hookTimeout: 15_000,
            signal: undefined,
            onProgress: more.onProgress,
        });
    }

    const changesOf = (captured: Capture | undefined): Record<string, string> =>
        Object.fromEntries(
            (captured?.delta.changes ?? []).map((change) => [
                `${change.op} ${change.name}`,
                change.op === "unset" ? "" : change.value,
            ]),
        );

    it("tells what the dev shell changes, against the environment without anything of ours", async () => {
        fake.printsShell(
            "a",
            `export PATH=/nix/a/bin:$PATH:/nix/z/bin MANPATH=/nix/man:$MANPATH SECRET_KEY=hunter22
            export SOCKET=$TMPDIR/agent WHERE=$PWD; unset NOTHING`,
        );
        const captured = await capturing();
        assert.deepEqual(changesOf(captured), {
            "prepend MANPATH": "/nix/man",
            "prepend PATH": "/nix/a/bin",
            "append PATH": "/nix/z/bin",
            "set WHERE": join(folder.path, "project"),
        });
        const omitted =
            captured?.delta.omitted.map(({ name, reason }) => `${name} ${reason}`) ?? [];
        assert.ok(omitted.includes("SECRET_KEY kept-out"), omitted.join());
        assert.ok(omitted.includes("SOCKET temporary"), omitted.join());
        assert.equal(captured?.root, join(folder.path, "store/a-env"));
        assert.equal(captured?.nixVersion.text, "2.34.8");
    });

    it("asks nix to write no lock, to keep the shell in a profile, and for the shell by name", async () => {
        fake.printsShell("a", "");
        await capturing();
        assert.equal(fake.calls.length, 1);
        const [call = ""] = fake.calls;
        assert.match(
            call,
            /print-dev-env --no-write-lock-file --profile \S+\/storage\/env --impure \.#ci$/,
        );
        assert.match(call, /--extra-experimental-features nix-command flakes/);
        assert.match(call, /--log-format internal-json/);
    });

    it("leaves no nix at work where its version is one that can't be used", async () => {
        const file = join(folder.path, "pid");
        const executable = folder.script(
            "old/nix",
            `if [ "$*" = --version ]; then
                while [ ! -s '${file}' ]; do sleep 0.01; done
                echo 'nix (Nix) 2.3.16'; exit
            fi
            echo $$ > '${file}.new'; mv '${file}.new' '${file}'
            exec sleep 98765`,
        );
        await assert.rejects(
            capturing({ executable }),
            (error) => error instanceof CaptureError && error.failure.kind === "nix-too-old",
        );
        const pid = pidIn(file) ?? assert.fail("nothing was evaluated");
        const isLeft = isRunning(pid);
        if (isLeft) process.kill(pid, "SIGKILL");
        assert.ok(!isLeft);
    });

    it("leaves no temporary folder behind, after a failure either", async () => {
        fake.printsShell("a", ": > $TMPDIR/file");
        await capturing();
        assert.deepEqual(readdirSync(join(folder.path, "temporary")), []);
        fake.printsShell("b", "exit 3");
        await assert.rejects(capturing(), CaptureError);
        assert.deepEqual(readdirSync(join(folder.path, "temporary")), []);
    });

    it("does not run the shellHook of a shell that is known", async () => {
        fake.printsShell("a", `: > '${folder.path}/entered'`);
        assert.equal(await capturing({ knownRoot: join(folder.path, "store/a-env") }), undefined);
        assert.ok(!existsSync(join(folder.path, "entered")));
        assert.notEqual(
            await capturing({ knownRoot: join(folder.path, "store/b-env") }),
            undefined,
        );
    });

    it("tells what nix reported, and keeps the root of the last good shell", async () => {
        fake.printsShell("a", "");
        await capturing();
        fake.fails("error: syntax error, unexpected '}'\n       at /x/flake.nix:3:1:\n");
        await assert.rejects(
            capturing(),
            (error: unknown) => error instanceof CaptureError && error.failure.kind === "syntax",
        );
        assert.match(readlinkSync(join(folder.path, "storage/env-1-link")), /a-env$/);
    });

    it("asks for the script again from elsewhere where the folder's name would break it", async () => {
        fake.printsShell("a", "export A=1");
        const captured = await capturing({ flake: "it's" });
        assert.equal(changesOf(captured)["set A"], "1");
        assert.equal(fake.calls.length, 2);
        assert.match(fake.calls[1] ?? "", /print-dev-env \S+\/storage\/env$/);
    });

    it("tells that it reads the flake, and then that it runs the shellHook", async () => {
        fake.printsShell("a", "");
        const kinds: string[] = [];
        await capturing({ onProgress: ({ kind }) => kinds.push(kind) });
        assert.deepEqual(kinds, ["evaluating", "entering"]);
    });

    it("logs what the shellHook prints, without the values that it puts into the environment", async () => {
        const long = "k".repeat(3_000);
        fake.printsShell(
            "a",
            `export TOKEN=hunter22 KEY=$'-----BEGIN\\nabcdefghij\\nEND' LONG=${long} ON=1
            echo "hello 1"; echo "token: $TOKEN"; echo "$KEY" | sed 's/^/  /'; echo "LONG=$LONG"`,
        );
        await capturing();
        const text = logged.join("\n");
        assert.match(text, /shellHook: hello 1/);
        assert.match(text, /shellHook: token: <value of TOKEN>/);
        for (const value of ["hunter22", "abcdefghij", "BEGIN", "kkk"])
            assert.ok(!text.includes(value), value);
    });

    describe("with Rust in the dev shell", () => {
        /** A dev shell with a rustc of that sysroot, and cargo elsewhere. */
        function shellWithRust(script = ""): string {
            const sysroot = folder.folder("fake-rust");
            const version = 'case "$*" in --version) echo "rustc 1.97.1";; *) echo';
            const rustc = folder.script("fake-rust/bin/rustc", `${version} '${sysroot}';; esac`);
            folder.script("fake-cargo/bin/cargo", "");
            fake.printsShell(
                "a",
                `PATH=${sysroot}/bin:${folder.path}/fake-cargo/bin:$PATH\n${script}`,
            );
            return rustc;
        }

        it("answers rustup with a toolchain that has all of the shell's tools", async () => {
            const rustc = shellWithRust();
            const captured = await capturing();
            assert.equal(captured?.toolchain?.rustc, rustc);
            const toolchain = changesOf(captured)["set RUSTUP_TOOLCHAIN"] ?? "";
            assert.ok(toolchain.startsWith(`${folder.path}/storage/toolchain-`), toolchain);
            assert.deepEqual(readdirSync(join(toolchain, "bin")).sort(), ["cargo", "rustc"]);
        });

        it("overrules a version that the flake gives rustup, and says so", async () => {
            shellWithRust("export RUSTUP_TOOLCHAIN=1.75.0");
            const captured = await capturing();
            const all = captured?.delta.changes.filter(({ name }) => name === "RUSTUP_TOOLCHAIN");
            assert.equal(all?.length, 1);
            assert.ok(captured?.delta.omitted.some(({ reason }) => reason === "rustup"));
            assert.match(logged.join("\n"), /RUSTUP_TOOLCHAIN/);
        });

        it("leaves rustup alone where the shell has no Rust", async () => {
            fake.printsShell("a", "export RUSTUP_TOOLCHAIN=1.75.0");
            assert.equal(changesOf(await capturing())["set RUSTUP_TOOLCHAIN"], "1.75.0");
        });

        it("keeps the changes sorted by name", async () => {
            shellWithRust("export A=1 Z=1");
            const names = (await capturing())?.delta.changes.map(({ name }) => name) ?? [];
            assert.deepEqual(names, names.toSorted());
        });
    });
});

describe("dropOldGenerations", () => {
    const folder = testFolder();

    it("drops the roots of earlier environments, and nothing else", () => {
        for (const name of ["env-1-link", "env-2-link", "env-3-link"]) {
            symlinkSync("/nix/store/x", join(folder.path, name));
        }
        symlinkSync("env-3-link", join(folder.path, "env"));
        folder.write("snapshot.json");
        folder.folder("toolchain-x");
        dropOldGenerations(folder.path);
        assert.deepEqual(readdirSync(folder.path).sort(), [
            "env",
            "env-3-link",
            "snapshot.json",
            "toolchain-x",
        ]);
    });
});
