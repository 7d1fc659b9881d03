import assert from "node:assert/strict";
import { inputHover } from "../../../../src/core/flake/inputHover";
import { github, lockOf } from "../lock/testLock";

const REVISION = "1".repeat(40);
const LOCK = lockOf(
    {
        nixpkgs: github("NixOS/nixpkgs", "1"),
        b: github("o/b", "2", { c: "c" }),
        c: github("o/c", "3"),
    },
    { nixpkgs: "nixpkgs", b: "b", same: ["b", "c"] },
);

const TEXT = `{
    inputs.nixpkgs.url = "github:NixOS/nixpkgs"; # here
    inputs.b = { url = "github:o/b"; };
    inputs.b.inputs.c.follows = "nixpkgs";
    inputs.same.follows = "b/c";
    inputs.computed.url = "github:\${owner}/x";
    outputs = { self, nixpkgs, ... }: { };
}`;

/** The hover over the last occurrence of a word, with what it covers. */
async function over(
    word: string,
    options: { text?: string; lockText?: string | undefined } = {},
): Promise<{ text: string; covered: string } | undefined> {
    const { text, lockText } = { text: TEXT, lockText: LOCK, ...options };
    const hover = await inputHover(text, text.lastIndexOf(word) + 1, {
        lockText,
        folder: "file:///work/app",
        now: (1_700_000_000 + 12 * 24 * 60 * 60) * 1000,
    });
    return hover && { text: hover.text, covered: text.slice(hover.place.from, hover.place.to) };
}

describe("inputHover", () => {
    it("tells age, revision and place of an input, with what can be done to it", async () => {
        const hover = await over("github:NixOS");
        assert.equal(hover?.covered, 'inputs.nixpkgs.url = "github:NixOS/nixpkgs";');
        const [title, revision, changed, from, actions] = hover.text.split("\n\n");
        assert.equal(title, "**nixpkgs**");
        assert.equal(revision, `Revision \`${REVISION}\``);
        assert.equal(changed, "Last changed 2023-11-14, 12 days ago");
        assert.equal(from, "Locked from `github:NixOS/nixpkgs`");
        assert.match(
            actions ?? "",
            /^\[Update\]\(command:nixRust\.updateInput\?\S+\) · \[Copy Revision\]\(\S+\) · \[Open in Browser\]\(\S+\)$/,
        );
        const [, query = ""] = /updateInput\?([^)]+)\)/.exec(actions ?? "") ?? [];
        assert.deepEqual(JSON.parse(decodeURIComponent(query)), [
            {
                folder: "file:///work/app",
                input: "nixpkgs",
                revision: REVISION,
                page: `https://github.com/NixOS/nixpkgs/tree/${REVISION}`,
            },
        ]);
    });

    it("is there on every binding of an input, and where the outputs take it", async () => {
        assert.match((await over("c.follows"))?.text ?? "", /^\*\*b\*\*\n/);
        assert.equal((await over("nixpkgs, ..."))?.covered, "nixpkgs");
        assert.equal(await over("self"), undefined);
        assert.equal(await over("# here"), undefined);
    });

    it("tells what an input follows, and offers no update of it", async () => {
        const hover = await over('"b/c"');
        assert.match(
            hover?.text ?? "",
            /The same as `b\/c`, which it follows\.\n\nRevision `3{40}`/,
        );
        assert.doesNotMatch(hover?.text ?? "", /Update/);
    });

    it("says unknown for what has to be evaluated", async () => {
        assert.match(
            (await over("owner"))?.text ?? "",
            /unknown: it can't be read without evaluating/,
        );
        const text = "{ inputs = import ./inputs.nix; outputs = _: { }; }";
        const hover = await over("inputs =", { text });
        assert.equal(hover?.covered, "inputs");
        assert.match(hover.text, /can't be read without evaluating the flake/);
        assert.equal(await over("outputs", { text }), undefined);
    });

    it("tells where the lock has no such input, another one, or can't be read", async () => {
        const missing = await over("github:NixOS", { lockText: undefined });
        assert.match(
            missing?.text ?? "",
            /flake\.lock does not have it yet\.\n\n\[Lock Flake\]\(command:nixRust\.lock\?/,
        );
        const text = '{ inputs.b.url = "github:o/b/dev"; }';
        assert.match(
            (await over("o/b", { text }))?.text ?? "",
            /from another place than flake\.nix says/,
        );
        const broken = await over("github:NixOS", { lockText: "{" });
        assert.match(broken?.text ?? "", /can't be read/);
    });

    it("shows no name of the workspace as anything but text", async () => {
        const text = '{ inputs."[x](command:y)".url = "github:o/b"; }';
        assert.ok((await over("o/b", { text }))?.text.startsWith("**\\[x\\]\\(command:y\\)**"));
    });
});
