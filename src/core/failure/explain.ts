import type { Failure, FailureKind } from "./failure";
import type { FixId } from "./fix";
import { recogniseNix } from "./recognise";
import { recogniseRust } from "./recogniseRust";
import { sentenceFor } from "./sentence";

/** What `npm run -s core -- explain` prints; null where nothing is known. */
export interface Explanation {
    readonly kind: FailureKind;
    readonly message: string;
    readonly file: string | null;
    readonly line: number | null;
    readonly column: number | null;
    readonly fixes: readonly FixId[];
}

/**
 * Explains what nix left behind, or cargo and the other tools of Rust in a dev shell. The format of
 * nix's log needn't be told: it is recognised.
 */
export function explain(output: { exitCode: number; stderr: string }): Explanation {
    const failure = recognise(output);
    const { message, fixes } = sentenceFor(failure);
    return {
        kind: failure.kind,
        message,
        file: failure.place?.file ?? null,
        line: failure.place?.line ?? null,
        column: failure.place?.column ?? null,
        fixes,
    };
}

/** What one of the tools of a dev shell left behind, whichever it was. */
export function recognise(output: { exitCode: number; stderr: string }): Failure {
    return recogniseRust(output.stderr, output.exitCode) ?? recogniseNix(output);
}
