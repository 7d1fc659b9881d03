import assert from "node:assert/strict";
import {
    chmodSync,
    mkdirSync,
    readdirSync,
    renameSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { capture } from "../../src/core/capture";
import { takeSnapshot } from "../../src/core/shell/takeSnapshot";
import {
    base,
    bed,
    captureOf,
    failureIn,
    failureOf,
    inside,
    repository,
    requestFor,
    storageOf,
    suiteFolder,
    temporaryOf,
    testedNix,
} from "./bed";

describe("a nix that can't be used", () => {
    const at = suiteFolder();

    const program = (name: string, text: string): string => {
        writeFileSync(at(name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
        return at(name);
    };
    const failureWith = async (executable: string): ReturnType<typeof failureIn> => {
        const folder = await repository(at(`flake-of-${executable.split("/").at(-1)}`));
        return failureIn(folder, { nix: await testedNix({ executable }) });
    };

    it("because there is none is reported", async () => {
        assert.equal((await failureWith(at("no-such-nix"))).kind, "nix-missing");
    });

    it("because it is too old is reported with its version", async () => {
        const old = program(
            "fake-old-nix",
            `test "$1" = --version && echo "nix (Nix) 2.3.16" && exit
            echo "error: '--extra-experimental-features' is not a recognised flag" >&2; exit 1`,
        );
        const failure = await failureWith(old);
        assert.equal(failure.kind, "nix-too-old");
        assert.match(failure.subject + failure.detail, /2\.3\.16/);
    });

    it("because it is something else is reported with what it says", async () => {
        const other = program("something-else", 'echo "nix the game, version 7"');
        const failure = await failureWith(other);
        assert.equal(failure.kind, "nix-unusable");
        assert.match(failure.detail, /nix the game/);
    });

    it("because it may not be run is reported", async () => {
        const file = program("not-executable", "");
        chmodSync(file, 0o644);
        assert.equal((await failureWith(file)).kind, "nix-unusable");
    });

    it("because it is no program at all is reported", async () => {
        writeFileSync(at("no-program"), "\u0000\u0001\u0002", { mode: 0o755 });
        assert.match((await failureWith(at("no-program"))).kind, /^nix-(?:unusable|crashed)$/);
    });
});

describe("a nix.conf", () => {
    const at = suiteFolder();
    const withConfiguration = async (
        name: string,
        text: string,
    ): Promise<ReturnType<typeof testedNix>> => {
        mkdirSync(at(name), { recursive: true });
        writeFileSync(join(at(name), "nix.conf"), text);
        const nix = await testedNix();
        return { ...nix, env: new Map([...nix.env, ["NIX_CONF_DIR", at(name)]]) };
    };

    it("that has flakes switched off makes no difference", async () => {
        const nix = await withConfiguration("off", "experimental-features =\n");
        const folder = await repository(at("flake"), { attributes: { SEEN: "1" } });
        assert.equal(inside(await captureOf(folder, { nix })).get("SEEN"), "1");
    });

    it("that can't be read as one is reported", async () => {
        const nix = await withConfiguration("broken", "this is no configuration\n");
        const folder = await repository(at("other"));
        assert.equal((await failureIn(folder, { nix })).kind, "nix-conf");
    });
});

describe("a flake that can't be read", () => {
    const at = suiteFolder();
    const odd = async (name: string): Promise<string> => (await bed()).instantiate(name, at(name));

    it("because git doesn't know flake.nix is reported with the file", async () => {
        const { writeFlake, git } = await bed();
        const folder = await writeFlake(at("untracked"));
        await git(folder, "init", "--quiet");
        const failure = await failureIn(folder);
        assert.match(failure.kind, /^(?:untracked|not-in-source)$/);
        assert.match(failure.subject, /(?:^|\/)flake\.nix$/);
        await git(folder, "add", "--intent-to-add", "--all");
        await captureOf(folder);
    });

    it("because git doesn't know a file that it reads is reported with the file", async () => {
        const folder = await repository(at("untracked-import"), {
            expression: "import ./nix/shell.nix",
        });
        mkdirSync(join(folder, "nix"));
        writeFileSync(join(folder, "nix/shell.nix"), '{ SEEN = "1"; }');
        const failure = await failureIn(folder);
        assert.match(failure.kind, /^(?:untracked|not-in-source)$/);
        assert.match(failure.subject, /nix\/shell\.nix$|^nix$/);
    });

    it("because of a syntax error is reported with the place", async () => {
        const failure = await failureIn(await odd("syntax-error"));
        assert.equal(failure.kind, "syntax");
        assert.match(failure.place?.file ?? "", /flake\.nix$/);
        assert.equal(failure.place?.line, 3);
        assert.equal(failure.place.column, 23);
    });

    it("because it throws is reported with its own words", async () => {
        const failure = await failureIn(await odd("throws"));
        assert.match(failure.detail, /this dev shell is broken on purpose/);
    });

    it("because it builds something that fails is reported with the build's name", async () => {
        const failure = await failureIn(await odd("fails-to-build"));
        assert.equal(failure.kind, "builder-failed");
        assert.match(failure.subject, /broken-dependency/);
    });

    it("because of an input that isn't there is reported with the input", async () => {
        const folder = await repository(at("input"), {
            inputs: { missing: `path:${at("no-such-input")}` },
        });
        const failure = await failureIn(folder);
        assert.equal(failure.kind, "path-missing");
        assert.match(failure.subject + failure.detail, /no-such-input/);
    });

    it("because it is a link to elsewhere is reported", async () => {
        const folder = await repository(at("link"));
        renameSync(join(folder, "flake.nix"), at("elsewhere.nix"));
        symlinkSync(at("elsewhere.nix"), join(folder, "flake.nix"));
        const failure = await failureIn(folder);
        assert.match(failure.detail, /elsewhere\.nix|flake\.nix/);
    });

    it("leaves no temporary file behind", () => {
        for (const name of ["untracked", "syntax-error", "throws", "fails-to-build"]) {
            assert.deepEqual(readdirSync(temporaryOf(at(name))), [], name);
        }
    });
});

describe("a folder that is deleted meanwhile", () => {
    const at = suiteFolder();

    it("before is reported", async () => {
        const folder = await repository(at("before"));
        rmSync(folder, { recursive: true });
        assert.equal((await failureIn(folder)).kind, "folder-missing");
    });

    it("while nix evaluates is reported", async () => {
        const folder = await repository(at("during"));
        const request = await requestFor(folder, {
            onProgress: () => rmSync(folder, { recursive: true, force: true }),
        });
        await assert.rejects(capture(request), { name: "CaptureError" });
    });

    it("before the shellHook is reported", async () => {
        const folder = await repository(at("entering"));
        const failure = await failureIn(folder, {
            onProgress: ({ kind }) => {
                if (kind === "entering") rmSync(folder, { recursive: true });
            },
        });
        assert.equal(failure.kind, "folder-missing");
    });

    it("by the shellHook itself makes no difference", async () => {
        const folder = await repository(at("by-hook"), {
            hook: 'rm -rf "$PWD"; export SEEN=1',
        });
        assert.equal(inside(await captureOf(folder)).get("SEEN"), "1");
    });
});

describe("storage that can't be written", () => {
    const at = suiteFolder();

    it("is reported", async () => {
        const folder = await repository(at("flake"));
        writeFileSync(storageOf(folder), "a file");
        const request = { ...(await requestFor(folder)), fingerprint: "", watched: "" };
        const failure = await failureOf(takeSnapshot(request, undefined));
        assert.equal(failure.kind, "storage");
    });
});

describe("a home that isn't there", () => {
    const at = suiteFolder();

    it("makes no difference", async () => {
        const folder = await repository(at("flake"), { attributes: { SEEN: "1" } });
        const homeless = new Map([...base, ["HOME", at("home")], ["XDG_CACHE_HOME", at("cache")]]);
        const nix = await testedNix();
        const env = new Map([...nix.env, ["HOME", at("home")], ["XDG_CACHE_HOME", at("cache")]]);
        const captured = await captureOf(folder, { base: homeless, nix: { ...nix, env } });
        assert.equal(inside(captured, homeless).get("SEEN"), "1");
    });
});
