import assert from "node:assert/strict";
import fc from "fast-check";
import { shellInstallable } from "../../../../src/core/nix/flakeReference";

// What nix 2.8.0 and 2.34.8 were asked, and answered with the right attribute.
const UNDERSTOOD: Readonly<Record<string, string>> = {
    default: ".#default",
    "with-dash_1'": ".#with-dash_1'",
    "a b": '.#"a%20b"',
    "a.b": '.#"a.b"',
    a$b: '.#"a%24b"',
    "a\\b": '.#"a%5Cb"',
    "a%20b": '.#"a%2520b"',
    "a^b": '.#"a%5Eb"',
    "a#b": '.#"a%23b"',
    "a?b": '.#"a%3Fb"',
    "a/b": '.#"a%2Fb"',
    é: '.#"%C3%A9"',
    "1a": '.#"1a"',
    "x*y": '.#"x*y"',
};

describe("shellInstallable", () => {
    it("means the default dev shell where none is named", () => {
        assert.equal(shellInstallable(".", undefined), ".");
    });

    for (const [name, installable] of Object.entries(UNDERSTOOD)) {
        it(`writes ${JSON.stringify(name)} as nix reads it`, () => {
            assert.equal(shellInstallable(".", name), installable);
        });
    }

    it("never lets a name end its quotes, split the address or name another output", () => {
        fc.assert(
            fc.property(fc.string(), (name) => {
                const written = shellInstallable(".", name).slice(".#".length);
                if (!written.startsWith('"')) return assert.match(written, /^[A-Za-z_][\w'-]*$/);
                const inside = written.slice(1, -1);
                assert.doesNotMatch(inside, /["\\$#?^&; \n]/);
                assert.equal(decodeURIComponent(inside), name);
            }),
        );
    });
});
