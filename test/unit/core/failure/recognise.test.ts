import assert from "node:assert/strict";
import type { Place } from "../../../../src/core/failure/failure";
import { recogniseNix } from "../../../../src/core/failure/recognise";
import { recordedFailures } from "./recorded";

describe("failures recorded on real nix", () => {
    for (const [scenario, runs] of recordedFailures()) {
        it(`recognises ${scenario}`, () => {
            for (const { nix, format, exit, stderr, ...expected } of runs) {
                const { kind, subject, place } = recogniseNix({ exitCode: exit, stderr });
                assert.deepEqual(
                    { kind, subject, place: shortPlace(place) },
                    expected,
                    `nix ${nix}, ${format}`,
                );
            }
        });
    }

    it("keeps nix's own words, without control sequences and traces", () => {
        for (const runs of recordedFailures().values()) {
            for (const { exit, stderr } of runs) {
                const { detail } = recogniseNix({ exitCode: exit, stderr });
                assert.ok(detail.length <= 2000, detail);
                assert.doesNotMatch(detail, /\u001b|… while (?:calling|evaluating)|^@nix/m);
            }
        }
    });

    it("shows the end of a failed build's log, also where nix's JSON leaves it out", () => {
        const runs = recordedFailures().get("builder-failed") ?? [];
        assert.equal(runs.length, 6);
        for (const { exit, stderr } of runs) {
            assert.match(recogniseNix({ exitCode: exit, stderr }).detail, /> err line/);
        }
    });

    it("shows git's own words where nix only has an exit code", () => {
        const runs = recordedFailures().get("git-norepo") ?? [];
        const old = runs.filter(({ nix }) => nix === "2.8.0");
        assert.equal(old.length, 2);
        for (const { exit, stderr } of old) {
            const { detail } = recogniseNix({ exitCode: exit, stderr });
            assert.match(detail, /does not appear to be a git repository/);
        }
    });
});

function shortPlace(place: Place | undefined): string | null {
    if (place === undefined) return null;
    const numbers = [place.line, place.column].filter((number) => number !== undefined);
    return [place.file.replace(/^.*\//, ""), ...numbers].join(":");
}
