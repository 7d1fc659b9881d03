import assert from "node:assert/strict";
import { newestMinor, releaseOf, releaseTime } from "../../../../src/core/rust/releases";

const at = (day: string): number => Date.parse(`${day}T00:00:00Z`) / 1000;

describe("Rust's releases", () => {
    it("come on the days that they came", () => {
        const days = { 1: "2015-06-25", 31: "2018-12-06", 75: "2023-12-28", 85: "2025-02-20" };
        for (const [minor, day] of Object.entries(days)) {
            assert.equal(releaseTime(Number(minor)), at(day), minor);
            assert.equal(newestMinor(at(day)), Number(minor), day);
            assert.equal(newestMinor(at(day) - 1), Number(minor) - 1, day);
        }
        assert.equal(newestMinor(0), 0);
    });

    it("are what a channel names, unless it names whatever is newest", () => {
        assert.deepEqual(releaseOf("1.75"), { kind: "version", minor: 75, patch: undefined });
        assert.deepEqual(releaseOf("1.75.2"), { kind: "version", minor: 75, patch: 2 });
        assert.deepEqual(releaseOf("nightly-2026-01-31"), { kind: "nightly", date: "2026-01-31" });
        assert.deepEqual(releaseOf("beta-2026-01-31"), { kind: "beta", date: "2026-01-31" });
        for (const channel of [
            "stable",
            "nightly",
            "beta",
            "1",
            "2.0",
            "1.75.0-x86_64",
            "",
            "1.",
        ]) {
            assert.equal(releaseOf(channel), undefined, channel);
        }
    });
});
