import type { SyntaxNode } from "@lezer/common";
import { bare, bindings, children, type Binding, type Syntax } from "../syntax";
import { literalSet } from "./flakeShape";
import { definitionOf, inherited, resolved, usesOf } from "./scope";

/** A place in a flake.nix that makes a dev shell. */
export interface ShellCall {
    /**
     * What tells it from the file's other shells: its name, with its system before it where there
     * is one of that name for each; undefined where the text gives it none.
     */
    readonly label: string | undefined;
    /** The call itself: `pkgs.mkShell { … }`. */
    readonly node: SyntaxNode;
    /** The names that lead to the function: `["pkgs", "mkShell"]`. */
    readonly head: readonly string[];
    /** The text before the function's name: `pkgs`; undefined for a plain `mkShell`. */
    readonly packageSet: string | undefined;
    /** The sets that its argument is put together of, in order; the last one wins. */
    readonly parts: readonly ShellPart[];
}

/** One side of `{ … } // rest`. */
export type ShellPart =
    | { readonly kind: "set"; readonly set: SyntaxNode }
    | { readonly kind: "unknown"; readonly node: SyntaxNode };

/** Functions that take `packages` and so on: nixpkgs' own, crane's, numtide's and devenv's. */
const SHELL_MAKERS: ReadonlySet<string> = new Set(["mkShell", "mkShellNoCC", "devShell"]);

/** How far names are followed to what they stand for: a file may say that a name is itself. */
const DEEPEST = 8;

/** The dev shells that a flake.nix makes itself, in order. */
export function shellCalls({ expression, text }: Syntax): ShellCall[] {
    const calls: ShellCall[] = [];
    expression?.cursor().iterate(({ node }) => {
        if (node.name !== "App") return;
        const call = shellCall(node, text);
        if (call !== undefined) calls.push(call);
    });
    // What is made within a shell is a part of it.
    return calls.filter(({ node }) => !calls.some((other) => isWithin(node, other.node)));
}

function isWithin(inner: SyntaxNode, outer: SyntaxNode): boolean {
    const isInside = inner.from >= outer.from && inner.to <= outer.to;
    return isInside && inner.to - inner.from < outer.to - outer.from;
}

function shellCall(node: SyntaxNode, text: string): ShellCall | undefined {
    const [callee, argument] = children(node);
    if (callee === undefined || argument === undefined) return undefined;
    const head = headOf(callee, text);
    const maker = head?.names.at(-1);
    if (head === undefined || maker === undefined || head.arguments !== 0) return undefined;
    const place = outputPlace(node, text);
    const isShell =
        SHELL_MAKERS.has(maker) || (maker === "mkDerivation" && place?.output !== undefined);
    if (!isShell) return undefined;
    return {
        label: place?.label,
        node,
        head: head.names,
        packageSet: head.packageSet,
        parts: head.names.includes("devenv")
            ? moduleParts(argument, text)
            : partsOf(argument, text),
    };
}

/** Whether a shell is made of modules, which have one list of packages and no other. */
export function isDevenv({ head }: ShellCall): boolean {
    return head.includes("devenv");
}

/** The sets that a devenv shell is written in: `{ modules = [ { … } ]; }`. */
function moduleParts(argument: SyntaxNode, text: string): ShellPart[] {
    const set = literalSet(resolved(argument, text));
    const modules = set && bindings(set, text).find(({ path }) => path[0] === "modules")?.value;
    const parts = modules && children(resolved(modules, text)).flatMap((it) => partsOf(it, text));
    const literal = parts?.filter(({ kind }) => kind === "set") ?? [];
    return literal.length > 0 ? literal : [{ kind: "unknown", node: argument }];
}

interface Head {
    readonly names: readonly string[];
    readonly packageSet: string | undefined;
    /** How many arguments come before the shell's own: one for each `.override`. */
    readonly arguments: number;
}

/** What a chain of applications begins with. */
function headOf(callee: SyntaxNode, text: string, depth = 0): Head | undefined {
    const node = bare(callee);
    if (depth > DEEPEST) return undefined;
    switch (node.name) {
        case "App": {
            const [inner] = children(node);
            const head = inner && headOf(inner, text, depth + 1);
            return head && { ...head, arguments: head.arguments - 1 };
        }
        case "Identifier": {
            const name = text.slice(node.from, node.to);
            if (SHELL_MAKERS.has(name)) {
                return { names: [name], packageSet: undefined, arguments: 0 };
            }
            const value = resolved(node, text);
            return value.name === "Identifier" ? undefined : headOf(value, text, depth + 1);
        }
        case "Select":
            return selectedHead(node, text);
        default:
            return undefined;
    }
}

/** `pkgs.mkShell` and `pkgs.mkShell.override`. */
function selectedHead(node: SyntaxNode, text: string): Head | undefined {
    const [base, path] = children(node);
    if (base === undefined || path?.name !== "AttrPath") return undefined;
    const attributes = children(path);
    const count = attributes.length;
    while (/^override(Attrs)?$/.test(textOf(attributes.at(-1), text))) attributes.pop();
    const maker = textOf(attributes.at(-1), text);
    const before = attributes.slice(0, -1).filter((part) => !/[sS]tdenv/.test(textOf(part, text)));
    const end = before.at(-1) ?? base;
    const isOfPackages = /pkgs|packages/i.test(text.slice(base.from, end.to));
    const isOwn = maker === "devShell" || textOf(end, text) === "devshell";
    return {
        names: [textOf(base, text), ...attributes.map((part) => textOf(part, text))],
        packageSet: isOfPackages && !isOwn ? text.slice(base.from, end.to) : undefined,
        arguments: count - attributes.length,
    };
}

function textOf(node: SyntaxNode | undefined, text: string): string {
    return node === undefined ? "" : text.slice(node.from, node.to);
}

function partsOf(argument: SyntaxNode, text: string, depth = 0): ShellPart[] {
    const node = resolved(argument, text);
    if (depth > DEEPEST) return [{ kind: "unknown", node }];
    const set = literalSet(node);
    if (set !== undefined) return [{ kind: "set", set }];
    switch (node.name) {
        case "Let":
        case "With":
        case "Function":
        case "Assert": {
            const body = children(node).at(-1);
            return body === undefined
                ? [{ kind: "unknown", node }]
                : partsOf(body, text, depth + 1);
        }
        case "BinaryExpr": {
            const [left, right] = children(node);
            if (left === undefined || right === undefined) break;
            if (text.slice(left.to, right.from).trim() !== "//") break;
            return [left, right].flatMap((side) => partsOf(side, text, depth + 1));
        }
    }
    return [{ kind: "unknown", node }];
}

interface Place {
    readonly output: string | undefined;
    readonly label: string | undefined;
}

const OUTPUTS: ReadonlySet<string> = new Set(["devShells", "devShell"]);

const SYSTEM = /^(x86_64|aarch64|i686|armv\dl|riscv64|powerpc64le)-[a-z]+$/;

/** Under which name of `devShells` a place is; follows `let` names to where they are used. */
function outputPlace(node: SyntaxNode, text: string, depth = 0): Place | undefined {
    const path: (string | undefined)[] = [];
    for (let at = node.parent, inner = node; at !== null; inner = at, at = at.parent) {
        if (at.name !== "Bind") continue;
        const bind = bindings(at.parent ?? at, text).find(({ node: own }) => own.from === at.from);
        if (bind === undefined || bind.value.from > inner.from) continue;
        path.unshift(...bind.path);
        const scope = at.parent;
        if (scope?.name === "Let" && depth < DEEPEST / 2) {
            const used = usedPlace(bind, scope, text, depth + 1);
            const inner = path.slice(1).filter((name) => name !== undefined);
            if (used === undefined) return { output: undefined, label: path.at(-1) };
            return inner.length === 0 ? used : { ...used, label: labelOf(["devShells", ...inner]) };
        }
    }
    const start = path.findIndex((name) => name !== undefined && OUTPUTS.has(name));
    if (start < 0) return undefined;
    const names = path.slice(start + 1).filter((name) => name !== undefined);
    // What is deeper is an attribute of a shell.
    if (names.filter((name) => !SYSTEM.test(name)).length > 1) return undefined;
    return { output: path[start], label: labelOf(path.slice(start)) };
}

function labelOf([output, ...rest]: readonly (string | undefined)[]): string {
    const names = rest.filter((name) => name !== undefined);
    const systems = names.filter((name) => SYSTEM.test(name));
    const own = names.filter((name) => !SYSTEM.test(name));
    const name = output === "devShell" ? "default" : (own.at(-1) ?? "default");
    return [...systems, name].join(".");
}

/** Where the shell of `let name = mkShell …` ends up. */
function usedPlace(
    { path }: Binding,
    scope: SyntaxNode,
    text: string,
    depth: number,
): Place | undefined {
    const [name] = path;
    if (name === undefined) return undefined;
    for (const use of usesOf(name, scope, text)) {
        if (definitionOf(name, use, text)?.scope.from !== scope.from) continue;
        const set = use.parent;
        const isInherited =
            set?.name === "AttrSet" && inherited(set).some(({ from }) => from === use.from);
        const place = isInherited
            ? inheritedPlace(use, name, text, depth)
            : outputPlace(use, text, depth);
        if (place?.output !== undefined) return place;
    }
    return undefined;
}

/** `inherit name;` in a set is `name = name;`. */
function inheritedPlace(
    use: SyntaxNode,
    name: string,
    text: string,
    depth: number,
): Place | undefined {
    const set = use.parent;
    if (set === null) return undefined;
    if (OUTPUTS.has(name)) return { output: name, label: "default" };
    const place = outputPlace(set, text, depth);
    return place?.output === undefined ? place : { ...place, label: name };
}
