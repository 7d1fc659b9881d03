import type { SyntaxNode } from "@lezer/common";
import { children, type Syntax } from "../syntax";
import { shapeOf } from "./flakeShape";
import { namesAround, placeOf } from "./outputPlace";
import { finalValue, functionParts } from "./scope";

/** How far a call is followed to what it begins with: a file may say that a name is itself. */
const DEEPEST = 8;

/**
 * The file in which a dev shell is made, as flake.nix names it: `./nix/shell.nix`, or the folder of
 * a default.nix. Undefined where it does not name one, or not for sure.
 *
 * @param name the shell's name, without its system
 */
export function shellFile(syntax: Syntax, name: string): string | undefined {
    const { expression, text } = syntax;
    const value = shellValue(syntax, name) ?? shapeOf(syntax)?.outputs.value;
    let head: SyntaxNode | undefined = value && resultOf(value, text);
    for (let depth = 0; head !== undefined && depth < DEEPEST; depth++) {
        const path = importedPath(head, text);
        if (path !== undefined) return path;
        head = beginning(head, text);
    }
    const called = new Set<string>();
    expression?.cursor().iterate(({ node }) => {
        const path = text.slice(node.from, node.to);
        if (node.name === "Path" && CALLED_SHELL.test(path)) called.add(path);
    });
    return called.size === 1 ? [...called][0] : undefined;
}

/** `./shell.nix`, `./nix/devShell.nix`. */
const CALLED_SHELL = /(?:^|[/._-])(?:dev[-_]?)?shells?(?:\.nix)?$/i;

/** What an expression comes to; of a function, what it gives. */
function resultOf(node: SyntaxNode, text: string): SyntaxNode | undefined {
    const value = finalValue(node, text);
    const result = value.name === "Function" ? functionParts(value).body : undefined;
    return result === undefined ? value : finalValue(result, text);
}

/** What is called, or what something is taken from: `f` of `(f x).y`. */
function beginning(node: SyntaxNode, text: string): SyntaxNode | undefined {
    if (node.name !== "App" && node.name !== "Select") return undefined;
    const [first] = children(node);
    return first && finalValue(first, text);
}

/** The path of `import ./x` and `pkgs.callPackage ./x`. */
function importedPath(node: SyntaxNode, text: string): string | undefined {
    if (node.name !== "App") return undefined;
    const [callee, path] = children(node);
    if (callee === undefined || path?.name !== "Path") return undefined;
    const isImport = /\b(?:import|callPackage)$/.test(text.slice(callee.from, callee.to));
    return isImport ? text.slice(path.from, path.to) : undefined;
}

/** What a flake.nix says a dev shell is: the value of `devShells.NAME`; undefined for nothing. */
export function shellValue({ expression, text }: Syntax, name: string): SyntaxNode | undefined {
    let found: SyntaxNode | undefined;
    expression?.cursor().iterate(({ node }) => {
        if (found !== undefined || node.name !== "Bind") return;
        const place = placeOf(namesAround(node, text));
        if (place?.isShell === true && isOf(place.label, name)) found = children(node).at(-1);
    });
    return found;
}

/** The other name of a shell: `ci` of `self.devShells.${system}.ci`, or of a plain `ci`. */
export function aliasOf(value: SyntaxNode, text: string): string | undefined {
    const source = text.slice(value.from, value.to);
    if (value.name === "Identifier") return source;
    return /(?:^|\.)devShells(?:\.(?:\$\{[^{}]*\}|"[^"]*"|\w+-(?:linux|darwin)))?\.([\w'-]+)$/.exec(
        source,
    )?.[1];
}

function isOf(label: string | undefined, name: string): boolean {
    return label === name || label?.endsWith(`.${name}`) === true;
}
