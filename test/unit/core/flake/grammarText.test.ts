import assert from "node:assert/strict";
import fc from "fast-check";
import { grammarText } from "../../../../src/core/flake/grammarText";
import { countErrors, parseNix } from "../../../../src/core/flake/syntax";

describe("the text that the grammar gets", () => {
    const blanked: readonly (readonly [text: string, told: string])[] = [
        ["{ a, b, }: a", "{ a, b  }: a"],
        ["{ a, # one\n b, /* two */ # three\n }: a", "{ a, # one\n b  /* two */ # three\n }: a"],
        ["''a ''${b} ''' ''\\n ${c}''", "''a    {b}          ${c}''"],
        ["''$${a}''", "''  {a}''"],
        ['"$${a} \\${b} ${c}"', '"  {a} \\${b} ${c}"'],
        ['"a, }"', '"a, }"'],
        ["# a, }\n{ }", "# a, }\n{ }"],
        ["f' '' ''${x} ''", "f' ''    {x} ''"],
        ['"${"}"}, }"', '"${"}"}, }"'],
        ["./a/${b}.nix", "./a/xxxx.nix"],
        [
            '[ ./${a}-${b}/${"}"} a/b${c { d = 1; }}x ]',
            "[ ./xxxx-xxxx/xxxxxx a/bxxxxxxxxxxxxxxxx ]",
        ],
        ["{ true.url = true; } == true", "{ xxxx.url = true; } == true"],
        ["a.${b} c//d.${e} { ${f} = 1; }", "a.${b} c//d.${e} { ${f} = 1; }"],
    ];

    for (const [text, told] of blanked) {
        it(`of ${JSON.stringify(text)}`, () => assert.equal(grammarText(text), told));
    }

    it("is there at once, whatever comments there are", () => {
        for (const text of [
            `{ a, ${"/* x */ ".repeat(100)}b }: a`,
            `{ a, ${"/* x */\n# y\n".repeat(100)}b }: a`,
            "/*".repeat(200_000),
            `/* ${"x".repeat(5_000_000)}`,
        ]) {
            assert.equal(grammarText(text), text);
        }
    });

    it("is understood as a whole", async () => {
        const text = `{
  outputs = { self, nixpkgs, }: {
    hook = ''
      if [ "''\${A:-}" = "it's" ]; then echo ''\\n ''' "\${self}"; fi
    '';
    after = 1;
  };
}
`;
        assert.equal(countErrors(await parseNix(text)), 0);
        assert.equal(countErrors(await parseNix(text.replace("after =", "after"))), 1);
    });

    it("has every place where it was, whatever is typed", () => {
        const piece = fc.constantFrom(
            ..."{}$\"'\\,#/* \na".split(""),
            "''",
            "${",
            "''${",
            "'''",
            "/*",
            "*/",
        );
        fc.assert(
            fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
                const text = pieces.join("");
                const told = grammarText(text);
                assert.equal(told.length, text.length);
                for (const [i, letter] of [...told].entries()) {
                    assert.ok(letter === text[i] || letter === " " || letter === "x", text);
                }
            }),
        );
    });
});
