import assert from "node:assert/strict";
import { parseLock, type LockFile } from "../../../../src/core/lock/lockFile";
import { sourcePath } from "../../../../src/core/nix/storePath";
import { originOf, sourceTree } from "../../../../src/core/problem/origin";

const HASH = `sha256-${Buffer.alloc(32, 7).toString("base64")}`;
const REV = "0123456789abcdef0123456789abcdef01234567";

function lock(): LockFile {
    const parsed = parseLock(
        JSON.stringify({
            version: 7,
            root: "root",
            nodes: {
                root: { inputs: { overlay: "overlay" } },
                overlay: { inputs: { nixpkgs: "nixpkgs" }, locked: { rev: REV } },
                nixpkgs: { locked: { narHash: HASH } },
            },
        }),
    );
    assert.ok("nodes" in parsed);
    return parsed;
}

describe("originOf", () => {
    const tree = sourceTree("/home/me/project", lock(), "/nix/store");
    const store = "/nix/store/0000000000000000000000000000000a-source";

    it("maps a copy in the store to the work tree, subfolders included", () => {
        assert.deepEqual(originOf(`${store}/sub/flake.nix`, tree), {
            kind: "own",
            file: "/home/me/project/sub/flake.nix",
        });
    });

    it("takes a file of the work tree as it is, and no other file of the machine", () => {
        const file = "/home/me/project/nix/shell.nix";
        assert.deepEqual(originOf(file, tree), { kind: "own", file });
        assert.equal(originOf("/home/me/project-2/flake.nix", tree), undefined);
        assert.equal(originOf("/etc/nix/x.nix", tree), undefined);
    });

    it("knows an input by its hash, and by its revision, with the path that leads to it", () => {
        assert.deepEqual(originOf(`${sourcePath(HASH, "/nix/store")}/lib/default.nix`, tree), {
            kind: "input",
            input: "overlay/nixpkgs",
            file: "lib/default.nix",
        });
        assert.deepEqual(originOf(`«github:oxalica/rust-overlay/${REV}»/lib/x.nix`, tree), {
            kind: "input",
            input: "overlay",
            file: "lib/x.nix",
        });
    });

    it("takes nothing for a file that is none", () => {
        assert.equal(originOf("«string»", tree), undefined);
        assert.equal(originOf("", tree), undefined);
    });
});
