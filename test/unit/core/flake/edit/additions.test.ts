import assert from "node:assert/strict";
import { countErrors, parseNix } from "../../../../../src/core/flake/syntax";
import { exampleFlakes } from "./flakes";
import { NOT_DONE, SHELLS, wishes } from "./wishes";

describe("additions to flakes of every shape", () => {
    const flakes = exampleFlakes();

    it("are made to at least sixty", () => assert.ok(flakes.size >= 60));

    for (const [name, text] of flakes) {
        it(`keep every byte of ${name}, in order, and are made once`, async () => {
            let now = text;
            const failed: string[] = [];
            const steps = wishes(SHELLS[name]);
            for (const [wish, step] of Object.entries(steps)) {
                const outcome = await step(now);
                if (outcome.kind === "not-understood") {
                    failed.push(wish);
                    assert.notEqual(outcome.snippet, "");
                    continue;
                }
                assert.equal(outcome.kind, "edited", wish);
                assert.ok(outcome.kind === "edited" && isKept(now, outcome.text), wish);
                now = outcome.text;
                assert.deepEqual(await step(now), { kind: "unchanged" }, wish);
            }
            assert.deepEqual(failed, NOT_DONE[name] ?? []);
            assert.equal(countErrors(await parseNix(now)), 0);
            assert.equal(/\r(?!\n)|(?<!\r)\n/.test(now), !text.includes("\r\n") && /\n/.test(now));
            assert.equal(now.endsWith("\n"), text.endsWith("\n"));
            assert.doesNotMatch(now.replace(text, ""), /[ \t]+\r?$/m);
        });
    }

    it("ask which dev shell is meant, where that is not clear", async () => {
        const ask = async (name: string, shell?: string): Promise<unknown> =>
            wishes(shell)["packages"]?.(flakes.get(name) ?? "");
        assert.deepEqual(await ask("several-without-default"), {
            kind: "several",
            shells: ["x86_64-linux.stable", "x86_64-linux.nightly"],
        });
        assert.deepEqual(await ask("two-systems-spelled-out", "default"), {
            kind: "several",
            shells: ["x86_64-linux.default", "aarch64-linux.default"],
        });
        const ci = await ask("several-shells", "ci");
        assert.match(
            JSON.stringify(ci),
            /ci = pkgs\.mkShell \{\\n {10}packages = \[ pkgs\.cargo pkgs\.rustc pkgs\.ripgrep/,
        );
    });
});

/** Whether a text is another with something left out. */
function isKept(before: string, after: string): boolean {
    let at = 0;
    for (const letter of after) if (letter === before[at]) at++;
    return at === before.length;
}
