import type { SyntaxNode } from "@lezer/common";
import { bare, bindings, children, type Binding, type Syntax } from "../syntax";
import { functionParts, type FunctionParts } from "./scope";

/** The parts that every flake.nix has. */
export interface FlakeShape {
    readonly set: SyntaxNode;
    /** Every binding of the file's set, in order. */
    readonly top: readonly Binding[];
    readonly outputs: Binding;
    /** The function that `outputs` is; undefined where it has to be evaluated. */
    readonly call: FunctionParts | undefined;
}

/** The shape of a flake; undefined where the text is none, or is not finished. */
export function shapeOf({ expression, text }: Syntax): FlakeShape | undefined {
    const set = expression && literalSet(expression);
    if (set === undefined) return undefined;
    const top = bindings(set, text);
    const outputs = top.find(({ path }) => path.length === 1 && path[0] === "outputs");
    if (outputs === undefined) return undefined;
    const value = bare(outputs.value);
    const call = value.name === "Function" ? functionParts(value) : undefined;
    return { set, top, outputs, call };
}

/** The node with the bindings of `{ … }` or `rec { … }`. */
export function literalSet(node: SyntaxNode): SyntaxNode | undefined {
    const inner = bare(node);
    if (inner.name === "RecAttrSet") return children(inner)[0];
    return inner.name === "AttrSet" ? inner : undefined;
}
