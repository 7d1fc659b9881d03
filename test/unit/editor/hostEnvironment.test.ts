import assert from "node:assert/strict";
import type { Change } from "../../../src/core/environment/change";
import { HostEnvironment } from "../../../src/editor/hostEnvironment";

const NAMES = [
    "NIX_RUST_TEST_A",
    "NIX_RUST_TEST_B",
    "NIX_RUST_TEST_PATH",
    "LD_NIX_RUST_TEST",
] as const;
const [A, B, LIST, KEPT] = NAMES;

describe("HostEnvironment", () => {
    const now = (): (string | undefined)[] => NAMES.map((name) => process.env[name]);

    beforeEach(() => {
        process.env[B] = "mine";
        process.env[LIST] = "/bin";
    });

    afterEach(() => {
        for (const name of NAMES) delete process.env[name];
    });

    const CHANGES: readonly Change[] = [
        { op: "set", name: A, value: "a=b\n'c' $(d) é" },
        { op: "unset", name: B },
        { op: "prepend", name: LIST, value: "/first" },
        { op: "append", name: LIST, value: "/last" },
        { op: "set", name: KEPT, value: "x" },
    ];

    it("puts the changes in place, but for what the host must not have, and takes them back", () => {
        const host = new HostEnvironment();
        host.replace(CHANGES);
        assert.deepEqual(now(), ["a=b\n'c' $(d) é", undefined, "/first:/bin:/last", undefined]);
        host.dispose();
        assert.deepEqual(now(), [undefined, "mine", "/bin", undefined]);
    });

    it("puts new changes in the place of old ones, not on top of them", () => {
        const host = new HostEnvironment();
        for (let i = 0; i < 3; i++) host.replace(CHANGES);
        assert.equal(process.env[LIST], "/first:/bin:/last");
        host.replace([{ op: "set", name: A, value: "2" }]);
        assert.deepEqual(now(), ["2", "mine", "/bin", undefined]);
        host.dispose();
    });

    it("leaves alone what somebody else changed meanwhile", () => {
        const host = new HostEnvironment();
        host.replace([{ op: "set", name: A, value: "ours" }]);
        process.env[A] = "theirs";
        host.dispose();
        assert.equal(process.env[A], "theirs");
    });

    it("leaves what somebody else added to a list, and takes its own out of it", () => {
        const host = new HostEnvironment();
        host.replace(CHANGES);
        process.env[LIST] = `/theirs:${process.env[LIST]}:/end`;
        host.replace(CHANGES);
        assert.equal(process.env[LIST], "/theirs:/first:/bin:/last:/end");
        host.replace([{ op: "prepend", name: LIST, value: "/other" }]);
        assert.equal(process.env[LIST], "/theirs:/other:/bin:/end");
        host.dispose();
        assert.equal(process.env[LIST], "/theirs:/bin:/end");
    });

    it("remembers the environment as it was before", () => {
        const host = new HostEnvironment();
        host.replace(CHANGES);
        assert.equal(host.base.get(B), "mine");
        assert.equal(host.base.has(A), false);
        host.dispose();
    });
});
