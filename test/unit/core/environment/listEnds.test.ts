import assert from "node:assert/strict";
import { carries, exchanged } from "../../../../src/core/environment/listEnds";

describe("a list that others add to", () => {
    it("still has what it was given, as whole entries and in one piece", () => {
        for (const found of ["/a:/b", "/x:/a:/b", "/a:/b:/y", "/x:/a:/b:/y"]) {
            assert.ok(carries(found, "/a:/b"), found);
        }
        for (const found of [undefined, "", "/a", "/b:/a", "/a:/x:/b", "/x/a:/b", "/a:/bin"]) {
            assert.ok(!carries(found, "/a:/b"), found);
        }
    });

    it("is no list where it was given a single value", () => {
        assert.ok(carries("x", "x") && carries(undefined, undefined));
        assert.ok(!carries("x:y", "x") && !carries("x", undefined));
        assert.equal(exchanged("x:y", "x", "z"), undefined);
    });

    it("keeps what others added where it is given something else", () => {
        assert.equal(exchanged("/x:/a:/b:/y", "/a:/b", "/c"), "/x:/c:/y");
        assert.equal(exchanged("/x:/a:/b", "/a:/b", undefined), "/x");
        assert.equal(exchanged("/a:/b:/y", "/a:/b", "/c:/d"), "/c:/d:/y");
        assert.equal(exchanged("/b:/a", "/a:/b", "/c"), undefined);
    });
});
