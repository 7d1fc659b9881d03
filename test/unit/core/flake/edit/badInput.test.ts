import assert from "node:assert/strict";
import fc from "fast-check";
import { addRustOverlay } from "../../../../../src/core/flake/edit/addOverlay";
import { addHardening } from "../../../../../src/core/flake/edit/addHardening";
import { useToolchainFile } from "../../../../../src/core/flake/edit/useToolchainFile";
import type { FlakeStep } from "../../../../../src/core/flake/edit/flakeEdit";
import { countErrors, parseNix } from "../../../../../src/core/flake/syntax";
import { exampleFlakes } from "./flakes";
import { wishes } from "./wishes";

const steps: readonly FlakeStep[] = [
    ...Object.values(wishes(undefined)),
    (text) => addRustOverlay(text, undefined),
    (text) => addHardening(text, { flags: ["fortify"], shell: undefined }),
    (text) => useToolchainFile(text, { file: "rust-toolchain.toml", shell: undefined }),
];

describe("flakes that are being typed", () => {
    it("never make a change fail, or the text less readable", async function () {
        this.timeout(60_000);
        const texts = [...exampleFlakes().values()];
        const part = fc.record({
            text: fc.constantFrom(...texts),
            from: fc.nat(3_000),
            length: fc.nat(40),
            typed: fc.constantFrom("", "{", "}", "[", "]", "''", '"', "${", ";", "=", "(", "with "),
            step: fc.constantFrom(...steps),
        });
        await fc.assert(
            fc.asyncProperty(part, async ({ text, from, length, typed, step }) => {
                const broken = text.slice(0, from) + typed + text.slice(from + length);
                const outcome = await step(broken);
                if (outcome.kind !== "edited") return;
                const errors = async (it: string): Promise<number> =>
                    countErrors(await parseNix(it));
                assert.ok((await errors(outcome.text)) <= (await errors(broken)));
            }),
            { numRuns: 400 },
        );
    });

    it("are told apart from flakes, with what to paste", async () => {
        for (const text of [
            "",
            "{",
            "[ ]",
            "let x = 1; in { }",
            "{ inputs = import ./x; }",
            "hi",
        ]) {
            for (const step of steps) {
                const outcome = await step(text);
                assert.equal(outcome.kind, "not-understood", text);
                assert.ok(outcome.kind === "not-understood" && outcome.snippet !== "");
                assert.match(outcome.reason, /^[^A-Z].*[^.]$/);
            }
        }
    });
});

describe("names that stand for themselves", () => {
    for (const [name, body] of Object.entries({
        shell: "let a = a { }; in { devShells.x86_64-linux.default = a { }; }",
        "a list": "let a = with pkgs; a; in { devShell = pkgs.mkShell { packages = a; }; }",
        "a set": "let a = a // { }; in { devShell = pkgs.mkShell a; }",
        "an inherited one": "let a = { inherit a; x = pkgs.mkShell { }; }; in { inherit a; }",
        "two of them": "let a = b; b = a; in { devShell = pkgs.mkShell a; }",
    })) {
        it(`as ${name}, are not followed for ever`, async () => {
            const text = `{ outputs = { self, pkgs }: ${body}; }`;
            for (const step of steps) assert.ok((await step(text)).kind);
        });
    }
});
