import assert from "node:assert/strict";
import fc from "fast-check";
import { DUMP_END, DUMP_START, parseDump } from "../../../../src/core/environment/dump";

function dumpOf(...records: (string | Buffer)[]): Buffer {
    return Buffer.concat(
        [DUMP_START, ...records, DUMP_END].flatMap((record) => [
            Buffer.from(record as string),
            Buffer.of(0),
        ]),
    );
}

const name = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_%]*$/);
const value = fc
    .string({ unit: "grapheme" })
    .map((text) => text.replaceAll("\0", ""))
    .filter((text) => Buffer.from(text).toString() === text);

describe("parseDump", () => {
    it("reads back any environment", () => {
        fc.assert(
            fc.property(fc.uniqueArray(fc.tuple(name, value), { selector: ([n]) => n }), (all) => {
                const dump = parseDump(dumpOf(...all.map(([n, v]) => `${n}=${v}`)));
                assert.deepEqual([...(dump?.variables ?? [])], all);
                assert.deepEqual(dump?.notText, []);
            }),
        );
    });

    it("keeps newlines, equal signs, quotes and what a shell would expand", () => {
        const text = `a=b\n"c" 'd' \`e\` $(f) \${g} \\ é 🦀`;
        assert.equal(parseDump(dumpOf(`V=${text}`, "E="))?.variables.get("V"), text);
        assert.equal(parseDump(dumpOf(`V=${text}`, "E="))?.variables.get("E"), "");
    });

    it("keeps a value that begins with a byte order mark", () => {
        assert.equal(parseDump(dumpOf("V=\ufeffx"))?.variables.get("V"), "\ufeffx");
    });

    it("is not confused by values that contain the marker texts", () => {
        const dump = parseDump(dumpOf(`A=${DUMP_END}`, `B=x\n${DUMP_END}\n${DUMP_START}`, "C=1"));
        assert.deepEqual(
            [...(dump?.variables ?? [])],
            [
                ["A", DUMP_END],
                ["B", `x\n${DUMP_END}\n${DUMP_START}`],
                ["C", "1"],
            ],
        );
    });

    it("takes a dump that is cut off anywhere for no dump at all", () => {
        const whole = dumpOf("A=1", "B=2");
        for (let length = 0; length < whole.length; length++) {
            assert.equal(parseDump(whole.subarray(0, length)), undefined, `${length} bytes`);
        }
        assert.notEqual(parseDump(whole), undefined);
    });

    it("takes bytes without the header for no dump at all", () => {
        const whole = dumpOf("A=1");
        assert.equal(parseDump(whole.subarray(1)), undefined);
        assert.equal(parseDump(Buffer.from(`A=1\0${DUMP_END}\0`)), undefined);
    });

    it("names variables whose values are not UTF-8, and reads the others", () => {
        const dump = parseDump(dumpOf(Buffer.from("BAD=\xff\xfe", "latin1"), "GOOD=é"));
        assert.deepEqual(dump?.notText, ["BAD"]);
        assert.deepEqual([...(dump?.variables ?? [])], [["GOOD", "é"]]);
    });

    it("skips records that are no variables", () => {
        const dump = parseDump(dumpOf("no equal sign", "=no name", "", "A=1"));
        assert.deepEqual([...(dump?.variables ?? [])], [["A", "1"]]);
    });

    it("reads a value of 1 MB and thousands of variables", () => {
        const big = "x".repeat(1 << 20);
        const many = Array.from({ length: 5_000 }, (_, i) => `V${i}=${i}`);
        const dump = parseDump(dumpOf(`BIG=${big}`, ...many));
        assert.equal(dump?.variables.get("BIG"), big);
        assert.equal(dump?.variables.size, 5_001);
    });
});
