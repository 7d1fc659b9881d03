import assert from "node:assert/strict";
import { inputLenses } from "../../../../src/core/flake/inputLenses";
import { github, lockOf } from "../lock/testLock";

/** Twelve days after the inputs of test locks have changed. */
const NOW = (1_700_000_000 + 12 * 24 * 60 * 60) * 1000;

const LOCK = lockOf(
    {
        nixpkgs: github("NixOS/nixpkgs", "1"),
        b: github("o/b", "2", { c: "c" }),
        c: github("o/c", "3"),
    },
    { nixpkgs: "nixpkgs", b: "b", same: ["b", "c"] },
);

/** Each lens as "LINE: text | offer", the line's text trimmed. */
async function drawn(text: string, lock: string | undefined = LOCK): Promise<string[]> {
    return (await inputLenses(text, lock, NOW)).map(({ at, text: title, offer }) => {
        const [line = ""] = text.slice(at).split("\n");
        return `${line.trim()} → ${title}${offer === undefined ? "" : ` | ${offer}`}`;
    });
}

describe("inputLenses", () => {
    it("stand above each input, in every spelling of it", async () => {
        const lens = "nixpkgs 1111111 · 12 days old | update";
        for (const [text, line] of [
            ['{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; }', "inputs.nixpkgs.url"],
            ["{\n  inputs.nixpkgs.url = github:NixOS/nixpkgs;\n}", "inputs.nixpkgs.url"],
            ['{\n inputs = {\n  # x\n  nixpkgs.url = "github:NixOS/nixpkgs"; }; }', "nixpkgs.url"],
            ['{ inputs = { nixpkgs = {\n url = "github:NixOS/nixpkgs"; }; }; }', "nixpkgs = {"],
            [
                '{ inputs."nixpkgs" = { /* a */ url = "github:NixOS/nixpkgs"; }; }',
                'inputs."nixpkgs"',
            ],
            ['# é𝄞\r\n{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; }', "inputs.nixpkgs.url"],
            [
                '{ inputs.nixpkgs = { type = "github"; owner = "NixOS"; repo = "nixpkgs"; }; }',
                "inputs.nixpkgs",
            ],
        ] as const) {
            const found = await drawn(text);
            assert.equal(found.length, 1, text);
            assert.ok(found[0]?.startsWith(line) && found[0].endsWith(` → ${lens}`), found[0]);
        }
    });

    it("offer to update what is locked, to lock what is not, and nothing for what follows", async () => {
        const text = `{
            inputs = {
                nixpkgs.url = "github:NixOS/nixpkgs";
                b.url = "github:o/b";
                same.follows = "b/c";
                files = { url = "git+ssh://git@example.org/x"; flake = false; };
                here.url = "path:./here";
            };
        }`;
        assert.deepEqual(
            (await drawn(text)).map((line) => line.replace(/^.* → /, "")),
            [
                "nixpkgs 1111111 · 12 days old | update",
                "b 2222222 · 12 days old | update",
                "b/c 3333333 · 12 days old",
                "files is not locked | lock",
                "here is not locked | lock",
            ],
        );
    });

    it("tell what is locked as something else than the text says now", async () => {
        assert.deepEqual(await drawn('{ inputs.b.url = "github:o/b/dev"; }'), [
            'inputs.b.url = "github:o/b/dev"; } → b is locked as something else | lock',
        ]);
        assert.deepEqual(await drawn('{ inputs.b.follows = "nixpkgs"; }'), [
            'inputs.b.follows = "nixpkgs"; } → b is locked as something else | lock',
        ]);
    });

    it("stand in the arguments of outputs for an input that only these name", async () => {
        const lock = lockOf({ nixpkgs: { locked: { type: "github", rev: "1".repeat(40) } } });
        assert.deepEqual(await drawn("{ outputs = { self, nixpkgs }: { }; }", lock), [
            "nixpkgs }: { }; } → nixpkgs 1111111 | update",
        ]);
    });

    it("are none for what has to be evaluated, and where the lock can't be read", async () => {
        assert.deepEqual(await drawn('{ inputs.b.url = "github:${owner}/b"; }'), []);
        assert.deepEqual(await drawn("{ inputs = import ./inputs.nix; }"), []);
        assert.deepEqual(await drawn('{ inputs.b.follows = ""; }'), []);
        assert.deepEqual(await drawn('{ inputs.b.url = "github:o/b"; }', "<<<<<<< HEAD"), []);
        assert.deepEqual(await drawn(""), []);
    });
});
