import assert from "node:assert/strict";
import type { Finding } from "../../../../src/core/doctor/finding";

/** What a table of findings says: each as its level and its sentence. */
export function lines(findings: readonly Finding[]): string[] {
    for (const { summary, detail, remedies } of findings) {
        assert.match(summary, /^[^\n]*[.]$/, "a sentence");
        assert.ok(detail === "" || detail.trim() === detail, detail);
        assert.ok(remedies.length > 0, `${summary} has no way on`);
        for (const remedy of remedies) {
            assert.match(remedy.label, /^[A-Z]/);
            if (remedy.kind === "page") assert.match(remedy.address, /^https:\/\/[\w.-]+\/\S*$/);
        }
    }
    return findings.map(({ level, summary }) => `${level}: ${summary}`);
}

/** The ids of the commands that the findings' links run. */
export function commandsOf(findings: readonly Finding[]): string[] {
    return findings.flatMap(({ remedies }) =>
        remedies.flatMap((remedy) => (remedy.kind === "command" ? [remedy.command] : [])),
    );
}
