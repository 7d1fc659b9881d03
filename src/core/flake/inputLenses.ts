import { standText } from "../lock/inputMarkdown";
import { lockedInputs } from "../lock/lockedInputs";
import { readLock } from "../lock/lockFile";
import { staleInputs } from "../lock/staleness";
import { declaredInputs } from "./inputs";

/** What is drawn above an input in flake.nix. */
export interface InputLens {
    readonly input: string;
    /** Where in the text, in UTF-16 units. */
    readonly at: number;
    readonly text: string;
    /** What it offers beside it: a newer revision, or to lock what is not locked as declared. */
    readonly offer: "update" | "lock" | undefined;
}

/**
 * The lenses of a flake.nix: none for what can't be read without evaluating, or where the lock
 * can't be read.
 *
 * @param lockText undefined where there is no lock
 * @param now in milliseconds since 1970
 */
export async function inputLenses(
    text: string,
    lockText: string | undefined,
    now: number,
): Promise<InputLens[]> {
    const declared = await declaredInputs(text);
    const lock = readLock(lockText);
    if (declared === undefined || lock === "unreadable") return [];
    const locked = new Map(
        (lock === undefined ? [] : lockedInputs(lock)).map((input) => [input.name, input]),
    );
    const stale = new Set(
        (lock === undefined ? [] : staleInputs(declared, lock)).map(({ name }) => name),
    );
    return declared.flatMap(({ name: input, reference, follows, from, argument }): InputLens[] => {
        const at = from ?? argument?.from;
        const isUnknown = reference === undefined && follows === undefined;
        if (at === undefined || isUnknown || follows?.length === 0) return [];
        const is = locked.get(input);
        if (is === undefined) return [{ input, at, text: `${input} is not locked`, offer: "lock" }];
        const stand = standText(is, now);
        if (stale.has(input)) {
            return [{ input, at, text: `${input} is locked as something else`, offer: "lock" }];
        }
        if (follows !== undefined) {
            return is.node === undefined
                ? []
                : [{ input, at, text: `${follows.join("/")} ${stand}`, offer: undefined }];
        }
        return [{ input, at, text: `${input} ${stand}`, offer: "update" }];
    });
}
