import type { SyntaxNode } from "@lezer/common";
import { bare, children, type Syntax } from "../syntax";
import type { ShellCall } from "./devShells";
import { definitionOf, functionParts } from "./scope";

/** A toolchain of rust-overlay that a flake names by its channel. */
export interface Pinned {
    /** All of it: `pkgs.rust-bin.stable.latest.default.override { … }`. */
    readonly node: SyntaxNode;
    /** `pkgs.rust-bin`. */
    readonly rustBin: string;
    /** What it is overridden with. */
    readonly options: SyntaxNode | undefined;
    /** Whether it is a toolchain, not one of its components, or the set of them. */
    readonly isWhole: boolean;
}

export function pinnedToolchains({ expression, text }: Syntax): Pinned[] {
    const found: Pinned[] = [];
    expression?.cursor().iterate(({ node }) => {
        if (node.name !== "Select") return;
        const [base, path] = children(node);
        if (base === undefined || path === undefined) return;
        const parts = [base, ...children(path)];
        const names = parts.map(({ from, to }) => text.slice(from, to));
        const at = names.indexOf("rust-bin");
        const end = parts[at];
        const channel = names[at + 1];
        if (end === undefined || channel === undefined) return;
        if (!["stable", "beta", "nightly", "selectLatestNightlyWith"].includes(channel)) return;
        const isCalled = names.at(-1) === "override" || channel === "selectLatestNightlyWith";
        const { parent } = node;
        const isCallee = parent?.name === "App" && parent.firstChild?.from === node.from;
        if (isCalled && !isCallee) return;
        const argument = isCalled && parent !== null ? children(parent)[1] : undefined;
        found.push({
            node: isCalled && parent !== null ? parent : node,
            rustBin: text.slice(node.from, end.to),
            options:
                names.at(-1) === "override" ? argument : argument && overrideWithin(argument, text),
            isWhole: isCalled || PROFILES.has(names.at(-1) ?? ""),
        });
    });
    return found;
}

const PROFILES: ReadonlySet<string> = new Set(["default", "minimal", "complete"]);

/** The set of `toolchain: toolchain.default.override { … }`. */
function overrideWithin(argument: SyntaxNode, text: string): SyntaxNode | undefined {
    const made = bare(argument);
    const result = made.name === "Function" ? functionParts(made).body : undefined;
    const call = result && bare(result);
    if (call?.name !== "App") return undefined;
    const [callee, options] = children(call);
    if (callee === undefined || options?.name !== "AttrSet") return undefined;
    return /\.override$/.test(text.slice(callee.from, callee.to)) ? options : undefined;
}

/** Whether a shell comes to use an expression: it is in it, or in what its names stand for. */
export function isReached(node: SyntaxNode, call: ShellCall, text: string): boolean {
    const seen = new Set<number>();
    const queue = [
        call.node,
        ...call.parts.map((part) => (part.kind === "set" ? part.set : part.node)),
    ];
    for (let at = queue.pop(); at !== undefined; at = queue.pop()) {
        if (seen.has(at.from)) continue;
        seen.add(at.from);
        if (node.from >= at.from && node.to <= at.to) return true;
        at.cursor().iterate(({ node: name }) => {
            if (name.name !== "Identifier" || name.parent?.name === "AttrPath") return;
            const found = definitionOf(text.slice(name.from, name.to), name, text);
            if (found?.kind === "value") queue.push(found.value);
        });
    }
    return false;
}
