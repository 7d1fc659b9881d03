import assert from "node:assert/strict";
import { command, enter, resolvedDebugConfiguration } from "./bed";

describe("a debugged program", () => {
    before(enter);

    for (const type of ["lldb", "lldb-dap", "gdb"]) {
        it(`has the dev shell's environment below its own with ${type}`, async () => {
            const env = { GREETING: "Mine", OTHER: "1" };
            const seen = (await resolvedDebugConfiguration({ type, env }))["env"] as Record<
                string,
                string
            >;
            assert.equal(seen["GREETING"], "Mine");
            assert.equal(seen["OTHER"], "1");
            assert.equal(seen["LD_LIBRARY_PATH"], "/lib/of-the-dev-shell");
            assert.match(seen["PATH"] ?? "", /^\/nix\/store\//);
        });
    }

    it("has it with lldb-dap where launch.json has a list", async () => {
        const seen = (
            await resolvedDebugConfiguration({ type: "lldb-dap", env: ["GREETING=Mine"] })
        )["env"] as string[];
        assert.ok(seen.includes("ATTRIBUTE_SECRET=secret-of-an-attribute"));
        assert.equal(seen.at(-1), "GREETING=Mine");
    });

    it("has it with cppdbg, which takes a list of pairs", async () => {
        const environment = [{ name: "GREETING", value: "Mine" }];
        const seen = (await resolvedDebugConfiguration({ type: "cppdbg", environment }))[
            "environment"
        ];
        assert.ok(Array.isArray(seen));
        assert.deepEqual(seen.at(-1), { name: "GREETING", value: "Mine" });
        assert.ok(
            seen.some(
                ({ name, value }) =>
                    name === "LD_LIBRARY_PATH" && value === "/lib/of-the-dev-shell",
            ),
        );
    });

    it("has it with cppdbg where launch.json says nothing", async () => {
        const { environment } = await resolvedDebugConfiguration({ type: "cppdbg" });
        assert.ok(Array.isArray(environment), JSON.stringify(environment));
    });

    it("is left alone when the debugger attaches to it", async () => {
        assert.equal((await resolvedDebugConfiguration({ request: "attach" }))["env"], undefined);
    });

    it("is left alone outside the dev shell", async () => {
        await command("leave");
        assert.equal((await resolvedDebugConfiguration({}))["env"], undefined);
    });
});
