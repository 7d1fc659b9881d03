import assert from "node:assert/strict";
import { chmodSync, lstatSync, readdirSync, readFileSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { restoreLock } from "../../../../src/core/lock/change";
import { testFolder } from "../../testFolder";

describe("putting a lock back", () => {
    const folder = testFolder();

    it("leaves a link a link, and its file as readable as it was", () => {
        const shared = folder.write("shared.lock", "new");
        chmodSync(shared, 0o640);
        folder.folder("app");
        const file = join(folder.path, "app/flake.lock");
        symlinkSync("../shared.lock", file);
        restoreLock(file, Buffer.from("old"));
        assert.ok(lstatSync(file).isSymbolicLink());
        assert.equal(readFileSync(shared, "utf8"), "old");
        assert.equal(statSync(shared).mode & 0o777, 0o640);
        assert.deepEqual(readdirSync(folder.path).sort(), ["app", "shared.lock"]);
        assert.deepEqual(readdirSync(join(folder.path, "app")), ["flake.lock"]);
    });

    it("writes it where there is none, and takes it away where there was none", () => {
        const file = join(folder.path, "flake.lock");
        restoreLock(file, Buffer.from("old"));
        assert.equal(readFileSync(file, "utf8"), "old");
        restoreLock(file, undefined);
        assert.deepEqual(readdirSync(folder.path), []);
    });
});
