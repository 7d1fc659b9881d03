import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { childrenOf } from "../../../src/core/processEnvironment";
import { until } from "../until";

describe("childrenOf", () => {
    it("tells each child's arguments and the environment that it was started with", async function () {
        if (process.platform !== "linux") this.skip(); // Only /proc can be asked.
        const env = { PATH: process.env["PATH"], ODD: "a=b\nc é" };
        const child = spawn("sleep", ["600"], { env });
        const found = () => childrenOf(process.pid)?.find(({ pid }) => pid === child.pid);
        try {
            await until("the program is started", () => found()?.arguments[0] === "sleep");
            assert.deepEqual(found()?.arguments, ["sleep", "600"]);
            assert.equal(found()?.environment.get("ODD"), "a=b\nc é");
        } finally {
            child.kill("SIGKILL");
        }
    });

    it("has no answer about a process that is not there", () => {
        assert.equal(childrenOf(2 ** 30), undefined);
    });
});
