import assert from "node:assert/strict";
import { targetOf } from "../../../../src/core/view/target";

describe("targetOf", () => {
    it("takes a target, or a line that has one", () => {
        const target = { folder: "file:///a", input: "nixpkgs" };
        assert.deepEqual(targetOf(target), target);
        assert.deepEqual(targetOf({ id: "x", target }), target);
    });

    it("takes what is no text for not given, whatever the argument is", () => {
        for (const argument of [
            undefined,
            null,
            1,
            "a",
            [],
            { input: 1, page: {} },
            { target: null },
        ]) {
            assert.deepEqual(targetOf(argument), {});
        }
    });
});
