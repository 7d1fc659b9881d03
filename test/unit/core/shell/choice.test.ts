import assert from "node:assert/strict";
import { choiceIn, type Choice } from "../../../../src/core/shell/choice";

describe("what is remembered of a folder", () => {
    const all: Choice = {
        shell: "ci",
        wants: "out",
        ignoredDrift: ["modified"],
        flakeConfig: { digest: "abc", isAccepted: true },
    };

    it("is what the user chose", () => {
        assert.deepEqual(choiceIn(all), all);
        assert.deepEqual(choiceIn(JSON.parse(JSON.stringify(all))), all);
    });

    it("is nothing where it can't be read", () => {
        const nothing = { shell: undefined, wants: undefined };
        const odd: readonly unknown[] = [undefined, null, "ci", 5, [], [all], {}];
        for (const remembered of odd) assert.deepEqual(choiceIn(remembered), nothing);
    });

    it("is what of it can be read", () => {
        assert.deepEqual(choiceIn({ ...all, shell: 5 }), { ...all, shell: undefined });
        assert.deepEqual(choiceIn({ ...all, wants: true }), { ...all, wants: undefined });
        assert.deepEqual(choiceIn({ ...all, ignoredDrift: ["modified", {}, 1] }), all);
        for (const ignoredDrift of ["modified", {}, 1, null]) {
            assert.equal(choiceIn({ ...all, ignoredDrift }).ignoredDrift, undefined);
        }
    });

    it("is no consent to a flake's settings unless it says so", () => {
        for (const flakeConfig of [true, "abc", null, { digest: "abc", isAccepted: "no" }, {}]) {
            assert.equal(choiceIn({ ...all, flakeConfig }).flakeConfig, undefined);
        }
    });
});
