import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { environmentOf, recordOf } from "../../src/core/environment/environment";
import { findNix } from "../../src/core/nix/executable";
import { base, bed, nixFolder, repository, suiteFolder } from "./bed";

interface Outcome {
    readonly code: number | null;
    readonly stdout: string;
    readonly stderr: string;
}

/** The shape of what `capture` prints. */
interface Printed {
    readonly changes: readonly { op: string; name: string; value?: string }[];
    readonly omitted: readonly { name: string; reason: string }[];
    readonly milliseconds: Readonly<Record<string, number>>;
}

describe("the command line", () => {
    const at = suiteFolder();
    let folder: string;

    before(async () => {
        folder = await (await bed()).instantiate("example", at("example"));
    });

    /** Runs it as somebody would who has the tested nix on PATH. */
    const core = async (args: string[], changed: Record<string, string> = {}): Promise<Outcome> => {
        const env = {
            ...recordOf(base),
            PATH: `${await nixFolder()}:${base.get("PATH")}`,
            XDG_CACHE_HOME: at("cache"),
            ...changed,
        };
        const child = spawn(process.execPath, [resolve("dist/cli.js"), ...args], {
            env,
            cwd: "/",
            stdio: ["ignore", "pipe", "pipe"],
        });
        const outcome = { stdout: "", stderr: "" };
        child.stdout.on("data", (chunk: Buffer) => (outcome.stdout += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (outcome.stderr += chunk.toString()));
        const code = await new Promise<number | null>((end) => child.once("close", end));
        return { code, ...outcome };
    };

    const printed = (outcome: Outcome): unknown => {
        assert.equal(outcome.stderr, "");
        assert.equal(outcome.code, 0);
        return JSON.parse(outcome.stdout);
    };

    const complaint = (outcome: Outcome): string => {
        assert.equal(outcome.stdout, "");
        assert.equal(outcome.code, 1);
        assert.doesNotMatch(outcome.stderr, /^\s+at .*\.js:\d+/m);
        return outcome.stderr;
    };

    it("describes a project", async () => {
        assert.deepEqual(printed(await core(["project", folder])), {
            flake: join(folder, "flake.nix"),
            toolchainFile: join(folder, "rust-toolchain.toml"),
            cargo: join(folder, "Cargo.toml"),
            devShells: ["default", "ci"],
        });
    });

    it("prints a flake, and says in one line which templates and options there are", async () => {
        const flake = await core(["flake", folder, "--with", "package,envrc"]);
        assert.equal(flake.code, 0);
        assert.match(flake.stdout, /^\{\n {2}description = "hello-nix";\n[^]*\n\}\n$/);
        const unknown = complaint(await core(["flake", folder, "--template", "naersk"]));
        assert.match(unknown, /^There is no template “naersk”; there are nixpkgs, .*\.\n$/);
        const options = complaint(await core(["flake", folder, "--with", "package,docker"]));
        assert.match(options, /^There is no option “docker”; there are package, .*\.\n$/);
    });

    it("describes a project that has nothing of Nix", async () => {
        const plain = await (await bed()).instantiate("plain-rust", at("plain"));
        assert.deepEqual(printed(await core(["project", plain])), {
            flake: null,
            toolchainFile: join(plain, "rust-toolchain.toml"),
            cargo: join(plain, "Cargo.toml"),
            devShells: null,
        });
    });

    it("describes a project whose flake can't be read", async () => {
        const broken = await (await bed()).instantiate("syntax-error", at("broken"));
        assert.deepEqual(printed(await core(["project", broken])), {
            flake: join(broken, "flake.nix"),
            toolchainFile: null,
            cargo: null,
            devShells: null,
        });
    });

    it("describes a project without a nix", async function () {
        if (hasNixElsewhere()) this.skip();
        const described = printed(await core(["project", folder], withoutNix()));
        assert.equal((described as { devShells: unknown }).devShells, null);
    });

    it("captures", async () => {
        const outcome = printed(await core(["capture", folder]));
        const { changes, omitted, milliseconds } = outcome as Printed;
        assert.deepEqual(Object.keys(outcome as Printed), ["changes", "omitted", "milliseconds"]);
        assert.deepEqual(
            changes.find(({ name }) => name === "GREETING"),
            { op: "set", name: "GREETING", value: "Hello" },
        );
        assert.equal(changes.find(({ name }) => name === "PATH")?.op, "prepend");
        for (const change of changes) {
            assert.match(change.op, /^(?:set|unset|prepend|append)$/);
            const fields = change.op === "unset" ? ["op", "name"] : ["op", "name", "value"];
            assert.deepEqual(Object.keys(change).sort(), fields.sort());
        }
        for (const omission of omitted) {
            assert.deepEqual(Object.keys(omission), ["name", "reason"]);
            assert.ok(omission.reason.includes(" "), omission.reason);
        }
        for (const value of Object.values(milliseconds)) assert.equal(typeof value, "number");
    });

    it("captures a dev shell by its name", async () => {
        const outcome = printed(await core(["capture", folder, "--shell", "ci"])) as Printed;
        const greeting = outcome.changes.find(({ name }) => name === "GREETING");
        assert.equal(greeting?.value, "Beep");
    });

    it("captures from a folder below the flake", async () => {
        const outcome = printed(await core(["capture", join(folder, "src")])) as Printed;
        const root = outcome.changes.find(({ name }) => name === "PROJECT_ROOT");
        assert.equal(root?.value, folder);
    });

    it("captures the same twice at once, into one profile", async () => {
        const fresh = await repository(at("twice"), { attributes: { SEEN: "1" } });
        const cache = { XDG_CACHE_HOME: at("twice.cache") };
        const both = await Promise.all([
            core(["capture", fresh], cache),
            core(["capture", fresh], cache),
        ]);
        for (const outcome of both) {
            const { changes } = printed(outcome) as Printed;
            assert.equal(changes.find(({ name }) => name === "SEEN")?.value, "1");
        }
        const storages = readdirSync(join(at("twice.cache"), "nix-rust"));
        assert.equal(storages.length, 1);
        const links = readdirSync(join(at("twice.cache"), "nix-rust", storages[0] ?? ""));
        assert.ok(links.includes("env"), links.join());
    });

    it("complains about a name that no dev shell has", async () => {
        const text = complaint(await core(["capture", folder, "--shell", "no-such-shell"]));
        assert.match(text, /no-such-shell/);
    });

    it("complains about a folder without a flake", async () => {
        complaint(await core(["capture", at("plain")]));
        complaint(await core(["capture", at("no-such-folder")]));
    });

    it("complains that there is no nix", async function () {
        if (hasNixElsewhere()) this.skip();
        assert.match(complaint(await core(["capture", folder], withoutNix())), /Nix/);
    });

    it("complains about a nix that is too old, with its version", async () => {
        mkdirSync(at("old"));
        const script = '#!/bin/sh\necho "nix (Nix) 2.3.16"\n';
        writeFileSync(at("old/nix"), script, { mode: 0o755 });
        const text = complaint(
            await core(["capture", folder], { PATH: `${at("old")}:${base.get("PATH")}` }),
        );
        assert.match(text, /2\.3\.16/);
    });

    it("complains about a flake that can't be read, with nix's own words", async () => {
        assert.match(complaint(await core(["capture", at("broken")])), /syntax error/);
    });

    for (const args of [[], ["no-such-verb"], ["capture"], ["capture", "/", "--no-such-option"]]) {
        it(`complains about ${JSON.stringify(args)}`, async () => {
            assert.notEqual(complaint(await core(args)), "");
        });
    }

    /** Nix is looked for in more places than PATH, and this machine may have it in one of them. */
    function hasNixElsewhere(): boolean {
        const env = environmentOf(withoutNix());
        return findNix({ configured: "", env, home: at("empty"), untrusted: [] }) !== undefined;
    }

    function withoutNix(): Record<string, string> {
        return { PATH: at("empty"), HOME: at("empty"), XDG_STATE_HOME: at("empty") };
    }
});
