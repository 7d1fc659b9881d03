import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { recognise } from "../../../../src/core/failure/explain";
import { sentenceFor } from "../../../../src/core/failure/sentence";

/** One failure as someone posted it, with what is to be recognised in it. */
interface Posted {
    /** The address that it is from. */
    readonly source: string;
    readonly exit: number;
    readonly stderr: string;
    readonly kind: string;
    readonly subject: string;
    /** The file's name, line and column as far as they are told: `flake.nix:2:58`. */
    readonly place: string | null;
    /** What the sentence has to say, where the kind alone would not. */
    readonly says?: string;
}

const FILE = "test/fixtures/posted-failures.json";

describe("failures that people posted", () => {
    const { failures } = JSON.parse(readFileSync(FILE, "utf8")) as {
        failures: Record<string, Posted>;
    };

    for (const [name, posted] of Object.entries(failures)) {
        it(`${name}: ${posted.kind}`, () => {
            const failure = recognise({ exitCode: posted.exit, stderr: posted.stderr });
            const { kind, subject, place } = failure;
            const file = place?.file.slice(place.file.lastIndexOf("/") + 1);
            const at = [file, place?.line, place?.column].filter((part) => part !== undefined);
            assert.deepEqual(
                { kind, subject, place: at.join(":") || null },
                { kind: posted.kind, subject: posted.subject, place: posted.place },
                posted.source,
            );
            const { message } = sentenceFor(failure);
            assert.ok(message.includes(posted.says ?? ""), message);
            assert.match(message, /^(?:[“A-Z]|flake\.|rust|cargo)[^\n]*\.$/);
            assert.doesNotMatch(message, /undefined|… while|: \.|[^.]\.\.$|-{3}|: error: /);
            assert.ok(message.length < 500, message);
        });
    }
});
