import type { SyntaxNode } from "@lezer/common";
import { parseFlakeRef } from "../lock/flakeRef";
import type { FlakeRef } from "../lock/lockFile";
import { bare, bindings, children, literalText, parseNix, type Binding } from "./syntax";

/** A part of a text, in UTF-16 units. */
export interface Place {
    readonly from: number;
    readonly to: number;
}

/** An input as flake.nix declares it. */
export interface DeclaredInput {
    readonly name: string;
    /** What it asks for; undefined where that can't be told from the text. */
    readonly reference: FlakeRef | undefined;
    /** The input that it is the same as, as a path of names from the root. */
    readonly follows: readonly string[] | undefined;
    /** Its own inputs that are made to follow others: by name, the path of names from the root. */
    readonly overrides: ReadonlyMap<string, readonly string[]>;
    /** Where its first declaration is in the text, in UTF-16 units; undefined for an implied one. */
    readonly from: number | undefined;
    /** All bindings that declare it, in order; none for an implied one. */
    readonly places: readonly Place[];
    /** Where the arguments of `outputs` name it. */
    readonly argument: Place | undefined;
}

/**
 * The inputs that a flake.nix declares, in order, with those that only the arguments of `outputs`
 * name (nix looks such ones up in its registry).
 *
 * @returns undefined where the text does not tell: nix allows no computed inputs, but a file that
 * is being edited may hold anything.
 */
export async function declaredInputs(text: string): Promise<DeclaredInput[] | undefined> {
    const syntax = await parseNix(text);
    const flake = setOf(syntax.expression);
    if (flake === undefined) return undefined;
    const drafts = new Map<string, Draft>();
    const top = bindings(flake, text);
    for (const { path, value, node } of top) {
        if (path[0] !== "inputs") continue;
        if (!readInputs(drafts, path.slice(1), value, node, text)) return undefined;
    }
    const outputs = top.find(({ path }) => path.length === 1 && path[0] === "outputs");
    for (const { from, to } of formals(outputs?.value)) {
        const name = text.slice(from, to);
        if (name === "self") continue;
        const draft = drafts.get(name) ?? newDraft();
        drafts.set(name, draft);
        draft.argument = { from, to };
    }
    return [...drafts].map(([name, draft]) => finished(name, draft));
}

interface Draft {
    readonly attributes: Map<string, unknown>;
    readonly overrides: Map<string, readonly string[]>;
    follows: readonly string[] | undefined;
    readonly places: Place[];
    argument: Place | undefined;
    isKnown: boolean;
}

function newDraft(): Draft {
    return {
        attributes: new Map(),
        overrides: new Map(),
        follows: undefined,
        places: [],
        argument: undefined,
        isKnown: true,
    };
}

/** Takes up `inputs.PATH = value`; false where the names can't be told. */
function readInputs(
    drafts: Map<string, Draft>,
    path: Binding["path"],
    value: SyntaxNode,
    node: SyntaxNode,
    text: string,
): boolean {
    if (path.length === 0) {
        const set = setOf(value);
        if (set === undefined) return false;
        const isPlain = children(set).every((child) => child.name === "Bind");
        return (
            isPlain &&
            bindings(set, text).every((inner) =>
                readInputs(drafts, inner.path, inner.value, inner.node, text),
            )
        );
    }
    const [name, ...rest] = path;
    if (name === undefined) return false;
    const draft = drafts.get(name) ?? newDraft();
    drafts.set(name, draft);
    draft.places.push({ from: node.from, to: node.to });
    readInput(draft, rest, value, text);
    return true;
}

/** Takes up `inputs.NAME.PATH = value`. */
function readInput(draft: Draft, path: Binding["path"], value: SyntaxNode, text: string): void {
    const set = setOf(value);
    if (set !== undefined && (path.length === 0 || path[0] === "inputs")) {
        for (const inner of bindings(set, text)) {
            readInput(draft, [...path, ...inner.path], inner.value, text);
        }
        return;
    }
    const [attribute, input, ...rest] = path;
    if (attribute === "inputs") {
        // An override's own reference (`inputs.x.inputs.y.url`) changes the graph deeper down.
        const target = literalText(value, text);
        if (input !== undefined && rest.length === 1 && rest[0] === "follows") {
            if (target !== undefined) draft.overrides.set(input, pathOf(target));
        }
        return;
    }
    if (attribute === undefined || input !== undefined) {
        draft.isKnown = false;
        return;
    }
    const literal = literalOf(value, text);
    if (literal === undefined) draft.isKnown = false;
    else if (attribute === "follows") draft.follows = pathOf(String(literal));
    else draft.attributes.set(attribute, literal);
}

function finished(name: string, draft: Draft): DeclaredInput {
    const { follows, overrides, places, argument } = draft;
    const reference = referenceOf(name, draft);
    return { name, reference, follows, overrides, from: places[0]?.from, places, argument };
}

function referenceOf(name: string, { attributes, isKnown }: Draft): FlakeRef | undefined {
    if (!isKnown) return undefined;
    const url = attributes.get("url");
    if (typeof url === "string") return parseFlakeRef(url);
    const own = [...attributes].filter(([key]) => key !== "flake");
    if (own.some(([key]) => key === "type")) return Object.fromEntries(own);
    return own.length === 0 ? { type: "indirect", id: name } : undefined;
}

/** `a/b` as nix writes a path of input names. */
function pathOf(text: string): string[] {
    return text.split("/").filter((name) => name !== "");
}

function literalOf(node: SyntaxNode, text: string): unknown {
    const { name, from, to } = bare(node);
    if (name === "Boolean") return text.slice(from, to) === "true";
    if (name === "Integer") return Number(text.slice(from, to));
    // A path is a reference like any other: `url = ./sub;`.
    if (name === "Path") return text.slice(from, to);
    return literalText(node, text);
}

function setOf(node: SyntaxNode | undefined): SyntaxNode | undefined {
    const inner = node && bare(node);
    if (inner?.name === "RecAttrSet") return children(inner)[0];
    return inner?.name === "AttrSet" ? inner : undefined;
}

/** The names of a function's arguments; none for `inputs: …`. */
function formals(node: SyntaxNode | undefined): SyntaxNode[] {
    const inner = node && bare(node);
    if (inner?.name !== "Function") return [];
    return children(inner).flatMap((child) => {
        const [name] = child.name === "Formal" ? children(child) : [];
        return name === undefined ? [] : [name];
    });
}
