import type { SyntaxNode } from "@lezer/common";
import { bare, bindings, children, type Syntax } from "../syntax";
import { literalSet } from "./flakeShape";
import { namesAround, outputPlace, placeOf } from "./outputPlace";
import { definitionOf, finalValue, resolved, usesOf } from "./scope";

/** The attributes of a shell that are lists of packages. */
export const LISTS = ["packages", "nativeBuildInputs", "buildInputs"] as const;

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
    | {
          readonly kind: "set";
          readonly set: SyntaxNode;
          /** Whether others than the shell use it, too. */
          readonly isShared: boolean;
      }
    | { readonly kind: "unknown"; readonly node: SyntaxNode };

/** Functions that take `packages` and so on: nixpkgs', crane's, numtide's, devenv's, cargo2nix'. */
const SHELL_MAKERS: ReadonlySet<string> = new Set([
    "mkShell",
    "mkShellNoCC",
    "devShell",
    "workspaceShell",
]);

/** How far names are followed to what they stand for: a file may say that a name is itself. */
const DEEPEST = 8;

/** The dev shells that a file makes itself, in order. */
export function shellCalls({ expression, text }: Syntax): ShellCall[] {
    const calls: ShellCall[] = [];
    const others: ShellCall[] = [];
    expression?.cursor().iterate(({ node }) => {
        if (node.name === "App") {
            const call = shellCall(node, text);
            if (call !== undefined) calls.push(call);
        } else if (node.name === "Bind") {
            calls.push(...moduleShell(node, text));
            others.push(...callOfAnother(node, text));
        }
    });
    const more = others.filter(({ label }) => !calls.some((call) => call.label === label));
    const all = [...calls, ...more].sort((a, b) => a.node.from - b.node.from);
    // What is made within a shell is a part of it.
    return all.filter(({ node }) => !all.some((other) => isWithin(node, other.node)));
}

function isWithin(inner: SyntaxNode, outer: SyntaxNode): boolean {
    const isInside = inner.from >= outer.from && inner.to <= outer.to;
    return isInside && inner.to - inner.from < outer.to - outer.from;
}

function shellCall(node: SyntaxNode, text: string): ShellCall | undefined {
    const [callee, argument] = children(node);
    if (callee === undefined || argument === undefined || argument.name === "List") {
        return undefined;
    }
    const head = headOf(callee, text);
    const maker = head?.names.at(-1);
    if (head === undefined || maker === undefined || head.arguments !== 0) return undefined;
    if (!SHELL_MAKERS.has(maker)) return undefined;
    return {
        label: outputPlace(node, text)?.label,
        node,
        head: head.names,
        packageSet: head.packageSet,
        parts: head.names.includes("devenv")
            ? moduleParts(argument, text)
            : partsOf(argument, text),
    };
}

/** `devenv.shells.default = { … };` and `devshells.default = { … };` of flake-parts. */
function moduleShell(bind: SyntaxNode, text: string): ShellCall[] {
    const value = children(bind).at(-1);
    if (value === undefined || !["AttrSet", "Function"].includes(bare(value).name)) return [];
    const names = namesAround(bind, text);
    const [before, set, label] = names.slice(-3);
    const isDevenvShell = before === "devenv" && set === "shells";
    if (label === undefined || !(isDevenvShell || set === "devshells")) return [];
    const head = [isDevenvShell ? "devenv" : "devshell"];
    return [{ label, node: value, head, packageSet: undefined, parts: partsOf(value, text) }];
}

/** A dev shell that a function makes which is not known, but takes lists of packages like others. */
function callOfAnother(bind: SyntaxNode, text: string): ShellCall[] {
    const place = placeOf(namesAround(bind, text));
    const [, value] = place === undefined ? [] : children(bind);
    const node = value && finalValue(value, text);
    if (place === undefined || node?.name !== "App") return [];
    const [callee, argument] = children(node);
    if (callee === undefined || argument === undefined) return [];
    const source = text.slice(callee.from, callee.to);
    if (/\b(?:import|callPackage\w*)\b/.test(source)) return [];
    const parts = partsOf(argument, text);
    const { label } = place;
    const head = headOf(callee, text);
    if (head?.names.at(-1) === "mkDerivation" && head.arguments === 0) {
        return [{ label, node, head: head.names, packageSet: head.packageSet, parts }];
    }
    const hasList = parts.some(
        (part) =>
            part.kind === "set" &&
            bindings(part.set, text).some(({ path }) => path.length === 1 && isList(path[0])),
    );
    if (!hasList) return [];
    // What an override does not name stays as it is, and only the evaluation tells what that is.
    const base: ShellPart[] = /\.override\w*$/.test(source)
        ? [{ kind: "unknown", node: callee }]
        : [];
    return [{ label, node, head: [], packageSet: undefined, parts: [...base, ...parts] }];
}

function isList(name: string | undefined): boolean {
    return LISTS.some((list) => list === name);
}

/** Whether a shell is made of modules, devenv's or numtide's, which have one list of packages. */
export function hasOneList({ head }: ShellCall): boolean {
    return head.includes("devenv") || isDevshell({ head });
}

/** Whether a shell is numtide's, whose variables are a list. */
export function isDevshell({ head }: Pick<ShellCall, "head">): boolean {
    return head.includes("devshell");
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
    const isOwn =
        ["devShell", "workspaceShell"].includes(maker) || textOf(end, text) === "devshell";
    return {
        names: [textOf(base, text), ...attributes.map((part) => textOf(part, text))],
        packageSet: isOfPackages && !isOwn ? text.slice(base.from, end.to) : undefined,
        arguments: count - attributes.length,
    };
}

function textOf(node: SyntaxNode | undefined, text: string): string {
    return node === undefined ? "" : text.slice(node.from, node.to);
}

function partsOf(
    argument: SyntaxNode,
    text: string,
    depth = 0,
    isOfShared: "shared" | "own" = "own",
): ShellPart[] {
    const node = resolved(argument, text);
    if (depth > DEEPEST) return [{ kind: "unknown", node }];
    const use = isOfShared === "shared" || isNamedTwice(argument, text) ? "shared" : "own";
    const set = literalSet(node);
    if (set !== undefined) return [{ kind: "set", set, isShared: use === "shared" }];
    switch (node.name) {
        case "Let":
        case "With":
        case "Function":
        case "Assert": {
            const body = children(node).at(-1);
            return body === undefined
                ? [{ kind: "unknown", node }]
                : partsOf(body, text, depth + 1, use);
        }
        case "BinaryExpr": {
            const [left, right] = children(node);
            if (left === undefined || right === undefined) break;
            if (text.slice(left.to, right.from).trim() !== "//") break;
            return [left, right].flatMap((side) => partsOf(side, text, depth + 1, use));
        }
    }
    return [{ kind: "unknown", node }];
}

/** Whether an expression is a name that is used elsewhere, too. */
function isNamedTwice(node: SyntaxNode, text: string): boolean {
    const { name, from, to } = bare(node);
    if (name !== "Identifier") return false;
    const used = text.slice(from, to);
    const found = definitionOf(used, node, text);
    return found?.kind === "value" && usesOf(used, found.scope, text).length > 1;
}
