import type { SyntaxNode } from "@lezer/common";
import { grammarText } from "./grammarText";

/** A nix expression's syntax tree, with the text that it is of. */
export interface Syntax {
    readonly text: string;
    /** The expression of the file; undefined where there is none. */
    readonly expression: SyntaxNode | undefined;
}

/**
 * Parses nix. Never fails: what the grammar does not know is an error node in the tree. The
 * grammar gets a text in which what it would misread is blank; only its positions are used.
 */
export async function parseNix(text: string): Promise<Syntax> {
    const { parser } = await import("@replit/codemirror-lang-nix");
    try {
        const { topNode } = parser.parse(grammarText(text));
        return { text, expression: children(topNode)[0] };
    } catch (error) {
        // Its tokenizer runs over the end of some unfinished strings.
        if (error instanceof RangeError) return { text, expression: undefined };
        throw error;
    }
}

/** How many places of the tree the grammar could make nothing of. */
export function countErrors({ expression }: Syntax): number {
    let count = 0;
    // The file's node: errors may lie around its expression, too.
    (expression?.parent ?? expression)?.cursor().iterate(({ type }) => {
        if (type.isError) count++;
    });
    return count;
}

/** The children that are expressions or bindings: no punctuation, comments or errors. */
export function children(node: SyntaxNode): SyntaxNode[] {
    const result: SyntaxNode[] = [];
    for (let child = node.firstChild; child !== null; child = child.nextSibling) {
        const isToken = /^[^A-Z]/.test(child.name) || child.type.isError;
        if (!isToken && !child.name.endsWith("Comment")) result.push(child);
    }
    return result;
}

/** A binding's parts: `a.b = value;`. */
export interface Binding {
    /** The names; undefined for one that is computed. */
    readonly path: readonly (string | undefined)[];
    readonly value: SyntaxNode;
    readonly node: SyntaxNode;
}

/** The bindings of an attribute set, in order. */
export function bindings(set: SyntaxNode, text: string): Binding[] {
    return children(set).flatMap((node) => bindingOf(node, text) ?? []);
}

/** What a node binds; undefined where it is no binding, or not finished. */
export function bindingOf(node: SyntaxNode, text: string): Binding | undefined {
    if (node.name !== "Bind") return undefined;
    const [path, value] = children(node);
    if (path?.name !== "AttrPath" || value === undefined) return undefined;
    return { path: children(path).map((name) => nameOf(name, text)), value, node };
}

/** An expression without the brackets around it. */
export function bare(node: SyntaxNode): SyntaxNode {
    if (node.name !== "Parenthesized") return node;
    const [inner] = children(node);
    return inner === undefined ? node : bare(inner);
}

/** The text that a literal stands for; undefined where it has to be evaluated. */
export function literalText(node: SyntaxNode, text: string): string | undefined {
    const { name, from, to } = bare(node);
    const source = text.slice(from, to);
    switch (name) {
        case "URI":
            return source;
        case "String":
            return source.includes("${") ? undefined : unquoted(source);
        case "IndentedString":
            return source.includes("${") ? undefined : source.slice(2, -2).trim();
        default:
            return undefined;
    }
}

function nameOf(node: SyntaxNode, text: string): string | undefined {
    return node.name === "Identifier" ? text.slice(node.from, node.to) : literalText(node, text);
}

const ESCAPES: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t" };

function unquoted(source: string): string {
    return source.slice(1, -1).replace(/\\(.)/gs, (_, c: string) => ESCAPES[c] ?? c);
}
