import type { SyntaxNode } from "@lezer/common";
import { declaredInputs } from "../inputs";
import { nixString } from "../write/nixText";
import { bindings, parseNix, type Binding } from "../syntax";
import { madeOf, notUnderstood, type FlakeEdit } from "./flakeEdit";
import { literalSet, shapeOf, type FlakeShape } from "./flakeShape";
import {
    addToSet,
    afterComment,
    endOfLine,
    indentAt,
    inUnits,
    isFirstOnLine,
    oneLine,
    pasted,
    spansLines,
} from "./layout";
import { formalName, type FunctionParts } from "./scope";
import { insertion, type TextEdit } from "./textEdit";

/** A flake input to be declared. */
export interface NewInput {
    /** A nix identifier. */
    readonly name: string;
    /** A flake reference, such as `github:oxalica/rust-overlay`. */
    readonly url: string;
    /** Its own inputs that are to follow inputs of this flake: the name of each, and its target. */
    readonly follows: readonly (readonly [name: string, target: string])[];
    /** A flake, or files without a flake.nix. */
    readonly content: "flake" | "files";
}

/** Declares an input, and names it in the arguments of `outputs` where that is needed. */
export async function addInput(text: string, input: NewInput): Promise<FlakeEdit> {
    const snippet = pasted([
        ...inputLines(input, "inputs.", "set"),
        "",
        `# and ${input.name} among the arguments of outputs: { self, ${input.name}, ... }:`,
    ]);
    const syntax = await parseNix(text);
    const shape = shapeOf(syntax);
    if (shape === undefined) {
        return notUnderstood("the file is no set with an outputs attribute", snippet);
    }
    const declared = await declaredInputs(text);
    if (declared === undefined) {
        return notUnderstood("its inputs are not written out as a set", snippet);
    }
    const { call } = shape;
    if (call === undefined) {
        return notUnderstood("its outputs are not written out as a function", snippet);
    }
    const known = declared.filter(({ from }) => from !== undefined).map(({ name }) => name);
    const isDeclared = known.includes(input.name);
    const edits = isDeclared ? [] : [declaration(shape, input, text)];
    if (needsFormal(call, known, text)) edits.push(...addFormal(call, input.name, text));
    return madeOf(syntax, edits, snippet);
}

/** How an input is named in the body of `outputs`; undefined where it is out of reach. */
export function inputReference(
    call: FunctionParts,
    name: string,
    text: string,
): string | undefined {
    const { whole, formals } = call;
    if (formals.some((formal) => formalName(formal, text) === name)) return name;
    return whole && `${text.slice(whole.from, whole.to)}.${name}`;
}

/**
 * Without `...` every input has to be an argument, and without a name for all of them it can be
 * used only as one. Else the file's own habit decides.
 */
function needsFormal(call: FunctionParts, known: readonly string[], text: string): boolean {
    const { whole, brace, formals, ellipses } = call;
    if (brace === undefined) return false;
    if (ellipses === undefined || whole === undefined) return true;
    const named = formals.map((formal) => formalName(formal, text));
    return named.length > 0 && known.every((name) => named.includes(name));
}

function declaration(shape: FlakeShape, input: NewInput, text: string): TextEdit {
    const own = shape.top.filter(({ path }) => path[0] === "inputs");
    const whole = own.filter(({ path }) => path.length === 1).at(-1);
    const set = whole && literalSet(whole.value);
    if (set !== undefined) {
        return addToSet(set, inputLines(input, "", styleOf(bindings(set, text), 0)), text);
    }
    const anchor = own.at(-1)?.node;
    if (anchor !== undefined) {
        return addToSet(shape.set, inputLines(input, "inputs.", styleOf(own, 1)), text, anchor);
    }
    return beforeOutputs(shape, inputLines(input, "inputs.", "set"), text);
}

function beforeOutputs(shape: FlakeShape, lines: readonly string[], text: string): TextEdit {
    const { node } = shape.outputs;
    if (!isFirstOnLine(text, node.from)) return insertion(node.from, `${oneLine(lines)} `);
    const eol = endOfLine(text);
    const indent = indentAt(text, node.from);
    // The comment above `outputs` stays above it.
    let at = node;
    while (at.prevSibling?.name.endsWith("Comment") && isFirstOnLine(text, at.prevSibling.from)) {
        at = at.prevSibling;
    }
    const laidOut = inUnits(lines, text).join(eol + indent);
    return insertion(at.from, `${laidOut}${eol}${eol}${indent}`);
}

/** Whether the inputs' attributes are in sets of their own, or spelled out one by one. */
function styleOf(inputs: readonly Binding[], depth: number): "set" | "flat" {
    const isFlat = inputs.some(
        ({ path }) => path.length > depth + 1 && path[depth + 1] === "inputs",
    );
    const isNested = inputs.some(
        ({ path, value }) => path.length === depth + 1 && literalSet(value) !== undefined,
    );
    return isFlat && !isNested ? "flat" : "set";
}

function inputLines(
    { name, url, follows, content }: NewInput,
    prefix: string,
    style: "set" | "flat",
): string[] {
    const attributes = [
        `url = ${nixString(url)};`,
        ...(content === "files" ? ["flake = false;"] : []),
        ...follows.map(([own, target]) => `inputs.${own}.follows = ${nixString(target)};`),
    ];
    const start = `${prefix}${name}`;
    if (style === "flat" || attributes.length === 1) {
        return attributes.map((attribute) => `${start}.${attribute}`);
    }
    return [`${start} = {`, ...attributes.map((attribute) => `\t${attribute}`), "};"];
}

/** Names one more argument, with commas and lines like those of its neighbours. */
export function addFormal(call: FunctionParts, name: string, text: string): TextEdit[] {
    const { brace, formals, ellipses } = call;
    if (brace === undefined) return [];
    if (formals.some((formal) => formalName(formal, text) === name)) return [];
    const last = formals.at(-1);
    if (last === undefined) return [firstFormal(brace, ellipses, name, text)];
    const eol = endOfLine(text);
    const leading = leadingComma(last, text);
    if (leading !== undefined) return [insertion(afterComment(text, last.to), leading + name)];
    if (!isFirstOnLine(text, last.from)) return [insertion(last.to, `, ${name}`)];
    const line = eol + indentAt(text, last.from) + name;
    const comma = /^\s*,/.exec(text.slice(last.to))?.[0];
    if (comma !== undefined) {
        return [insertion(afterComment(text, last.to + comma.length), `${line},`)];
    }
    const at = afterComment(text, last.to);
    return at === last.to
        ? [insertion(at, `,${line}`)]
        : [insertion(last.to, ","), insertion(at, line)];
}

/** The break, indentation and comma before an argument, where lines begin with the commas. */
function leadingComma(last: SyntaxNode, text: string): string | undefined {
    const before = /\r?\n[ \t]*,[ \t]*$/.exec(text.slice(0, last.from))?.[0];
    if (before !== undefined) return before;
    return /^[ \t]*(?:#.*)?(\r?\n[ \t]*,[ \t]*)/.exec(text.slice(last.to))?.[1];
}

function firstFormal(
    brace: SyntaxNode,
    ellipses: SyntaxNode | undefined,
    name: string,
    text: string,
): TextEdit {
    if (ellipses === undefined) {
        const isTight = text[brace.to] === "}";
        return insertion(brace.to, isTight ? ` ${name} ` : ` ${name}`);
    }
    if (spansLines(text, { from: brace.from, to: ellipses.from })) {
        const indent = indentAt(text, ellipses.from);
        return insertion(brace.to, `${endOfLine(text)}${indent}${name},`);
    }
    return insertion(ellipses.from, `${name}, `);
}
