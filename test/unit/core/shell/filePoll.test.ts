import assert from "node:assert/strict";
import { mkdirSync, symlinkSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { FilePoll } from "../../../../src/core/shell/filePoll";
import { testFolder } from "../../testFolder";

describe("FilePoll", () => {
    const folder = testFolder();
    let poll: FilePoll;
    beforeEach(() => {
        poll = new FilePoll();
        folder.write("a", "1");
        poll.watch([join(folder.path, "a"), join(folder.path, "missing")]);
    });

    it("finds each change once, and none where there is none", async () => {
        assert.equal(await poll.hasChanged(), false);
        const path = join(folder.path, "missing");
        for (const change of [
            () => folder.write("a", "longer"),
            () => utimesSync(join(folder.path, "a"), new Date(0), new Date("2099-01-01")),
            () => folder.remove("a"),
            () => folder.write("missing"),
            () => folder.remove("missing"),
            () => mkdirSync(path),
        ]) {
            change();
            assert.equal(await poll.hasChanged(), true, String(change));
            assert.equal(await poll.hasChanged(), false);
        }
    });

    it("takes a link to nowhere for what is missing", async () => {
        assert.equal(await poll.hasChanged(), false);
        symlinkSync("nowhere", join(folder.path, "missing"));
        assert.equal(await poll.hasChanged(), false);
    });

    it("goes by how files were when it was told of them, and by no others", async () => {
        assert.equal(await poll.hasChanged(), false);
        folder.write("b", "1");
        folder.write("a", "longer");
        poll.watch([join(folder.path, "b")]);
        assert.equal(await poll.hasChanged(), false);
        folder.write("a", "longer still");
        assert.equal(await poll.hasChanged(), false);
        folder.write("b", "longer");
        // Being told of the same ones again makes nothing known.
        poll.watch([join(folder.path, "b")]);
        assert.equal(await poll.hasChanged(), true);
    });
});
