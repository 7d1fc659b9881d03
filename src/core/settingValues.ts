/**
 * What a settings file has may be of any type and size, as VS Code only underlines what is wrong in
 * it. What can't be meant counts as not set.
 */

export function textFrom(value: unknown, otherwise: string): string {
    return typeof value === "string" ? value : otherwise;
}

/** The texts of a list. */
export function textsFrom(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

/** A number, or the nearest one that is allowed. */
export function numberFrom(
    value: unknown,
    { least, most, otherwise }: { least: number; most: number; otherwise: number },
): number {
    if (typeof value !== "number" || Number.isNaN(value)) return otherwise;
    return Math.min(Math.max(value, least), most);
}

/** One of the words that are known, the first where it is none of them. */
export function wordFrom<Word extends string>(
    value: unknown,
    [otherwise, ...others]: readonly [Word, ...Word[]],
): Word {
    return others.find((word) => word === value) ?? otherwise;
}
