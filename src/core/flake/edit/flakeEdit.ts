import { countErrors, parseNix, type Syntax } from "../syntax";
import { edited, type TextEdit } from "./textEdit";

/** What came of the wish to change a flake.nix. */
export type FlakeEdit =
    | { readonly kind: "edited"; readonly text: string }
    /** The flake has it already. */
    | { readonly kind: "unchanged" }
    /** The flake has several dev shells, and the wish does not say which one it means. */
    | { readonly kind: "several"; readonly shells: readonly string[] }
    | NotUnderstood;

/** The text does not tell where the change belongs, so nothing is guessed. */
export interface NotUnderstood {
    readonly kind: "not-understood";
    /** A clause that goes on after "because". */
    readonly reason: string;
    /** What the user can paste, and adapt. */
    readonly snippet: string;
}

/** A change of a flake.nix: a pure function of its text. */
export type FlakeStep = (text: string) => Promise<FlakeEdit>;

export function notUnderstood(reason: string, snippet: string): NotUnderstood {
    return { kind: "not-understood", reason, snippet };
}

/** Makes the edits, and takes them back where the grammar understands less of the result. */
export async function madeOf(
    syntax: Syntax,
    edits: readonly TextEdit[],
    snippet: string,
): Promise<FlakeEdit> {
    const text = edited(syntax.text, edits);
    if (text === syntax.text) return { kind: "unchanged" };
    if (countErrors(await parseNix(text)) > countErrors(syntax)) {
        return notUnderstood("the changed file would not be valid Nix", snippet);
    }
    return { kind: "edited", text };
}

/** Takes one step after the other; ends at the first that can't be taken. */
export async function inSteps(text: string, steps: readonly FlakeStep[]): Promise<FlakeEdit> {
    let now = text;
    for (const step of steps) {
        const outcome = await step(now);
        if (outcome.kind === "edited") now = outcome.text;
        else if (outcome.kind !== "unchanged") return outcome;
    }
    return now === text ? { kind: "unchanged" } : { kind: "edited", text: now };
}
