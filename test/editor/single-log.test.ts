import assert from "node:assert/strict";
import { command, enter, logText, set, taskEnvironment, until } from "./bed";

describe("the log", () => {
    before(enter);
    after(() => set("log.nix", undefined));

    it("has names of variables and no values, however much of Nix's output it has", async () => {
        await set("log.nix", "verbose");
        await command("reload");
        await until("the log has been written", () => logText().includes("ATTRIBUTE_SECRET"));
        await until("the hook's output is in it", () => logText().includes("the secret is"));
        const log = logText();
        for (const name of ["ATTRIBUTE_SECRET", "HOOK_SECRET", "SECRETS_PATH"]) {
            assert.ok(log.includes(name), name);
            const value = (await taskEnvironment())[name];
            assert.ok(value, name);
            assert.ok(!log.includes(value), `the value of ${name} is in the log`);
        }
    });
});
