/** Where a node is in the text of a flake.lock, from its key to its end, in UTF-16 units. */
export interface NodePlace {
    readonly key: string;
    readonly from: number;
    readonly to: number;
}

/**
 * A string, a bracket, or whatever else stands between blanks and commas. A string that never ends
 * is one, too: to look for its end again at each quote in it would take for ever.
 */
const TOKEN = /"(?:[^"\\]|\\.)*"?|[{}[\]:]|[^\s",:{}[\]]+/g;

/**
 * Finds the nodes in the text of a lock. Works through it once, and takes any text: of one that is
 * no JSON it finds what looks like nodes.
 */
export function nodePlaces(text: string): NodePlace[] {
    const places: NodePlace[] = [];
    /** For each bracket that is open, the key that it is the value of. */
    const open: { key: string | undefined; from: number }[] = [];
    let last: { text: string; at: number } | undefined;
    let key: { text: string; at: number } | undefined;
    for (const { 0: token, index } of text.matchAll(TOKEN)) {
        if (token === ":") {
            key = last;
        } else if (token === "{" || token === "[") {
            open.push({ key: key && unquoted(key.text), from: key?.at ?? index });
            key = undefined;
        } else if (token === "}" || token === "]") {
            const closed = open.pop();
            const isNode = open.length === 2 && open[1]?.key === "nodes";
            if (isNode && closed?.key !== undefined) {
                places.push({ key: closed.key, from: closed.from, to: index + 1 });
            }
            key = undefined;
        } else {
            last = { text: token, at: index };
            key = undefined;
        }
    }
    return places;
}

function unquoted(token: string): string | undefined {
    try {
        return String(JSON.parse(token));
    } catch {
        return undefined;
    }
}
