/**
 * Whether a variable has the value that it was given, or is that list with more at its ends: other
 * extensions add to PATH, too.
 */
export function carries(found: string | undefined, given: string | undefined): boolean {
    return found === given || endsAround(found, given) !== undefined;
}

/**
 * A list with another one in the place of what it was given, and what others have added at its ends;
 * undefined where what it was given is not in it.
 */
export function exchanged(
    found: string | undefined,
    given: string | undefined,
    wanted: string | undefined,
): string | undefined {
    const ends = endsAround(found, given);
    return ends && [ends.before, wanted, ends.after].filter(Boolean).join(":");
}

function endsAround(
    found: string | undefined,
    given: string | undefined,
): { before: string; after: string } | undefined {
    if (found === undefined || !given?.includes(":")) return undefined;
    const at = `:${found}:`.indexOf(`:${given}:`);
    if (at < 0) return undefined;
    return {
        before: found.slice(0, Math.max(at - 1, 0)),
        after: found.slice(at + given.length + 1),
    };
}
