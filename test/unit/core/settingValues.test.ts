import assert from "node:assert/strict";
import { numberFrom, textFrom, textsFrom, wordFrom } from "../../../src/core/settingValues";

const ODD: readonly unknown[] = [undefined, null, true, {}, [], ["a"], 0, "", NaN, 1e999];

describe("the values of settings", () => {
    it("are texts where texts are wanted", () => {
        assert.equal(textFrom("/bin/nix", ""), "/bin/nix");
        for (const odd of ODD) assert.equal(typeof textFrom(odd, ""), "string");
    });

    it("are lists of texts where those are wanted, and a text alone is none", () => {
        assert.deepEqual(textsFrom(["--impure", 1, null, ["x"], "--offline"]), [
            "--impure",
            "--offline",
        ]);
        for (const odd of [...ODD.filter((it) => !Array.isArray(it)), "--impure"]) {
            assert.deepEqual(textsFrom(odd), []);
        }
    });

    it("are numbers that are allowed", () => {
        const bounds = { least: 1, most: 100, otherwise: 60 };
        const numbers = [5, -5, 0, 0.5, 1e9, 1e999, NaN, "5", null].map((value) =>
            numberFrom(value, bounds),
        );
        assert.deepEqual(numbers, [5, 1, 1, 1, 100, 100, 60, 60, 60]);
    });

    it("are one of the words that are known", () => {
        const words = ["automatic", "manual"] as const;
        assert.equal(wordFrom("manual", words), "manual");
        for (const odd of [...ODD, "Manual"]) assert.equal(wordFrom(odd, words), "automatic");
    });
});
