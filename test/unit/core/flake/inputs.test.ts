import assert from "node:assert/strict";
import fc from "fast-check";
import { declaredInputs, type DeclaredInput } from "../../../../src/core/flake/inputs";

const NIXPKGS = { type: "github", owner: "NixOS", repo: "nixpkgs" };

const input = async (text: string): Promise<DeclaredInput | undefined> =>
    (await declaredInputs(text))?.[0];
const names = async (text: string): Promise<string[] | undefined> =>
    (await declaredInputs(text))?.map(({ name }) => name);

describe("declaredInputs", () => {
    it("reads every spelling of an input's address", async () => {
        const spellings = [
            '{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; }',
            "{ inputs.nixpkgs.url = github:NixOS/nixpkgs; }",
            '{ inputs = { nixpkgs.url = "github:NixOS/nixpkgs"; }; }',
            '{ inputs = { nixpkgs = { url = "github:NixOS/nixpkgs"; }; }; }',
            '{ inputs.nixpkgs = { url = "github:NixOS/nixpkgs"; }; }',
            '{ inputs."nixpkgs".url = "github:NixOS/nixpkgs"; }',
            '{ inputs = { "nixpkgs" = { "url" = ("github:NixOS/nixpkgs"); }; }; }',
            '{ inputs.nixpkgs = { type = "github"; owner = "NixOS"; repo = "nixpkgs"; }; }',
            "{ inputs.nixpkgs.url = ''github:NixOS/nixpkgs''; }",
            '# a\n{\r\n  /* b */ inputs . nixpkgs # c\r\n . url = "github:NixOS/nixpkgs"; }',
            'rec { inputs.nixpkgs.url = "github:NixOS/nixpkgs"; }',
            '({ inputs = ({ nixpkgs.url = "github:NixOS/nixpkgs"; }); })',
        ];
        for (const text of spellings) {
            const found = await input(text);
            assert.equal(found?.name, "nixpkgs", text);
            assert.deepEqual(found.reference, NIXPKGS, text);
        }
    });

    it("reads what follows what, at the input and below it", async () => {
        const text = `{
          inputs = {
            a.follows = "b/c";
            b = { url = "path:/b"; inputs.nixpkgs.follows = "nixpkgs"; inputs = { x.follows = ""; }; };
          };
          inputs.b.inputs.y.follows = "a";
        }`;
        const [a, b] = (await declaredInputs(text)) ?? [];
        assert.deepEqual(a?.follows, ["b", "c"]);
        assert.deepEqual(
            [...(b?.overrides ?? [])],
            [
                ["nixpkgs", ["nixpkgs"]],
                ["x", []],
                ["y", ["a"]],
            ],
        );
        assert.equal(text.slice(a.from, (a.from ?? 0) + 9), "a.follows");
    });

    it("knows the inputs that only the arguments of outputs name", async () => {
        const text =
            '{ inputs.a.url = "path:/a"; outputs = inputs@{ self, a, nixpkgs, ... }: { }; }';
        const [, implied] = (await declaredInputs(text)) ?? [];
        assert.deepEqual(implied?.reference, { type: "indirect", id: "nixpkgs" });
        assert.equal(implied.from, undefined);
        assert.deepEqual(await names("{ outputs = { self, x, }: { }; }"), ["x"]);
        assert.deepEqual(await names("{ outputs = inputs: { }; }"), []);
        assert.deepEqual(await names("{ outputs = { self }@inputs: { }; }"), []);
    });

    it("does not guess what has to be evaluated", async () => {
        for (const text of [
            "let x = 1; in { inputs = { }; }",
            "import ./flake-body.nix",
            "{ inputs = import ./inputs.nix; }",
            "{ inputs = { inherit (x) nixpkgs; }; }",
            '{ inputs.${"a"}.url = "path:/a"; }',
            "",
            "[ ]",
        ]) {
            assert.equal(await declaredInputs(text), undefined, text);
        }
        const computed = await input('{ inputs.a.url = "github:${owner}/x"; }');
        assert.deepEqual([computed?.name, computed?.reference], ["a", undefined]);
        assert.equal(
            (await input('{ inputs.a = { url = "path:/a"; x = y; }; }'))?.reference,
            undefined,
        );
    });

    it("never fails, whatever is typed", async () => {
        const piece = fc.constantFrom(
            ..."{}[]();=.\"'$\\@?:,# \n".split(""),
            "inputs",
            "url",
            "''",
            "${",
            "let ",
            "outputs",
            "a",
        );
        await fc.assert(
            fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
                await declaredInputs(pieces.join(""));
            }),
        );
    });
});
