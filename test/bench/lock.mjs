/** A flake that has the input which the lock below is for. */
export const declaring = { inputs: { first: "github:owner/repository" } };

/**
 * A lock file in which every input has the next one as its own.
 *
 * @param {number} count
 */
export function lockOf(count) {
    const name = (/** @type {number} */ i) => `input-${i}`;
    const source = { type: "github", owner: "owner", repo: "repository" };
    const nodes = Array.from({ length: count }, (_, i) => [
        name(i),
        {
            ...(i + 1 < count && { inputs: { next: name(i + 1) } }),
            locked: {
                lastModified: 1_700_000_000 + i,
                narHash: "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
                ...source,
                rev: String(i).padStart(40, "0"),
            },
            original: source,
        },
    ]);
    const root = { inputs: { first: name(0) } };
    const lock = { nodes: { ...Object.fromEntries(nodes), root }, root: "root", version: 7 };
    return `${JSON.stringify(lock, undefined, 2)}\n`;
}
