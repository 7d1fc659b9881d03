/** A node of a lock, as JSON. */
export type Node = Readonly<Record<string, unknown>>;

/** An input of GitHub, locked at a revision of one digit repeated. */
export function github(repository: string, digit: string, inputs?: Node): Node {
    const [owner, repo] = repository.split("/");
    const rev = digit.repeat(40);
    return {
        ...(inputs !== undefined && { inputs }),
        locked: { type: "github", owner, repo, rev, lastModified: 1_700_000_000 },
        original: { type: "github", owner, repo },
    };
}

/** The text of a flake.lock in which the root has these nodes as inputs, by their names. */
export function lockOf(nodes: Readonly<Record<string, Node>>, inputs?: Node): string {
    const root = { inputs: inputs ?? Object.fromEntries(Object.keys(nodes).map((n) => [n, n])) };
    return `${JSON.stringify({ nodes: { ...nodes, root }, root: "root", version: 7 }, null, 2)}\n`;
}
