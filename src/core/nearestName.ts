/**
 * The candidate that a misspelt name most likely means; undefined where none is close, or two are
 * equally so.
 */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
    const limit = name.length < 4 ? 1 : name.length < 8 ? 2 : 3;
    let best: string | undefined;
    let least = limit + 1;
    for (const candidate of candidates) {
        if (Math.abs(candidate.length - name.length) > limit) continue;
        const cost = distance(name.toLowerCase(), candidate.toLowerCase());
        if (cost === least) best = undefined;
        if (cost >= least) continue;
        least = cost;
        best = candidate;
    }
    return best;
}

/** How many letters have to be put in, left out or replaced. */
function distance(a: string, b: string): number {
    let row = Array.from({ length: b.length + 1 }, (_, i) => i);
    for (let i = 1; i <= a.length; i++) {
        const next = [i];
        for (let j = 1; j <= b.length; j++) {
            const replaced = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
            next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        row = next;
    }
    return row[b.length] ?? 0;
}
