import assert from "node:assert/strict";
import fc from "fast-check";
import { explain } from "../../../../src/core/failure/explain";
import { recogniseNix } from "../../../../src/core/failure/recognise";
import { recordedFailures } from "./recorded";

const MISSING =
    "error: attribute 'rust-bin' missing\n       at /nix/store/0000000000000000000000000000000a-source/flake.nix:5:23:\n";
const MISSING_RECORD =
    '@nix {"action":"msg","column":23,"file":"/w/flake.nix:5:23","level":0,"line":5,"msg":"\\u001b[31;1merror:\\u001b[0m attribute \'\\u001b[35;1mrust-bin\\u001b[0m\' missing","raw_msg":"x"}';

describe("standard error that is not as it should be", function () {
    // Processor time is what is measured; the clock says how busy the machine is.
    this.timeout(30_000);

    it("finds a failure at the end of 100 MB in a moment", () => {
        const line = "building '/nix/store/0000000000000000000000000000000a-x.drv'...\n";
        const stderr = line.repeat(Math.ceil(100e6 / line.length)) + MISSING;
        const start = process.cpuUsage();
        assert.equal(recogniseNix({ exitCode: 1, stderr }).kind, "missing-attr");
        const elapsed = process.cpuUsage(start).user / 1000;
        assert.ok(elapsed < 1900, `${elapsed} ms`);
    });

    it("finds a failed build at the beginning of 100 MB", () => {
        const failed =
            "error: builder for '/nix/store/0000000000000000000000000000000a-x.drv' failed with exit code 1;\n";
        const stderr = failed + "copying path\n".repeat(8e6);
        const { kind, subject } = recogniseNix({ exitCode: 100, stderr });
        assert.deepEqual([kind, subject], ["builder-failed", "x"]);
    });

    for (const [name, piece] of Object.entries({
        "one line without an end": "x",
        quotes: "'",
        "quotes and errors": "error: '",
        "errors without words": "error:\n",
        "lines that end in positions": "error: x at /a:1:",
        "retries that are never told": "warning: unable to download 'x'\nerror: y\n",
        records: '@nix {"action":"msg","level":0,"msg":"error: x"}\n',
        "records in one line": '@nix {"action":"msg","level":0,"msg":"error: x"}',
        "half records": '@nix {"action":"msg","level":0,"msg":"error: attr',
        "spaces and bars": "error: a\n   |   \n",
        "escape characters": "\u001b]\u001b[",
    })) {
        it(`takes time in proportion only: ${name}`, () => {
            const stderr = piece.repeat(Math.ceil(6e6 / piece.length));
            const start = process.cpuUsage();
            recogniseNix({ exitCode: 1, stderr });
            const elapsed = process.cpuUsage(start).user / 1000;
            assert.ok(elapsed < 1900, `${elapsed} ms`);
        });
    }

    it("reads the part of a record that was cut off", () => {
        for (let length = MISSING_RECORD.indexOf("missing") + 7; length > 0; length++) {
            if (length > MISSING_RECORD.length) break;
            const stderr = `${MISSING_RECORD.slice(0, length)}\n`;
            assert.equal(recogniseNix({ exitCode: 1, stderr }).kind, "missing-attr", stderr);
        }
    });

    it("reads a record that begins within a line, or that someone wrote behind", () => {
        for (const stderr of [`hook: ${MISSING_RECORD}\n`, `${MISSING_RECORD}hook\n`]) {
            assert.equal(recogniseNix({ exitCode: 1, stderr }).kind, "missing-attr");
        }
    });

    it("prefers nix's records to lines of others that look like errors", () => {
        const stderr = `error: syntax error, unexpected end\n${MISSING_RECORD}\n`;
        assert.equal(recogniseNix({ exitCode: 1, stderr }).kind, "missing-attr");
    });

    it("reads coloured text, text with carriage returns, and text that is not UTF-8", () => {
        const coloured =
            "\u001b[31;1merror:\u001b[0m attribute '\u001b[35;1mrust-bin\u001b[0m' missing\r\n";
        const invalid = Buffer.concat([Buffer.from([0xff, 0xfe, 0x0a]), Buffer.from(MISSING)]);
        for (const stderr of [coloured, invalid.toString("utf8")]) {
            const { kind, subject } = recogniseNix({ exitCode: 1, stderr });
            assert.deepEqual([kind, subject], ["missing-attr", "rust-bin"]);
        }
    });

    it("takes nothing for a failure that nix itself takes for none", () => {
        const stderr = [
            "warning: Git tree '/w' is dirty",
            "warning: error: unable to download 'https://x': HTTP error 503",
            "",
            "       response body:",
            "",
            "error: <html>; retrying in 266 ms",
            "error (ignored): error: cannot find flake 'flake:nixpkgs' in the flake registries",
            '@nix {"action":"msg","level":0,"msg":"warning: error: attribute \'x\' missing"}',
            '@nix {"action":"msg","level":0,"msg":"error (ignored): error: attribute \'x\' missing"}',
        ].join("\n");
        assert.equal(recogniseNix({ exitCode: 0, stderr }).kind, "no-failure");
        assert.equal(recogniseNix({ exitCode: 1, stderr }).kind, "eval-other");
        assert.equal(
            recogniseNix({ exitCode: 1, stderr: stderr + "\n" + MISSING }).kind,
            "missing-attr",
        );
    });

    it("says what it can where nix said nothing", () => {
        const kindOf = (exitCode: number) => recogniseNix({ exitCode, stderr: "" }).kind;
        assert.equal(kindOf(1), "eval-other");
        assert.equal(kindOf(100), "builder-failed");
        assert.equal(kindOf(101), "builder-timeout");
        assert.equal(kindOf(102), "hash-mismatch");
        assert.equal(kindOf(126), "nix-unusable");
        assert.equal(kindOf(127), "nix-missing");
        assert.equal(kindOf(130), "interrupted");
        assert.equal(kindOf(143), "interrupted");
        assert.equal(kindOf(134), "nix-crashed");
        assert.equal(kindOf(137), "nix-crashed");
        assert.equal(kindOf(-9), "nix-crashed");
    });

    it("takes a cancelled nix for cancelled, whatever broke with it", () => {
        const stderr =
            "error: builder for '/nix/store/0000000000000000000000000000000a-x.drv' failed due to signal 9 (Killed)\nerror: interrupted by the user\n";
        assert.equal(recogniseNix({ exitCode: 1, stderr }).kind, "interrupted");
    });

    it("always explains, and never throws", () => {
        const real = [...recordedFailures().values()].flat().map(({ stderr }) => stderr);
        const piece = fc.oneof(
            fc.string(),
            fc.constantFrom(
                "error:",
                "\n",
                "       ",
                "@nix {",
                '"action":"msg"',
                "'",
                "«",
                "\u001b[",
            ),
            fc
                .tuple(fc.constantFrom(...real), fc.nat(), fc.nat(3000))
                .map(([text, from, length]) => text.slice(from % text.length).slice(0, length)),
        );
        fc.assert(
            fc.property(
                fc.array(piece, { maxLength: 12 }),
                fc.integer({ min: -20, max: 300 }),
                (pieces, exitCode) => {
                    const { kind, message } = explain({ exitCode, stderr: pieces.join("") });
                    assert.ok(kind.length > 0 && message.length > 0);
                },
            ),
            { numRuns: 400 },
        );
    });

    it("finds a recorded failure in whatever is written before it", () => {
        const runs = [...recordedFailures().values()].flat().filter(({ exit }) => exit === 1);
        fc.assert(
            fc.property(fc.constantFrom(...runs), fc.array(fc.lorem()), (run, noise) => {
                const before = noise.map((words) => `trace: ${words}\n`).join("");
                const failure = recogniseNix({ exitCode: 1, stderr: before + run.stderr });
                assert.equal(failure.kind, run.kind);
            }),
            { numRuns: 300 },
        );
    });
});
