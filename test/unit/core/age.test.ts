import assert from "node:assert/strict";
import { timeBetween } from "../../../src/core/age";

describe("timeBetween", () => {
    it("uses the coarsest unit that says something", () => {
        const hour = 3_600;
        const day = 24 * hour;
        const cases: readonly (readonly [number, string])[] = [
            [0, "less than a minute"],
            [60, "1 minute"],
            [hour - 1, "59 minutes"],
            [hour, "1 hour"],
            [2 * day - 1, "47 hours"],
            [2 * day, "2 days"],
            [91 * day, "91 days"],
            [100 * day, "3 months"],
            [729 * day, "23 months"],
            [3 * 366 * day, "3 years"],
        ];
        for (const [seconds, text] of cases) {
            assert.equal(timeBetween(1_700_000_000, 1_700_000_000 + seconds), text);
            assert.equal(timeBetween(1_700_000_000 + seconds, 1_700_000_000), text);
        }
    });
});
