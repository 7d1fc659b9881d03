import assert from "node:assert/strict";
import fc from "fast-check";
import { apply, sameChanges, type Change } from "../../../../src/core/environment/change";

const PREPEND: Change = { op: "prepend", name: "PATH", value: "/new:/newer" };
const APPEND: Change = { op: "append", name: "PATH", value: "/last" };

const anyChange: fc.Arbitrary<Change> = fc.oneof(
    fc.record({ op: fc.constant("unset" as const), name: fc.string({ minLength: 1 }) }),
    fc.record({
        op: fc.constantFrom("set" as const, "prepend" as const, "append" as const),
        name: fc.string({ minLength: 1 }),
        value: fc.string(),
    }),
);

describe("apply", () => {
    it("sets, unsets, prepends and appends", () => {
        const base = new Map([
            ["PATH", "/bin"],
            ["GONE", "x"],
            ["KEPT", "y"],
        ]);
        const changes: Change[] = [
            PREPEND,
            APPEND,
            { op: "unset", name: "GONE" },
            { op: "set", name: "NEW", value: "" },
        ];
        assert.deepEqual(Object.fromEntries(apply(changes, base)), {
            PATH: "/new:/newer:/bin:/last",
            KEPT: "y",
            NEW: "",
        });
    });

    it("leaves no empty entry, which would mean the working directory, where the list was not there", () => {
        assert.equal(apply([PREPEND], new Map()).get("PATH"), "/new:/newer");
        assert.equal(apply([APPEND], new Map([["PATH", ""]])).get("PATH"), "/last");
    });

    it("does not touch the environment that it is given", () => {
        const base = new Map([["PATH", "/bin"]]);
        apply([PREPEND, { op: "set", name: "X", value: "1" }], base);
        assert.deepEqual([...base], [["PATH", "/bin"]]);
    });

    it("keeps names that mean something to JavaScript", () => {
        const changes: Change[] = [
            { op: "set", name: "__proto__", value: "a" },
            { op: "set", name: "constructor", value: "b" },
        ];
        assert.deepEqual(
            [...apply(changes, new Map())],
            [
                ["__proto__", "a"],
                ["constructor", "b"],
            ],
        );
    });
});

describe("sameChanges", () => {
    it("finds every list of changes the same as a copy of itself", () => {
        fc.assert(
            fc.property(fc.array(anyChange), (changes) => {
                assert.ok(sameChanges(changes, structuredClone(changes)));
            }),
        );
    });

    it("tells apart what differs in operation, name, value, order or length", () => {
        const a: Change[] = [PREPEND, APPEND];
        assert.ok(!sameChanges(a, [APPEND, PREPEND]));
        assert.ok(!sameChanges(a, [PREPEND]));
        assert.ok(!sameChanges([], a));
        assert.ok(!sameChanges([PREPEND], [{ ...PREPEND, op: "append" }]));
        assert.ok(!sameChanges([PREPEND], [{ ...PREPEND, name: "MANPATH" }]));
        assert.ok(!sameChanges([PREPEND], [{ ...PREPEND, value: "/new" }]));
        assert.ok(
            !sameChanges([{ op: "unset", name: "X" }], [{ op: "set", name: "X", value: "" }]),
        );
    });
});
