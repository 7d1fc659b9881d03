import assert from "node:assert/strict";
import { sourcePath } from "../../../../src/core/nix/storePath";

describe("sourcePath", () => {
    it("is the path that nix 2.34 gave to a folder with that hash", () => {
        const hash = "sha256-h4gyzSK14DjhF7cBN4VY+Km2ytc4Gg5tV6noZdNPhaY=";
        const path = "/nix/store/ms37m6i4z2hfa1lm7a6lch7lw9vcr26l-source";
        assert.equal(sourcePath(hash, "/nix/store"), path);
    });

    it("takes no other kind of hash", () => {
        for (const hash of [
            "",
            "sha256-",
            "sha256-AAAA",
            "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=",
            "junk",
        ]) {
            assert.equal(sourcePath(hash, "/nix/store"), undefined, hash);
        }
    });

    it("is a path of 32 digits in the store, another one for each hash and store", () => {
        const hash = (digit: string): string => `sha256-${digit.repeat(43)}=`;
        const paths = ["A", "B", "/"].flatMap((digit) =>
            ["/nix/store", "/home/me/store"].map((store) => sourcePath(hash(digit), store)),
        );
        assert.equal(new Set(paths).size, paths.length);
        for (const path of paths)
            assert.match(path ?? "", /\/store\/[0-9a-df-np-sv-z]{32}-source$/);
    });
});
