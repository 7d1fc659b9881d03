import assert from "node:assert/strict";
import fc from "fast-check";
import { environmentOf, recordOf } from "../../../../src/core/environment/environment";

describe("environmentOf and recordOf", () => {
    it("leave undefined values out", () => {
        assert.deepEqual([...environmentOf({ A: "1", B: undefined })], [["A", "1"]]);
    });

    it("are each other's inverse, for any names", () => {
        fc.assert(
            fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (record) => {
                assert.deepEqual({ ...recordOf(environmentOf(record)) }, { ...record });
            }),
        );
    });

    it("keep a variable called __proto__", () => {
        assert.deepEqual(
            [...environmentOf(recordOf(new Map([["__proto__", "x"]])))],
            [["__proto__", "x"]],
        );
    });
});
