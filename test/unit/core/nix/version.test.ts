import assert from "node:assert/strict";
import { hasFlakes, parseNixVersion } from "../../../../src/core/nix/version";

describe("parseNixVersion", () => {
    it("reads what Nix, Lix and Determinate Nix print", () => {
        assert.deepEqual(parseNixVersion("nix (Nix) 2.34.8\n"), {
            implementation: "nix",
            major: 2,
            minor: 34,
            text: "2.34.8",
        });
        assert.deepEqual(parseNixVersion("nix (Lix, like Nix) 2.95.3\nSystem type: x\n"), {
            implementation: "lix",
            major: 2,
            minor: 95,
            text: "2.95.3",
        });
        assert.deepEqual(parseNixVersion("nix (Determinate Nix 3.22.2) 2.35.2\n"), {
            implementation: "determinate",
            major: 2,
            minor: 35,
            text: "2.35.2",
        });
    });

    it("reads versions between releases, and of two numbers", () => {
        assert.equal(parseNixVersion("nix (Nix) 2.36.0pre20260801_abc123\n")?.minor, 36);
        assert.equal(parseNixVersion("nix (Nix) 2.4\n")?.text, "2.4");
        assert.equal(parseNixVersion("nix (Lix, like Nix) 2.94.0-dev\n")?.text, "2.94.0-dev");
    });

    it("reads the version below warnings", () => {
        assert.equal(parseNixVersion("warning: unknown setting 'x'\nnix (Nix) 2.8.0\n")?.minor, 8);
    });

    it("takes nothing else for a version", () => {
        for (const junk of [
            "",
            "2.34.8",
            "nix (Other) 2.3",
            "git version 2.39.5",
            "nix (Nix) x",
            "\0",
        ]) {
            assert.equal(parseNixVersion(junk), undefined, junk);
        }
    });
});

describe("hasFlakes", () => {
    const has = (text: string): boolean => {
        const version = parseNixVersion(`nix (Nix) ${text}`);
        return version !== undefined && hasFlakes(version);
    };

    it("holds from 2.4 on", () => {
        assert.deepEqual(["2.4", "2.18.1", "3.0.0"].map(has), [true, true, true]);
        assert.deepEqual(["2.3.16", "1.11.16"].map(has), [false, false]);
    });

    it("holds for every Lix and Determinate Nix", () => {
        for (const output of ["nix (Lix, like Nix) 2.90.0", "nix (Determinate Nix 3.0.0) 2.3.0"]) {
            const version = parseNixVersion(output);
            assert.ok(version !== undefined && hasFlakes(version));
        }
    });
});
