import assert from "node:assert/strict";
import { parseFlakeRef, sameReference } from "../../../../src/core/lock/flakeRef";

const REV = "0123456789012345678901234567890123456789";

describe("parseFlakeRef", () => {
    /** As `nix flake lock` writes them under "original"; run on 2.34.8 but for the web addresses. */
    const references: Readonly<Record<string, object | undefined>> = {
        "github:a/b": { type: "github", owner: "a", repo: "b" },
        "github:a/b/main": { type: "github", owner: "a", repo: "b", ref: "main" },
        "github:a/b/feature/x": { type: "github", owner: "a", repo: "b", ref: "feature/x" },
        [`github:a/b/${REV}`]: { type: "github", owner: "a", repo: "b", rev: REV },
        "github:a/b?ref=main&dir=sub": {
            type: "github",
            owner: "a",
            repo: "b",
            ref: "main",
            dir: "sub",
        },
        "gitlab:group%2Fsub/b": { type: "gitlab", owner: "group/sub", repo: "b" },
        "sourcehut:~a/b": { type: "sourcehut", owner: "~a", repo: "b" },
        "git+ssh://git@host/a.git?ref=main": {
            type: "git",
            url: "ssh://git@host/a.git",
            ref: "main",
        },
        "git+file:///a/b": { type: "git", url: "file:///a/b" },
        "git+https://h/a?submodules=1": { type: "git", url: "https://h/a", submodules: "1" },
        "path:/a b": { type: "path", path: "/a b" },
        "path:./sub": { type: "path", path: "./sub" },
        "./sub": { type: "path", path: "./sub" },
        nixpkgs: { type: "indirect", id: "nixpkgs" },
        "flake:nixpkgs/nixos-24.05": { type: "indirect", id: "nixpkgs", ref: "nixos-24.05" },
        "https://h/a.tar.gz": { type: "tarball", url: "https://h/a.tar.gz" },
        "tarball+https://h/a": { type: "tarball", url: "https://h/a" },
        "https://h/a.txt": { type: "file", url: "https://h/a.txt" },
        "hg+https://h/a": undefined,
        "": undefined,
    };
    for (const [text, attributes] of Object.entries(references)) {
        it(`reads ${text || "nothing"}`, () => assert.deepEqual(parseFlakeRef(text), attributes));
    }
});

describe("sameReference", () => {
    const same = (a: object, b: object): boolean | undefined => sameReference({ ...a }, { ...b });

    it("tells references apart by what they ask for", () => {
        const one = { type: "github", owner: "a", repo: "b" };
        assert.equal(same(one, { ...one }), true);
        assert.equal(same(one, { ...one, repo: "c" }), false);
        assert.equal(same(one, { ...one, ref: "main" }), false);
    });

    it("takes spellings that mean the same for the same", () => {
        const git = { type: "git", url: "file:///a" };
        assert.equal(same({ ...git, ref: "main" }, { ...git, ref: "refs/heads/main" }), true);
        assert.equal(same({ ...git, submodules: "1" }, { ...git, submodules: true }), true);
        assert.equal(same({ ...git, shallow: false }, git), true);
        const web = { type: "file", url: "https://h/a" };
        assert.equal(same(web, { ...web, type: "tarball" }), true);
    });

    it("does not know where a relative path was resolved", () => {
        assert.equal(
            same({ type: "path", path: "./a" }, { type: "path", path: "/x/a" }),
            undefined,
        );
        assert.equal(same({ type: "path", path: "/a" }, { type: "path", path: "/b" }), false);
    });
});
