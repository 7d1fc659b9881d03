import assert from "node:assert/strict";
import { environmentReport } from "../../../../src/core/environment/report";
import { aSnapshot } from "../aSnapshot";

const SNAPSHOT = aSnapshot({
    changes: [
        { op: "set", name: "API_TOKEN", value: "s3cret-token" },
        { op: "set", name: "KEY", value: "first-line\nsecond-line" },
        { op: "set", name: "LD_PRELOAD", value: "/nix/lib/preloaded.so" },
        { op: "prepend", name: "LD_LIBRARY_PATH", value: "/nix/hidden/lib" },
        { op: "append", name: "MANPATH", value: "/nix/hidden/man" },
        { op: "unset", name: "CARGO_HOME" },
    ],
    omitted: [{ name: "TMPDIR", reason: "temporary" }],
    toolchain: {
        rustc: "/nix/rust/bin/rustc",
        version: "rustc 1.97.1 (8bab26f4f 2026-07-14)",
        sysroot: "/nix/rust",
        tools: { rustc: "/nix/rust/bin/rustc" },
        hasSource: true,
    },
});

const VALUES = [
    "s3cret-token",
    "first-line",
    "second-line",
    "/nix/lib/preloaded.so",
    "/nix/hidden/lib",
    "/nix/hidden/man",
];

describe("environmentReport", () => {
    it("never shows a value while values are masked", () => {
        const report = environmentReport("Title", SNAPSHOT, "masked");
        for (const value of VALUES) assert.ok(!report.includes(value), value);
        assert.match(report, /^Values are masked.*“Nix: Show or Hide Values”/m);
    });

    it("shows every value when asked to", () => {
        const report = environmentReport("Title", SNAPSHOT, "shown");
        for (const value of VALUES) assert.ok(report.includes(value), value);
        assert.doesNotMatch(report, /masked/);
    });

    it("names every variable either way, and why each one was left out", () => {
        for (const values of ["masked", "shown"] as const) {
            const report = environmentReport("Title", SNAPSHOT, values);
            for (const { name } of SNAPSHOT.changes) assert.ok(report.includes(name), name);
            assert.match(report, /^TMPDIR: points into a temporary folder/m);
            assert.match(report, /^Title\n/);
            assert.match(report, /Read at 2026-01-02T03:04:05\.000Z with Nix 2\.34\.8\./);
            assert.match(report, /rustc 1\.97\.1 .*, at \/nix\/rust/);
        }
    });

    it("marks everything that the extension host does not get, however it is changed", () => {
        const report = environmentReport("Title", SNAPSHOT, "masked");
        for (const name of ["LD_PRELOAD", "LD_LIBRARY_PATH"]) {
            const line = report.split("\n").find((text) => text.startsWith(name));
            assert.match(line ?? "", /\(\*\)/, name);
        }
        assert.equal(report.match(/^\(\*\) only in terminals/gm)?.length, 1);
        assert.doesNotMatch(report, /^API_TOKEN.*\(\*\)/m);
    });

    it("does not let a value of several lines look like more variables", () => {
        assert.match(
            environmentReport("Title", SNAPSHOT, "shown"),
            /^KEY=first-line\n {4}second-line$/m,
        );
    });

    it("says so where the dev shell has no Rust, and has no empty sections", () => {
        const empty = { ...SNAPSHOT, changes: [], omitted: [], toolchain: undefined };
        const report = environmentReport("Title", empty, "masked");
        assert.match(report, /The dev shell has no Rust\./);
        assert.doesNotMatch(report, /^#/m);
    });
});
