import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./repository";

/** What real projects and their own nix files teach; on developers' machines and in CI. */
const DATA = process.env["NIX_RUST_SHARED"] ?? join(ROOT, "..", "shared", "data");

describe("native dependencies of real projects", () => {
    it("are found, with few wrong ones, and none where none are needed", function () {
        this.timeout(120_000);
        const hasPython = spawnSync("python3", ["--version"]).status === 0;
        if (!existsSync(join(DATA, "groundtruth.json")) || !hasPython) {
            console.log(`      skipped: it takes python3 and the projects in ${DATA}`);
            this.skip();
        }
        const { stdout, stderr, status } = spawnSync(
            process.execPath,
            [join(ROOT, "test", "needs", "score.mjs")],
            { encoding: "utf8", env: { ...process.env, NIX_RUST_SHARED: DATA } },
        );
        assert.equal(status, 0, stderr);
        const figure = (pattern: RegExp): number => {
            const [, text] = pattern.exec(stdout) ?? [];
            assert.ok(text !== undefined, stdout);
            return Number(text);
        };
        assert.ok(figure(/recall\(must\) \d+\/\d+ = ([\d.]+)/) >= 0.95, stdout);
        assert.ok(figure(/strict ([\d.]+)/) >= 0.92, stdout);
        assert.ok(figure(/trap (\d+)/) <= 8, stdout);
        assert.equal(figure(/'none' repos given a non-empty list (\d+)/), 0, stdout);
    });
});
