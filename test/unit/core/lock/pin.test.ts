import assert from "node:assert/strict";
import { parseLock, type LockFile } from "../../../../src/core/lock/lockFile";
import { lockedInputs } from "../../../../src/core/lock/lockedInputs";
import { isRevision, pinReference } from "../../../../src/core/lock/pin";
import { lockOf } from "./testLock";

const REVISION = "0123456789abcdef0123456789abcdef01234567";

describe("a pin", () => {
    it("takes full revisions only", () => {
        assert.ok(isRevision(REVISION));
        assert.ok(isRevision(REVISION + REVISION.slice(0, 24)));
        for (const text of ["", "1a2b3c4", "main", REVISION.toUpperCase(), `${REVISION}0`, " "]) {
            assert.ok(!isRevision(text), text);
        }
    });

    it("names the repository that the input is locked from", () => {
        const reference = (original: object, locked: object = original): string | undefined => {
            const lock = parseLock(lockOf({ a: { original, locked } })) as LockFile;
            const [input] = lockedInputs(lock);
            return input && pinReference(input, REVISION);
        };
        const nixpkgs = { type: "github", owner: "NixOS", repo: "nixpkgs" };
        const id = { type: "indirect", id: "nixpkgs" };
        const url = "ssh://git@example.org/a?x=y";
        assert.deepEqual(
            [
                reference({ ...nixpkgs, ref: "nixos-unstable" }),
                reference({ ...nixpkgs, type: "gitlab", owner: "a/b", host: "git.x.org" }),
                reference(id, nixpkgs),
                reference({ type: "git", url: "file:///a b", ref: "main" }),
                reference({ type: "git", url, dir: "sub" }, { type: "git", url, ref: "main" }),
                reference({ type: "path", path: "/a" }),
                reference({ type: "tarball", url: "https://x.org/a.tar.gz" }),
                reference({ type: "github", owner: 1 }),
            ],
            [
                `github:NixOS/nixpkgs/${REVISION}`,
                `gitlab:a%2Fb/nixpkgs/${REVISION}?host=git.x.org`,
                `github:NixOS/nixpkgs/${REVISION}`,
                `git+file:///a%20b?ref=main&rev=${REVISION}`,
                `git+${url}&ref=main&rev=${REVISION}&dir=sub`,
                undefined,
                undefined,
                undefined,
            ],
        );
    });
});
