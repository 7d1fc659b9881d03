/**
 * Whether a version can be what a requirement asks for, as cargo reads it: `1.2` is `^1.2`, and
 * several are joined by commas. Pre-releases count as the version that they precede.
 */
export function isSatisfiedBy(requirement: string, version: string): boolean {
    return requirement.split(",").every((part) => isMet(part.trim(), version));
}

function isMet(part: string, version: string): boolean {
    const [, operator = "", wanted = ""] = /^(\^|~|=|>=|<=|>|<)?\s*v?([\d.*xX]*)/.exec(part) ?? [];
    const numbers = wanted
        .split(".")
        .filter((number) => /^\d+$/.test(number))
        .map(Number);
    if (numbers.length === 0) return true;
    const actual = numbersOf(version);
    const order = compare(actual, numbers);
    const samePrefix = (length: number): boolean =>
        numbers.slice(0, length).every((number, index) => actual[index] === number);
    switch (operator) {
        case ">":
            return order > 0;
        case ">=":
            return order >= 0;
        case "<":
            return order < 0;
        case "<=":
            return order <= 0;
        case "=":
            return samePrefix(numbers.length);
        case "~":
            return order >= 0 && samePrefix(Math.min(2, numbers.length));
        default: {
            if (wanted.includes("*")) return samePrefix(numbers.length);
            // The first number that is not 0 must stay.
            const first = numbers.findIndex((number) => number !== 0);
            return order >= 0 && samePrefix(first === -1 ? numbers.length : first + 1);
        }
    }
}

function numbersOf(version: string): number[] {
    return (version.split(/[-+]/)[0] ?? "").split(".").map(Number);
}

/** Compares as far as `wanted` goes. */
function compare(actual: readonly number[], wanted: readonly number[]): number {
    for (const [index, number] of wanted.entries()) {
        const difference = (actual[index] ?? 0) - number;
        if (difference !== 0) return difference;
    }
    return 0;
}
