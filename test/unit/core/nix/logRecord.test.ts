import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLogRecord, stripControls } from "../../../../src/core/nix/logRecord";

const record = (json: object): string => `@nix ${JSON.stringify(json)}`;

describe("parseLogRecord", () => {
    it("reads each kind of record", () => {
        assert.deepEqual(
            parseLogRecord(
                record({ action: "start", id: 1, parent: 2, type: 105, text: "t", fields: ["f"] }),
            ),
            { action: "start", id: "1", parent: "2", type: 105, text: "t", fields: ["f"] },
        );
        assert.deepEqual(parseLogRecord(record({ action: "stop", id: 1 })), {
            action: "stop",
            id: "1",
        });
        assert.deepEqual(
            parseLogRecord(record({ action: "result", id: 1, type: 105, fields: [1, 2] })),
            {
                action: "result",
                id: "1",
                type: 105,
                fields: [1, 2],
            },
        );
        const message = { level: 0, msg: "m", raw_msg: "r", file: "f", line: 3, column: 4 };
        assert.deepEqual(parseLogRecord(record({ action: "msg", ...message })), {
            action: "message",
            level: 0,
            text: "m",
            raw: "r",
            file: "f",
            line: 3,
            column: 4,
        });
    });

    it("reads records of nix 2.8, which have neither parents nor empty fields", () => {
        assert.deepEqual(parseLogRecord(record({ action: "start", id: 1, type: 0, text: "t" })), {
            action: "start",
            id: "1",
            parent: "0",
            type: 0,
            text: "t",
            fields: [],
        });
    });

    it("reads null as a place that is not known", () => {
        const message = parseLogRecord(
            record({ action: "msg", level: 0, msg: "m", file: null, line: null, column: null }),
        );
        assert.ok(message?.action === "message");
        assert.deepEqual(
            [message.file, message.line, message.column],
            [undefined, undefined, undefined],
        );
    });

    it("tells ids apart that JavaScript's numbers can't", () => {
        const a = parseLogRecord('@nix {"action":"stop","id":9007199254740993}');
        const b = parseLogRecord('@nix {"action":"stop","id":9007199254740992}');
        assert.ok(a?.action === "stop" && b?.action === "stop");
        assert.notEqual(a.id, b.id);
        const child = parseLogRecord(
            '@nix {"action":"start","id":18014398509481985,"level":4,"parent":18014398509481987,"text":"","type":101}',
        );
        assert.ok(child?.action === "start");
        assert.deepEqual([child.id, child.parent], ["18014398509481985", "18014398509481987"]);
    });

    it("does not take an id out of a text that looks like a record", () => {
        const text = 'x "id":99,"parent":98 y';
        const start = parseLogRecord(
            `@nix {"action":"start","fields":[${JSON.stringify(text)}],"id":5,"level":3,"parent":6,"text":${JSON.stringify(text)},"type":105}`,
        );
        assert.ok(start?.action === "start");
        assert.deepEqual([start.id, start.parent], ["5", "6"]);
    });

    it("takes half a record for none", () => {
        const whole = record({ action: "msg", level: 3, msg: "hello" });
        for (let length = 0; length < whole.length; length++) {
            assert.equal(parseLogRecord(whole.slice(0, length)), undefined, whole.slice(0, length));
        }
    });

    it("takes other lines, unknown actions and other JSON for none", () => {
        for (const line of [
            "",
            "hello",
            " @nix {}",
            '{"action":"stop","id":1}',
            "@nix ",
            "@nix null",
            "@nix 5",
            "@nix []",
            '@nix "stop"',
            "@nix {}",
            record({ action: "dance", id: 1 }),
            record({ action: 5 }),
        ]) {
            assert.equal(parseLogRecord(line), undefined, line);
        }
    });

    it("never throws, whatever the line", () => {
        fc.assert(
            fc.property(fc.oneof(fc.json(), fc.string()), (text) => {
                parseLogRecord(`@nix ${text}`);
            }),
        );
        fc.assert(
            fc.property(
                fc.constantFrom("start", "stop", "result", "msg"),
                fc.object(),
                (action, rest) => {
                    assert.equal(typeof parseLogRecord(record({ ...rest, action })), "object");
                },
            ),
        );
    });

    it("strips colours and other control sequences from messages", () => {
        const message = parseLogRecord(
            record({
                action: "msg",
                level: 0,
                msg: "\u001b[31;1merror:\u001b[0m bad",
                raw_msg: "\u001b[1mbad",
            }),
        );
        assert.ok(message?.action === "message");
        assert.deepEqual([message.text, message.raw], ["error: bad", "bad"]);
    });
});

describe("stripControls", () => {
    it("removes colours, cursor movements, titles and links", () => {
        assert.equal(
            stripControls("\u001b[35;1mred\u001b[0m \u001b[2K\u001b[1A\u001b[?25lx"),
            "red x",
        );
        assert.equal(stripControls("\u001b]0;a title\u0007text"), "text");
        assert.equal(
            stripControls("\u001b]8;;https://example.org\u001b\\link\u001b]8;;\u001b\\"),
            "link",
        );
        assert.equal(stripControls("\u001b(Bplain\u001b="), "plain");
    });

    it("keeps tabs, newlines and everything that is text", () => {
        const text = "a\tb\nc é 🦀 [0m ]0; $HOME";
        assert.equal(stripControls(text), text);
    });

    it("leaves no control character behind, even of sequences that are cut off", () => {
        assert.equal(stripControls("a\u001b"), "a");
        assert.equal(stripControls("a\u001b["), "a");
        assert.equal(stripControls("bell\u0007 back\b carriage\r"), "bell back carriage");
        const bytes = fc.string({
            unit: fc.integer({ min: 0, max: 255 }).map((n) => String.fromCharCode(n)),
        });
        fc.assert(
            fc.property(bytes, (text) => {
                assert.doesNotMatch(
                    stripControls(text),
                    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/,
                );
            }),
        );
    });
});
