import assert from "node:assert/strict";
import { enter, atStart, withoutEditor, set, taskEnvironment, untilHost } from "./bed";

describe("the settings of the environment", () => {
    before(enter);
    afterEach(async () => {
        const names = ["environment.extensionHost", "environment.keepOut", "environment.letIn"];
        for (const name of names) await set(name, undefined);
        await untilHost("GREETING", "Hello");
        await untilHost("SOURCE_DATE_EPOCH", atStart["SOURCE_DATE_EPOCH"]);
    });

    it("take the extension host's environment back, and leave terminals and tasks theirs", async () => {
        await set("environment.extensionHost", false);
        await untilHost("GREETING", undefined);
        assert.deepEqual(withoutEditor(process.env), withoutEditor(atStart));
        assert.equal((await taskEnvironment())["GREETING"], "Hello");
    });

    it("keep a variable out at once", async () => {
        await set("environment.keepOut", ["GREET*"]);
        await untilHost("GREETING", undefined);
        const seen = await taskEnvironment();
        assert.equal(seen["GREETING"], undefined);
        assert.equal(seen["ATTRIBUTE_SECRET"], "secret-of-an-attribute");
    });

    it("let a variable in at once", async () => {
        await set("environment.letIn", ["SOURCE_DATE_EPOCH"]);
        await untilHost("SOURCE_DATE_EPOCH", "315532800");
        assert.equal((await taskEnvironment())["SOURCE_DATE_EPOCH"], "315532800");
    });

    it("give the extension host back what it had when they are changed at the same time", async () => {
        await Promise.all([
            set("environment.extensionHost", false),
            set("environment.keepOut", ["GREETING"]),
        ]);
        await untilHost("GREETING", undefined);
        await set("environment.keepOut", undefined);
        await set("environment.extensionHost", undefined);
        await untilHost("GREETING", "Hello");
    });
});
