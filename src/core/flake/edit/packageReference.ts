import type { SyntaxNode } from "@lezer/common";
import { bare, children } from "../syntax";
import type { ShellCall } from "./devShells";
import { definitionOf, withsAround } from "./scope";

/** How packages are written at a place. */
export interface PackageStyle {
    /** The text before a package's name: `pkgs`; undefined where only `with` brings them. */
    readonly set: string | undefined;
    /** The names that can't stand for themselves: something nearby is called so. */
    readonly isPlain: (attribute: string) => boolean;
}

/**
 * How packages are written in a list: as its other items are, else as the file reaches them.
 *
 * @param at the list, or where one will be
 * @param items the items around the place
 * @returns undefined where nothing tells how to reach nixpkgs
 */
export function packageStyle(
    call: ShellCall,
    at: SyntaxNode,
    items: readonly SyntaxNode[],
    text: string,
): PackageStyle | undefined {
    const opened = withsAround(at).find(
        ({ set }) => isPackageSet(set, text) || bringsShell(set, call, text),
    )?.set;
    const set = reachable(call, at, items, text) ?? (opened && text.slice(opened.from, opened.to));
    const isSpelledOut = items.length > 0 && items.every((item) => baseOf(item, text) === set);
    if (opened === undefined || isSpelledOut) {
        return set === undefined ? undefined : { set, isPlain: () => false };
    }
    const isPlain = (attribute: string): boolean => {
        const [first = attribute] = attribute.split(".");
        return definitionOf(first, at, text) === undefined;
    };
    return { set, isPlain };
}

/** A package as it is written in that style; undefined where it can't be reached. */
export function packageText(style: PackageStyle, attribute: string): string | undefined {
    if (style.isPlain(attribute)) return attribute;
    if (style.set === undefined) return undefined;
    return style.set.includes(" ") ? `(${style.set}).${attribute}` : `${style.set}.${attribute}`;
}

/** `lib`, as it can be reached at a place. */
export function libText(style: PackageStyle, at: SyntaxNode, text: string): string | undefined {
    if (definitionOf("lib", at, text) !== undefined) return "lib";
    return packageText(style, "lib");
}

/** Whether a `with` is all that can bring the shell's plain `mkShell`: `with nixpkgsFor.x; mkShell`. */
function bringsShell(set: SyntaxNode, call: ShellCall, text: string): boolean {
    const [maker, ...rest] = call.head;
    if (maker === undefined || rest.length > 0 || call.packageSet !== undefined) return false;
    const withs = withsAround(call.node);
    return (
        withs.length === 1 &&
        withs[0]?.set.from === set.from &&
        definitionOf(maker, call.node, text) === undefined
    );
}

/** The package set by a name, where one is in reach: the shell's own, the neighbours', `pkgs`. */
function reachable(
    call: ShellCall,
    at: SyntaxNode,
    items: readonly SyntaxNode[],
    text: string,
): string | undefined {
    const used = items.map((item) => baseOf(item, text)).filter((base) => base !== undefined);
    const own = used.filter((base) => base === call.packageSet);
    const neighbours = used.filter((base) => /pkgs/i.test(base) && !isForeign(base, at, text));
    const candidates = [...own, ...neighbours, call.packageSet, "pkgs"];
    return candidates.find((candidate) => {
        const [first] = candidate?.split(".") ?? [];
        return first !== undefined && isInReach(first, at, text);
    });
}

/** Whether a name stands for packages of another flake, as `fenixPkgs = fenix.packages.x` does. */
function isForeign(base: string, at: SyntaxNode, text: string): boolean {
    const [first = base] = base.split(".");
    const found = definitionOf(first, at, text);
    if (found?.kind !== "value") return false;
    const source = text.slice(found.value.from, found.value.to);
    return /\.packages\b/.test(source) && !/pkgs/i.test(source);
}

function isInReach(name: string, at: SyntaxNode, text: string): boolean {
    // `with inputs;` may bring it, too, but nothing in the text says so.
    return definitionOf(name, at, text) !== undefined;
}

/** `pkgs` of `pkgs.openssl`, and `nixpkgs.legacyPackages.x86_64-linux` likewise. */
function baseOf(item: SyntaxNode, text: string): string | undefined {
    const node = bare(item);
    if (node.name !== "Select") return undefined;
    const [base, path] = children(node);
    if (base?.name !== "Identifier" || path === undefined) return undefined;
    const names = children(path);
    const packages = names.findIndex(({ from, to }) => text.slice(from, to) === "legacyPackages");
    const system = packages < 0 ? undefined : names[packages + 1];
    if (system !== undefined) return text.slice(base.from, system.to);
    const name = text.slice(base.from, base.to);
    return name === "nixpkgs" ? undefined : name;
}

function isPackageSet(node: SyntaxNode, text: string): boolean {
    const source = text.slice(node.from, node.to);
    // `pkgsFor.${system}`, `pkgsFor system`.
    if (/^\(?[\w'.-]*pkgs[\w'-]*(\.\$\{[^{}]*\}|\s+[\w'.-]+\)?)$/i.test(source)) return true;
    return (
        /(^|\.)\w*pkgs[\w'-]*(\."[\w-]+")?$|legacyPackages|^\(?import\s.*nixpkgs|^\(?import\s.*<nixpkgs>/i.test(
            source.split("{")[0]?.trim() ?? "",
        ) && !/\.lib$/.test(source)
    );
}
