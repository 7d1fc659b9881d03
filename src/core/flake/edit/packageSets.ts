import type { SyntaxNode } from "@lezer/common";
import { bare, bindings, children, type Syntax } from "../syntax";
import type { ShellCall } from "./devShells";
import { literalSet } from "./flakeShape";
import { definitionOf, resolved, withsAround } from "./scope";

/** A place in a flake.nix that makes a set of packages out of nixpkgs. */
export type PackageSet =
    /** `import nixpkgs { … }`, with its set of arguments. */
    | { readonly kind: "import"; readonly node: SyntaxNode; readonly options: SyntaxNode }
    /** `nixpkgs.legacyPackages.SYSTEM`. */
    | {
          readonly kind: "ready-made";
          readonly node: SyntaxNode;
          readonly nixpkgs: string;
          /** The attribute after `legacyPackages`. */
          readonly system: SyntaxNode;
      };

/** The set of packages that a dev shell is made of; undefined where that is not clear. */
export function packageSetOf(
    call: ShellCall,
    { expression, text }: Syntax,
): PackageSet | undefined {
    const all = packageSets(expression, text);
    if (all.length === 0) return ofAllSystems(call, text);
    if (all.length === 1) return all[0];
    const source = sourceOf(call, text);
    const own = source && packageSets(source, text);
    return own?.length === 1 ? own[0] : undefined;
}

/** `pkgsFor.${system}`, where `pkgsFor` stands for `nixpkgs.legacyPackages`. */
function ofAllSystems(call: ShellCall, text: string): PackageSet | undefined {
    const name = call.packageSet?.split(".")[0] ?? "pkgs";
    const found = definitionOf(name, call.node, text);
    const opened = withsAround(call.node)[0]?.set;
    const node = found?.kind === "value" ? bare(found.value) : opened && bare(opened);
    const [base, path] = node?.name === "Select" ? children(node) : [];
    const [system, ...rest] = path === undefined ? [] : children(path);
    if (node === undefined || base === undefined || system === undefined) return undefined;
    const { from, to } = resolved(base, text);
    const nixpkgs = /^([\w.'-]+)\.legacyPackages$/.exec(text.slice(from, to))?.[1];
    if (nixpkgs === undefined || rest.length > 0) return undefined;
    return { kind: "ready-made", node, nixpkgs, system };
}

/** Where the name before `mkShell`, or the `with` around it, gets its value. */
function sourceOf(call: ShellCall, text: string): SyntaxNode | undefined {
    const opened = withsAround(call.node)[0]?.set;
    const first = call.packageSet?.split(".")[0] ?? (opened === undefined ? "pkgs" : undefined);
    if (first === undefined) return opened && followed(opened, text);
    const found = definitionOf(first, call.node, text);
    return found?.kind === "value" ? followed(found.value, text) : undefined;
}

/** The value behind `pkgsFor.${system}`, `pkgsFor system` and a plain name. */
function followed(value: SyntaxNode, text: string): SyntaxNode {
    const node = resolved(value, text);
    if (node.name !== "Select" && node.name !== "App") return node;
    if (packageSets(node, text).length > 0) return node;
    const [head] = children(node);
    if (head?.name !== "Identifier") return node;
    const behind = resolved(head, text);
    return behind.from === head.from ? node : behind;
}

function packageSets(root: SyntaxNode | undefined, text: string): PackageSet[] {
    const found: PackageSet[] = [];
    root?.cursor().iterate(({ node }) => {
        const set = node.name === "App" ? imported(node, text) : readyMade(node, text);
        if (set !== undefined) found.push(set);
    });
    return found;
}

function imported(node: SyntaxNode, text: string): PackageSet | undefined {
    const [callee, argument] = children(node);
    if (callee === undefined || argument === undefined) return undefined;
    const source = text.slice(callee.from, callee.to).replace(/[()]/g, "").trim();
    if (!/^import\s+[\w.'-]*(pkgs|unstable|stable)[\w'-]*$/i.test(source)) return undefined;
    const options = literalSet(resolved(argument, text));
    return options && { kind: "import", node, options };
}

function readyMade(node: SyntaxNode, text: string): PackageSet | undefined {
    if (node.name !== "Select") return undefined;
    const [base, path] = children(node);
    if (base?.name !== "Identifier" || path === undefined) return undefined;
    const names = children(path);
    const at = names.findIndex(({ from, to }) => text.slice(from, to) === "legacyPackages");
    const system = at < 0 ? undefined : names[at + 1];
    if (system === undefined) return undefined;
    const end = names[at - 1] ?? base;
    return { kind: "ready-made", node, nixpkgs: text.slice(base.from, end.to), system };
}

/** What is said about a package set's system: `inherit system;` or an expression for it. */
export function systemBinding(system: SyntaxNode, text: string): string {
    const source = text.slice(system.from, system.to);
    const computed = /^"?\$\{([^{}]*)\}"?$/.exec(source)?.[1]?.trim();
    if (computed === "system") return "inherit system;";
    if (computed !== undefined) return `system = ${computed};`;
    return `system = ${source.startsWith('"') ? source : `"${source}"`};`;
}

/** The overlays' value in the options of an import; undefined where they name none. */
export function overlaysOf(
    options: SyntaxNode,
    text: string,
): { readonly value: SyntaxNode; readonly isInherited: boolean } | undefined {
    const bound = bindings(options, text).find(({ path }) => path[0] === "overlays");
    if (bound !== undefined) return { value: bound.value, isInherited: false };
    const found = definitionOf("overlays", options, text);
    const isTaken = children(options).some(
        (node) => node.name === "Identifier" && text.slice(node.from, node.to) === "overlays",
    );
    if (!isTaken || found?.kind !== "value") return undefined;
    return { value: bare(found.value), isInherited: true };
}
