import type { Advice } from "./advice/advice";
import { BUILD_ADVICE } from "./advice/buildAdvice";
import { needsBuild, NO_TOOLCHAIN, OUTDATED_OVERLAY } from "./advice/causes";
import { EVALUATION_ADVICE } from "./advice/evaluationAdvice";
import { FLAKE_ADVICE } from "./advice/flakeAdvice";
import { MACHINE_ADVICE } from "./advice/machineAdvice";
import { RUST_ADVICE } from "./advice/rustAdvice";
import type { Failure, FailureKind } from "./failure";
import type { FixId } from "./fix";
import { suggestions } from "./suggestions";

/** Each kind of failure in one of the tables: the compiler finds one that is missing. */
const ADVICE: Record<FailureKind, Advice> = {
    ...MACHINE_ADVICE,
    ...FLAKE_ADVICE,
    ...BUILD_ADVICE,
    ...EVALUATION_ADVICE,
    ...RUST_ADVICE,
};

/** What to tell people about a failure, and the buttons that help, best first. */
export function sentenceFor(failure: Failure): { message: string; fixes: readonly FixId[] } {
    const { message, fixes = [] } = ADVICE[failure.kind];
    return {
        message: typeof message === "string" ? message : message(failure),
        fixes: fixes.filter((fix) => isPossible(fix, failure)),
    };
}

function isPossible(fix: FixId, failure: Failure): boolean {
    switch (fix) {
        case "open-place":
            return failure.place !== undefined;
        case "track-file":
            return failure.subject !== "";
        case "open-nix-conf":
            if (failure.kind === "http-404") return /\bgit(?:hub|lab)\./.test(failure.subject);
            return failure.kind !== "eval-other" || needsBuild(failure);
        case "show-builder-log":
            return logDerivation(failure) !== undefined;
        case "update-input":
            if (failure.kind === "builder-failed") return OUTDATED_OVERLAY.test(failure.detail);
            return failure.kind !== "eval-other" || NO_TOOLCHAIN.test(failure.detail);
        case "replace-attribute":
            return suggestions(failure).length > 0 || isKnownMistake(failure);
        case "replace-hash":
            return /specified:\s*\S+\s*got:\s*\S+/.test(failure.detail);
        case "add-rust-overlay":
            return failure.subject === "rust-bin" || failure.subject === "fenix";
        case "add-argument":
        case "allow-package":
            return failure.subject !== "";
        default:
            return true;
    }
}

/** The derivation whose build log there is to see; undefined where the failure names none. */
export function logDerivation({ detail }: Failure): string | undefined {
    return /\/[^\s'"]*\/[0-9a-z]{32}-[^\s'"]+\.drv/.exec(detail)?.[0];
}

/** Mistakes that `problem/repairs.ts` can mend without a suggestion of nix. */
function isKnownMistake({ kind, subject, detail }: Failure): boolean {
    switch (kind) {
        case "missing-attr":
            return subject === "rust";
        case "syntax":
            return /expecting ';'/.test(detail);
        case "pure-eval":
            return subject === "<nixpkgs>";
        case "eval-other":
            return /apple_sdk|cannot coerce a set to a string/.test(detail);
        default:
            return kind === "bad-input-attr" || kind === "bad-input-url";
    }
}
