import assert from "node:assert/strict";
import { readdirSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { changeLock, type LockChange } from "../../src/core/lock/change";
import { listDevShells } from "../../src/core/nix/devShells";
import { KeptFlake } from "../../src/core/project/keptFlake";
import {
    bed,
    captureOf,
    changeOf,
    inside,
    repository,
    storageOf,
    suiteFolder,
    testedNix,
    type Flake,
} from "./bed";

const NAMES = [
    "with space",
    'double"quote',
    "o'neill's",
    "ha#sh",
    "ques?tion=1",
    "per%cent",
    "per%20cent",
    "größe 世界 🦀",
    "br[ack]et{s}",
    "back\\slash",
    "$HOME $(id) `id`",
    "a+b&c;d",
    "-leading-dash",
    "new\nline",
    "~",
];

const FLAKE: Flake = {
    hook: 'export WHERE="$PWD" WITH=hook',
    shells: { "second one": { attributes: { WITH: "second", name: "second" } } },
};

for (const kind of ["plain folder", "git repository"]) {
    describe(`a path of a ${kind}`, () => {
        const at = suiteFolder();
        const make = async (name: string): Promise<string> => {
            const folder = join(at("parent"), name);
            if (kind === "git repository") return repository(folder, FLAKE);
            return (await bed()).writeFlake(folder, FLAKE);
        };

        for (const name of NAMES) {
            it(`may be ${JSON.stringify(name)}`, async () => {
                const folder = await make(name);
                const captured = await captureOf(folder);
                assert.equal(inside(captured).get("WHERE"), folder);
                assert.equal(inside(captured).get("WITH"), "hook");
                const path = changeOf(captured, "PATH");
                assert.equal(path?.op, "prepend");
                assert.match(path.value, /^\/nix\/store\/[^:]*-stdenv\/bin$/);
                assert.ok(readdirSync(storageOf(folder)).includes("env"));

                const second = await captureOf(folder, { shell: "second one" });
                assert.equal(inside(second).get("WITH"), "second");
            });
        }

        it("doesn't matter to listing the dev shells", async () => {
            const nix = await testedNix();
            const folder = await make("to list: größe #?");
            assert.deepEqual(await listDevShells(nix, folder, undefined), [
                "default",
                "second one",
            ]);
        });
    });
}

describe("a git repository at an odd path", () => {
    const at = suiteFolder();

    it("is read as it is in the working tree", async () => {
        const { writeFlake } = await bed();
        const folder = await repository(at("with space"), { attributes: { SEEN: "committed" } });
        await writeFlake(folder, { attributes: { SEEN: "changed" } });
        assert.equal(inside(await captureOf(folder)).get("SEEN"), "changed");
    });

    it("may have its flake in a folder below", async () => {
        const { writeFlake, commit } = await bed();
        const root = at("größe");
        const folder = await writeFlake(join(root, "nix stuff/#1"), {
            expression: "{ SEEN = builtins.readFile ../../beside.txt; }",
            hook: 'export WHERE="$PWD"',
        });
        await writeFile(join(root, "beside.txt"), "from beside");
        await commit(root);
        const values = inside(await captureOf(folder));
        assert.equal(values.get("SEEN"), "from beside");
        assert.equal(values.get("WHERE"), folder);
    });

    it("may lie below another repository", async () => {
        await repository(at("outer one"), { attributes: { SEEN: "outer" } });
        const inner = await repository(at("outer one/inner one"), {
            attributes: { SEEN: "inner" },
        });
        assert.equal(inside(await captureOf(inner)).get("SEEN"), "inner");
    });

    it("leaves no temporary folder behind", async () => {
        const folder = await repository(at("leaves nothing"));
        const temporary = at("temporary");
        await mkdir(temporary);
        const before = process.env["TMPDIR"];
        process.env["TMPDIR"] = temporary;
        try {
            await captureOf(folder);
            await listDevShells(await testedNix(), folder, undefined);
        } finally {
            if (before === undefined) delete process.env["TMPDIR"];
            else process.env["TMPDIR"] = before;
        }
        assert.deepEqual(readdirSync(temporary), []);
    });
});

describe("a path with odd characters in the storage", () => {
    const at = suiteFolder();

    it("makes no difference", async () => {
        const folder = await repository(at("flake"), { attributes: { SEEN: "1" } });
        const storage = at("o'neill's störage \"#?%");
        const temporary = at("témp o'rary \"$x");
        await mkdir(temporary);
        const captured = await captureOf(folder, { storage, temporary });
        assert.equal(inside(captured).get("SEEN"), "1");
        assert.deepEqual(readdirSync(temporary), []);
    });
});

describe("a flake that is kept in a home folder that is a repository", () => {
    const at = suiteFolder();

    it("is entered, listed and locked, and the repository stays as it was", async () => {
        const { git, writeFlake, commit } = await bed();
        await mkdir(at("other"));
        await writeFile(at("other/flake.nix"), "{ outputs = _: { }; }\n");
        await commit(at("other"));
        await mkdir(at("home"));
        await writeFile(at("home/.profile"), "");
        await commit(at("home"));
        const kept = new KeptFlake(at("home/Application Support"), at("project"));
        kept.keep("");
        const folder = dirname(kept.project.flake ?? "");
        const other = `git+file://${at("other")}`;
        await writeFlake(folder, { ...FLAKE, inputs: { other } });

        const nix = await testedNix();
        const signal = undefined;
        const wishes: LockChange[] = [
            { kind: "lock" },
            { kind: "update", inputs: ["other"] },
            { kind: "update-all" },
        ];
        for (const wish of wishes) await changeLock({ nix, flakeFolder: folder, signal }, wish);
        assert.match(kept.texts?.["flake.lock"] ?? "", /"other"/);
        assert.equal(inside(await captureOf(folder)).get("WITH"), "hook");
        const shells = await listDevShells(nix, folder, signal);
        assert.deepEqual(shells, ["default", "second one"]);
        assert.equal(await git(at("home"), "ls-files"), ".profile\n");
    });
});
