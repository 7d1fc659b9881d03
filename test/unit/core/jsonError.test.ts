import assert from "node:assert/strict";
import fc from "fast-check";
import { jsonErrorOffset } from "../../../src/core/jsonError";

describe("jsonErrorOffset", () => {
    it("finds the place where a text stops being JSON", () => {
        const cases: readonly [string, number][] = [
            ["", 0],
            ["x", 0],
            ["{", 1],
            ['{"a"', 4],
            ['{"a" 1}', 5],
            ['{"a": }', 6],
            ['{"a": 1,}', 8],
            ['{"a": 1 "b"}', 8],
            ["[1, 2", 5],
            ["[1,]", 3],
            ["[1} ", 2],
            ['"a\nb"', 0],
            ["1 2", 2],
            ['{"a": [1, {"b": tru}]}', 16],
        ];
        for (const [text, offset] of cases) assert.equal(jsonErrorOffset(text), offset, text);
    });

    it("agrees with JSON.parse on what is JSON", () => {
        const mostlyJson = fc.oneof(
            fc.json(),
            fc.tuple(fc.json(), fc.nat(), fc.constantFrom(...'{}[],:"1 a')).map(([text, at, c]) => {
                const cut = text.length === 0 ? 0 : at % text.length;
                return text.slice(0, cut) + c + text.slice(cut + 1);
            }),
        );
        fc.assert(
            fc.property(mostlyJson, (text) => {
                let isJson = true;
                try {
                    JSON.parse(text);
                } catch {
                    isJson = false;
                }
                assert.equal(jsonErrorOffset(text) === undefined, isJson);
            }),
        );
    });
});
