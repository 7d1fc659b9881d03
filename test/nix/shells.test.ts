import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { listDevShells } from "../../src/core/nix/devShells";
import {
    base,
    bed,
    captureOf,
    changeOf,
    failureIn,
    failureOf,
    inside,
    repository,
    suiteFolder,
    testedNix,
} from "./bed";

describe("several dev shells", () => {
    const at = suiteFolder();
    let folder: string;
    const names = ["ci", "with-dash", "with'apostrophe", "größe", "with.dot", "with space"];
    const odd = ["with#hash", "50%25", "a$b", "${a}", "back\\slash", "a^b", "a?b", "1st", "a/b"];

    before(async () => {
        const all = [...names, ...odd];
        folder = await repository(at("flake"), {
            attributes: { WHICH: "the default one" },
            shells: Object.fromEntries(
                all.map((name) => [
                    name,
                    { expression: `{ WHICH = "number ${all.indexOf(name)}"; name = "shell"; }` },
                ]),
            ),
        });
    });

    it("are listed, the default one first", async () => {
        const found = await listDevShells(await testedNix(), folder, undefined);
        assert.equal(found[0], "default");
        assert.deepEqual(found.slice(1).sort(), [...names, ...odd].sort());
    });

    it("are entered by no name", async () => {
        assert.equal(inside(await captureOf(folder)).get("WHICH"), "the default one");
    });

    for (const name of [...names, ...odd]) {
        it(`are entered by the name ${name}`, async () => {
            const captured = await captureOf(folder, { shell: name });
            const number = [...names, ...odd].indexOf(name);
            assert.equal(inside(captured).get("WHICH"), `number ${number}`);
        });
    }

    it("don't include one of another name", async () => {
        const failure = await failureIn(folder, { shell: "no-such-shell" });
        assert.equal(failure.kind, "no-attr");
        assert.match(failure.subject + failure.detail, /no-such-shell/);
    });

    for (const name of ['quo"te', "", 'a" --option x "y', "--help", "."]) {
        it(`are never something else than a shell: ${JSON.stringify(name)}`, async () => {
            const failure = await failureIn(folder, { shell: name });
            assert.match(failure.kind, /^(?:no-attr|not-derivation|eval-other)$/);
        });
    }
});

describe("a flake without dev shells", () => {
    const at = suiteFolder();

    it("lists none", async () => {
        const folder = await (await bed()).instantiate("only-a-package", at("none"));
        assert.deepEqual(await listDevShells(await testedNix(), folder, undefined), []);
        assert.equal((await failureIn(folder)).kind, "no-attr");
    });

    it("is entered through its default package", async () => {
        const { nixSystem, onPath } = await bed();
        const bash = await onPath("bash");
        const folder = await repository(at("package"), {
            text: `{
                outputs = { self }: {
                    packages.${nixSystem()}.default = derivation {
                        name = "a-package";
                        system = "${nixSystem()}";
                        builder = "${bash}";
                        args = [ "-c" "echo > $out" ];
                        outputs = [ "out" ];
                        stdenv = ./stdenv;
                        OF_PACKAGE = "yes";
                    };
                };
            }`,
        });
        assert.deepEqual(await listDevShells(await testedNix(), folder, undefined), []);
        assert.equal(inside(await captureOf(folder)).get("OF_PACKAGE"), "yes");
    });

    it("for this system lists none, and says so when it is entered", async () => {
        const folder = await (await bed()).instantiate("no-shell-for-system", at("other-system"));
        assert.deepEqual(await listDevShells(await testedNix(), folder, undefined), []);
        const failure = await failureIn(folder);
        assert.equal(failure.kind, "no-attr");
        assert.match(failure.subject + failure.detail, new RegExp((await bed()).nixSystem()));
    });
});

describe("listing dev shells", () => {
    const at = suiteFolder();

    it("reports a flake that can't be read", async () => {
        const folder = await (await bed()).instantiate("syntax-error", at("syntax"));
        const failure = await failureOf(listDevShells(await testedNix(), folder, undefined));
        assert.equal(failure.kind, "syntax");
    });

    it("evaluates none of them", async () => {
        const folder = await repository(at("throws"), {
            expression: 'throw "evaluated"',
            shells: { other: { expression: 'throw "evaluated"' } },
        });
        assert.deepEqual(await listDevShells(await testedNix(), folder, undefined), [
            "default",
            "other",
        ]);
    });

    it("is not stopped for one by another that is cancelled", async () => {
        const folder = await repository(at("two"), { shells: { other: {} } });
        // A nix of its own, as each is asked only once what the system is called.
        const tested = await testedNix();
        symlinkSync(tested.executable, at("nix"));
        const nix = { ...tested, executable: at("nix") };
        const controller = new AbortController();
        const cancelled = listDevShells(nix, folder, controller.signal);
        const other = listDevShells(nix, folder, undefined);
        controller.abort();
        await assert.rejects(cancelled, { name: "AbortError" });
        assert.deepEqual(await other, ["default", "other"]);
    });
});

describe("the environment that a shell is entered from", () => {
    const at = suiteFolder();

    it("is not that of an outer dev shell", async () => {
        const folder = await repository(at("flake"), { hook: "export SEEN=${OUTER-nothing}" });
        const outer = new Map([...base, ["IN_NIX_SHELL", "impure"]]);
        const captured = await captureOf(folder, { base: outer });
        assert.equal(inside(captured, outer).get("SEEN"), "nothing");
        assert.equal(inside(captured, outer).get("IN_NIX_SHELL"), "impure");
    });

    it("may be nearly empty", async () => {
        const folder = await repository(at("empty"), { hook: "export SEEN=$HOME" });
        const captured = await captureOf(folder, { base: new Map([["HOME", "/nowhere"]]) });
        assert.equal(changeOf(captured, "SEEN")?.op, "set");
        const path = changeOf(captured, "PATH");
        assert.equal(path?.op, "prepend");
        assert.match(path.value, /^\/nix\/store\/[^:]*-stdenv\/bin$/);
    });

    it("may have a PATH with folders that aren't there", async () => {
        const folder = await repository(at("path"), {});
        const path = `/no such folder::relative:${base.get("PATH")}:`;
        const odd = new Map([...base, ["PATH", path]]);
        const captured = await captureOf(folder, { base: odd });
        const change = changeOf(captured, "PATH");
        assert.equal(change?.op, "prepend");
        assert.equal(inside(captured, odd).get("PATH"), `${change.value}:${path}`);
    });
});
