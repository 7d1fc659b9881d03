import assert from "node:assert/strict";
import { existsSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { withTemporaryFolder } from "../../../src/core/temporaryFolder";
import { testFolder } from "../testFolder";

describe("withTemporaryFolder", () => {
    const parent = testFolder();

    it("gives a folder that only this user can read, and removes it with all that is in it", async () => {
        const seen = await withTemporaryFolder(parent.path, async (folder) => {
            assert.equal(dirname(folder), parent.path);
            assert.equal(statSync(folder).mode & 0o777, 0o700);
            writeFileSync(join(folder, "file"), "x");
            return folder;
        });
        assert.ok(!existsSync(seen));
    });

    it("removes it after a failure too, and passes that on", async () => {
        let seen = "";
        const failure = withTemporaryFolder(parent.path, async (folder) => {
            seen = folder;
            throw new Error("the work failed");
        });
        await assert.rejects(failure, /the work failed/);
        assert.ok(seen !== "" && !existsSync(seen));
    });

    it("names the folder by its real path, as programs inside will see it", async () => {
        const link = join(parent.path, "link");
        symlinkSync(parent.folder("real"), link);
        await withTemporaryFolder(link, async (folder) => {
            assert.equal(dirname(folder), join(parent.path, "real"));
        });
    });

    it("gives two pieces of work at once a folder each", async () => {
        const folders = await Promise.all(
            [1, 2, 3].map(() => withTemporaryFolder(parent.path, async (folder) => folder)),
        );
        assert.equal(new Set(folders).size, 3);
    });
});
