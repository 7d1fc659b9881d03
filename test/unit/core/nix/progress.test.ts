import assert from "node:assert/strict";
import fc from "fast-check";
import { parseLogRecord, type LogRecord } from "../../../../src/core/nix/logRecord";
import {
    ProgressFollower,
    ProgressNews,
    progressDetails,
    progressText,
    storeName,
    type Progress,
} from "../../../../src/core/nix/progress";
import { readRepositoryFile } from "../../repository";

const VERSIONS = ["2.8.0", "2.26.3", "2.34.8"] as const;

/** Everything that a recorded log leads to, in order. */
function follow(lines: readonly string[]): Progress[] {
    const follower = new ProgressFollower();
    return lines.flatMap((line) => {
        const record = parseLogRecord(line);
        return (record && follower.follow(record)) ?? [];
    });
}

const recorded = (name: string): string[] =>
    readRepositoryFile(`test/fixtures/nix-progress/${name}.json.log`).split("\n");

/** What a user sees, without repetitions. */
function textsOf(progress: readonly Progress[]): string[] {
    const texts = progress.map(progressText);
    return texts.filter((text, i) => text !== texts[i - 1]);
}

describe("ProgressFollower", () => {
    for (const version of VERSIONS) {
        it(`tells what nix ${version} builds, and in which phase`, () => {
            const texts = textsOf(follow(recorded(`build-two-deps.${version}`)));
            for (const expected of [
                "building depA-1.0",
                "building depA-1.0 (buildPhase)",
                "building depB-2.0",
            ]) {
                assert.ok(texts.includes(expected), `${expected} in ${texts.join(" | ")}`);
            }
            assert.equal(texts[0], "reading the flake");
        });

        it(`does not count reading the environment among what nix ${version} builds`, () => {
            const all = [`build-two-deps.${version}`, `substitute.${version}`].flatMap(recorded);
            for (const text of textsOf(follow(all))) assert.doesNotMatch(text, /building .*-env/);
        });

        it(`tells what nix ${version} downloads, and how much of it is done`, () => {
            const progress = follow(recorded(`substitute.${version}`));
            const bytes = progress.filter((each) => each.kind === "downloading");
            assert.ok(bytes.length > 0);
            let last = 0;
            for (const { done, expected } of bytes) {
                assert.ok(done >= 0 && done >= last, `${done} after ${last}`);
                assert.ok(done <= expected, `${done} of ${expected}`);
                last = done;
            }
            const end = bytes.at(-1);
            assert.equal(end?.expected, EXPECTED_BYTES);
            assert.ok(last > EXPECTED_BYTES / 2, `only ${last}`);
            assert.ok(bytes.some(({ what }) => what === "bigdep-2.0"));
        });
    }

    it("tells what is downloaded in megabytes", () => {
        const texts = textsOf(follow(recorded("substitute.2.34.8")));
        assert.ok(
            texts.some((text) => /^downloading bigdep-2\.0 \(\d+(?:\.\d)? of 30 MB\)$/.test(text)),
            texts.join(" | "),
        );
    });

    it("tells of nothing but reading while nix evaluates", () => {
        const follower = new ProgressFollower();
        assert.deepEqual(
            follower.follow(start("1", 0, { text: "evaluating derivation 'path:/x#y'" })),
            { kind: "evaluating" },
        );
    });

    it("tells what the flake fetches, and on which machine something is built", () => {
        const follower = new ProgressFollower();
        const url = "https://github.com/NixOS/nixpkgs/archive/x.tar.gz";
        assert.deepEqual(follower.follow(start("1", 101, { fields: [url] })), {
            kind: "fetching",
            what: url,
        });
        assert.deepEqual(
            follower.follow(start("2", 112, { text: "fetching github input 'github:x/y'" })),
            { kind: "fetching", what: "github input 'github:x/y'" },
        );
        const drv = `/nix/store/${"a".repeat(32)}-hello-1.0.drv`;
        assert.deepEqual(
            follower.follow(start("3", 105, { fields: [drv, "ssh://builder", 1, 1] })),
            {
                kind: "building",
                what: "hello-1.0",
                phase: undefined,
                machine: "ssh://builder",
            },
        );
        assert.deepEqual(follower.follow({ action: "stop", id: "3" })?.kind, "fetching");
    });

    it("keeps what was downloaded counted when a download ends after its copy", () => {
        const follower = new ProgressFollower();
        const path = `/nix/store/${"a".repeat(32)}-big`;
        const records: LogRecord[] = [
            start("1", 102, {}),
            { action: "result", id: "1", type: 106, fields: [101, 2_000] },
            start("2", 108, { fields: [path, "https://cache"] }),
            start("3", 100, { parent: "2", fields: [path, "a", "b"] }),
            start("4", 101, { parent: "3", fields: ["https://cache/x.nar.xz"] }),
            { action: "result", id: "4", type: 105, fields: [1_000, 1_000, 0, 0] },
            { action: "stop", id: "3" },
            { action: "stop", id: "4" },
        ];
        const last = records.map((record) => follower.follow(record)).at(-1);
        const from = "https://cache";
        const bytes = { done: 1_000, expected: 2_000 };
        assert.deepEqual(last, { kind: "downloading", what: "big", ...bytes, from });
    });

    it("says when nix waits for another one", () => {
        const follower = new ProgressFollower();
        const message = parseLogRecord(
            '@nix {"action":"msg","level":1,"msg":"waiting for lock on \'/nix/store/x\'..."}',
        );
        assert.deepEqual(message && follower.follow(message), { kind: "waiting" });
    });

    it("takes news of activities that it never saw start for none", () => {
        const follower = new ProgressFollower();
        assert.equal(follower.follow({ action: "stop", id: "9" }), undefined);
        const result = { action: "result", id: "9", type: 105, fields: [1, 2] } as const;
        assert.equal(follower.follow(result), undefined);
    });

    it("never counts less than nothing or more than all, whatever nix says", () => {
        const id = fc.constantFrom("1", "2", "3", "4");
        const number = fc.oneof(
            fc.integer({ min: -5, max: 5_000 }),
            fc.constant("x"),
            fc.constant(null),
        );
        const records = fc.oneof<fc.Arbitrary<LogRecord>[]>(
            fc.record({
                action: fc.constant("start" as const),
                id,
                parent: id,
                type: fc.constantFrom(0, 100, 101, 102, 105, 108, 112),
                text: fc.string(),
                fields: fc.constantFrom([], ["https://x/nar/y"], ["/nix/store/x"]),
            }),
            fc.record({ action: fc.constant("stop" as const), id }),
            fc.record({
                action: fc.constant("result" as const),
                id,
                type: fc.constantFrom(104, 105, 106),
                fields: fc.oneof(fc.array(number), fc.tuple(fc.constant(101), number)),
            }),
        );
        fc.assert(
            fc.property(fc.array(records, { maxLength: 40 }), (log) => {
                const follower = new ProgressFollower();
                for (const record of log) {
                    const progress = follower.follow(record);
                    if (progress?.kind !== "downloading") continue;
                    assert.ok(progress.done >= 0, `${progress.done} done`);
                    if (progress.expected !== 0) assert.ok(progress.done <= progress.expected);
                }
            }),
            { numRuns: 1_000 },
        );
    });
});

const EXPECTED_BYTES = 30_000_448;

function start(
    id: string,
    type: number,
    more: { parent?: string; text?: string; fields?: readonly unknown[] },
): LogRecord {
    return { action: "start", id, parent: "0", type, text: "", fields: [], ...more };
}

describe("progressDetails", () => {
    it("tell how many are done, from where, and for how long", () => {
        const count = { done: 3, expected: 12 };
        const download: Progress = {
            kind: "downloading",
            what: "rustc-1.97.1",
            done: 1,
            expected: 2,
            from: "https://cache.nixos.org",
            count,
        };
        assert.deepEqual(progressDetails(download, 65_000), [
            "3 of 12 packages downloaded",
            "from cache.nixos.org",
            "for 1 min 5 s",
        ]);
        const building = { kind: "building", what: "a", phase: undefined, count } as const;
        assert.deepEqual(progressDetails({ ...building, machine: "ssh://b" }, 4_000_000), [
            "3 of 12 packages built",
            "for 1 h 6 min",
        ]);
        assert.match(
            progressDetails({ ...building, machine: undefined }, 0).join(),
            /built on this machine, not taken from a binary cache/,
        );
    });

    it("say so where nix says nothing", () => {
        assert.equal(progressDetails({ kind: "evaluating" }, 5_000).length, 1);
        assert.match(progressDetails({ kind: "evaluating" }, 30_000).join(), /Cancel always works/);
    });

    it("count what recorded logs build", () => {
        for (const version of VERSIONS) {
            const built = follow(recorded(`build-two-deps.${version}`));
            const counts = (all: readonly Progress[]): number[] =>
                all.flatMap((each) =>
                    "count" in each && each.count !== undefined ? [each.count.expected] : [],
                );
            const most = Math.max(...counts(built));
            assert.ok(most === 2 || most === 3, `${version}: ${most}`);
        }
    });
});

describe("progressText", () => {
    it("has a few words for each kind, without paths of the store", () => {
        const all: readonly Progress[] = [
            { kind: "evaluating" },
            { kind: "fetching", what: "github:x/y" },
            { kind: "downloading", what: "gcc-14", done: 1_500_000, expected: 30_000_000 },
            { kind: "downloading", what: "gcc-14", done: 0, expected: 0 },
            { kind: "building", what: "app", phase: "buildPhase", machine: "ssh://far" },
            { kind: "building", what: "app", phase: undefined, machine: undefined },
            { kind: "waiting" },
            { kind: "entering" },
        ];
        assert.deepEqual(all.map(progressText), [
            "reading the flake",
            "fetching github:x/y",
            "downloading gcc-14 (1.5 of 30 MB)",
            "downloading gcc-14",
            "building app (buildPhase) on ssh://far",
            "building app",
            "waiting for another Nix to finish",
            "running the dev shell's shellHook",
        ]);
    });
});

describe("ProgressNews", () => {
    const downloading = (what: string, done: number): Progress => ({
        kind: "downloading",
        what,
        done,
        expected: 9e9,
        count: { done, expected: 9e9 },
    });

    it("tells at once what else is done, and how far it is only now and then", () => {
        const news = new ProgressNews();
        const steps: readonly (readonly [Progress, number])[] = [
            [{ kind: "evaluating" }, 0],
            [{ kind: "evaluating" }, 1],
            [downloading("gcc", 0), 2],
            ...Array.from(
                { length: 1_000 },
                (_, i) => [downloading("gcc", i), 3 + i / 10] as const,
            ),
            [downloading("glibc", 5), 103.5],
            [downloading("glibc", 6), 104],
        ];
        const told = steps.flatMap(([progress, now]) => (news.isNews(progress, now) ? [now] : []));
        assert.deepEqual(told, [0, 2, 102, 103.5]);
    });
});

describe("storeName", () => {
    it("is a store path without folder and hash, and everything else as it is", () => {
        assert.equal(storeName(`/nix/store/${"0".repeat(32)}-gcc-14.2`), "gcc-14.2");
        assert.equal(storeName(`/home/me/store/${"0".repeat(32)}-gcc`), "gcc");
        assert.equal(storeName("hello"), "hello");
    });
});
