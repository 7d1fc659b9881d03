import { omissionReason } from "./omission";

/** A value shorter than this is no secret, and would blacken half of the text. */
const SHORTEST_HIDDEN = 6;

/** A longer line of output is not logged: it is data, and may be a value cut in two. */
const LONGEST_LOGGED = 2_000;

/**
 * Lines that a shellHook printed, as they may be logged: without the values of variables, which
 * go by their names. What belongs to the login session (HOME, PWD and the like) is in every path,
 * and stays readable.
 */
export function maskValues(
    lines: readonly string[],
    variables: Iterable<readonly [name: string, value: string]>,
): string[] {
    if (lines.length === 0) return [];
    const hidden = [...variables]
        .filter(([name, value]) => omissionReason(name, value) !== "session")
        .flatMap(([name, value]) => value.split("\n").map((line) => [name, line] as const))
        .filter(([, line]) => line.length >= SHORTEST_HIDDEN)
        .sort(([, a], [, b]) => b.length - a.length);
    let text = lines
        .map((line) =>
            line.length > LONGEST_LOGGED ? `(a line of ${line.length} characters)` : line,
        )
        .join("\n");
    for (const [name, line] of hidden) text = text.replaceAll(line, () => `<value of ${name}>`);
    return text.split("\n");
}
