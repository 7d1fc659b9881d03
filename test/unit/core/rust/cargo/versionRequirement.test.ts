import assert from "node:assert/strict";
import { isSatisfiedBy } from "../../../../../src/core/rust/cargo/versionRequirement";

describe("what a version requirement accepts", () => {
    const cases: readonly (readonly [string, string, boolean])[] = [
        ["1.2", "1.2.0", true],
        ["1.2", "1.9.3", true],
        ["1.2", "1.1.9", false],
        ["1", "2.0.0", false],
        ["0.12", "0.12.9", true],
        ["0.12", "0.13.0", false],
        ["0.0.3", "0.0.4", false],
        ["^0.2.3", "0.2.10", true],
        ["~1.2.3", "1.3.0", false],
        ["=0.38.0", "0.38.0+1.3.281", true],
        [">=1.0, <3", "2.4.0", true],
        [">=1.0, <3", "3.0.0", false],
        ["*", "0.0.1-alpha", true],
        ["1.*", "1.7.0", true],
        ["", "1.0.0", true],
    ];
    for (const [requirement, version, expected] of cases) {
        it(`${requirement || "nothing"} and ${version}: ${expected ? "yes" : "no"}`, () => {
            assert.equal(isSatisfiedBy(requirement, version), expected);
        });
    }
});
