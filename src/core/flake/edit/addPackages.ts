import type { SyntaxNode } from "@lezer/common";
import { children, parseNix, type Syntax } from "../syntax";
import { chosenShell } from "./chosenShell";
import { hasOneList, shellCalls, type ShellCall } from "./devShells";
import { madeOf, notUnderstood, type FlakeEdit } from "./flakeEdit";
import { addFirst, addToSet, oneLine, pasted, spansLines } from "./layout";
import { conditionalList, listPlace } from "./listPlace";
import { libText, packageStyle, packageText, type PackageStyle } from "./packageReference";
import { hasPackage, packagesOf, type Platform } from "./presentPackages";
import { definitionOf, usesOf, withsAround } from "./scope";
import {
    listAnchor,
    ownSet,
    shellAttribute,
    shellLists,
    type ShellAttribute,
} from "./shellAttributes";
import { isOfCrane } from "./shellMakers";
import type { TextEdit } from "./textEdit";

/** What is run when building, and what is linked. */
export type PackageKind = "packages" | "nativeBuildInputs" | "buildInputs";

/** Packages to be added to a dev shell. */
export interface NewPackages {
    /** Paths below nixpkgs: `openssl`, `python3Packages.numpy`. */
    readonly attributes: readonly string[];
    readonly kind: PackageKind;
    /** The systems that they exist for. */
    readonly platform: Platform;
    /** The label of the dev shell; undefined where it is the only one, or the default. */
    readonly shell: string | undefined;
}

/** The attributes that take a kind of packages, the best first: mkShell joins the first two. */
const HOMES: Readonly<Record<PackageKind, readonly string[]>> = {
    // Where a file has the last only, its habit counts more than the better name.
    packages: ["packages", "nativeBuildInputs", "buildInputs"],
    nativeBuildInputs: ["nativeBuildInputs", "packages"],
    buildInputs: ["buildInputs"],
};

/** Adds packages to the list of a dev shell in which they belong, in the style of that list. */
export async function addPackages(text: string, wanted: NewPackages): Promise<FlakeEdit> {
    const snippet = pasted([
        `${wanted.kind} = [`,
        ...wanted.attributes.map((attribute) => `\tpkgs.${attribute}`),
        "];",
    ]);
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, wanted.shell, snippet);
    if ("kind" in call) return call;
    const present = packagesOf(syntax, call, wanted.platform);
    const missing = wanted.attributes.filter((attribute) => !hasPackage(present, attribute));
    if (missing.length === 0) return { kind: "unchanged" };
    const edits = editsFor(call, { ...wanted, attributes: missing }, syntax);
    if (typeof edits === "string") return notUnderstood(edits, snippet);
    return madeOf(syntax, edits, snippet);
}

function homesOf(call: ShellCall, kind: PackageKind): readonly string[] {
    // Crane's devShell drops its nativeBuildInputs.
    const isPackages = hasOneList(call) || (isOfCrane(call) && kind === "nativeBuildInputs");
    return isPackages ? ["packages"] : HOMES[kind];
}

/** The edits, or why there are none. */
function editsFor(call: ShellCall, wanted: NewPackages, syntax: Syntax): TextEdit[] | string {
    const { text } = syntax;
    for (const name of homesOf(call, wanted.kind)) {
        const attribute = shellAttribute(call, name, text);
        if (attribute === undefined) continue;
        // What only a developer uses is no part of the packages that the flake builds.
        if (wanted.kind === "packages" && isOfBuilds(attribute, name, call, syntax)) continue;
        if (attribute.kind === "out of reach") return `its ${name} come from elsewhere`;
        const reach = attribute.kind === "inherited" ? "all uses" : "own uses";
        return intoValue(call, attribute.value, reach, wanted, text);
    }
    return asAttribute(call, wanted, text);
}

/** Whether a shell's list is one that others than shells have, too. */
function isOfBuilds(
    attribute: ShellAttribute,
    name: string,
    call: ShellCall,
    syntax: Syntax,
): boolean {
    if (attribute.kind === "bound") return attribute.isShared;
    const found = definitionOf(name, call.node, syntax.text);
    if (attribute.kind === "out of reach" || found === undefined) return false;
    const shells = shellCalls(syntax);
    return usesOf(name, found.scope, syntax.text).some(
        (use) => !shells.some(({ node }) => use.from >= node.from && use.to <= node.to),
    );
}

function intoValue(
    call: ShellCall,
    value: SyntaxNode,
    reach: "own uses" | "all uses",
    wanted: NewPackages,
    text: string,
): TextEdit[] | string {
    const place = listPlace(value, reach, text);
    const condition = CONDITIONS[wanted.platform];
    const own = condition && conditionalList(value, condition.matches, text);
    const target = own === undefined ? place : listPlace(own, reach, text);
    const items =
        target.items.length > 0 ? target.items : shellLists(call, text).flatMap(itemsWithin);
    const style = packageStyle(call, target.at, items, text);
    if (style === undefined) return "it is not clear how it reaches nixpkgs";
    const texts = textsIn(style, wanted.attributes);
    if (texts === undefined) return "it is not clear how it reaches nixpkgs";
    if (condition === undefined || own !== undefined) return target.add(texts);
    const guarded = guard(style, condition.attribute, texts, target.at, text);
    return guarded === undefined ? NO_LIB : place.append(guarded);
}

const NO_LIB = "it is not clear how it reaches nixpkgs' lib";

const CONDITIONS: Readonly<
    Record<Platform, { readonly matches: RegExp; readonly attribute: string } | undefined>
> = {
    all: undefined,
    linux: { matches: /isLinux/, attribute: "isLinux" },
    darwin: { matches: /isDarwin/, attribute: "isDarwin" },
};

/** A list of packages that only some platforms have. */
function guard(
    style: PackageStyle,
    attribute: string,
    packages: readonly string[],
    at: SyntaxNode,
    text: string,
): string | undefined {
    const lib = libText(style, at, text);
    const stdenv = packageText(style, "stdenv");
    if (lib === undefined || stdenv === undefined) return undefined;
    const list = `[ ${packages.join(" ")} ]`;
    return `${lib}.optionals ${stdenv}.hostPlatform.${attribute} ${list}`;
}

function textsIn(style: PackageStyle, attributes: readonly string[]): string[] | undefined {
    const texts = attributes.flatMap((attribute) => packageText(style, attribute) ?? []);
    return texts.length === attributes.length ? texts : undefined;
}

/** A new attribute, beside the lists that the shell has, and like them. */
function asAttribute(call: ShellCall, wanted: NewPackages, text: string): TextEdit[] | string {
    const set = ownSet(call);
    if (set === undefined) return "a part of its dev shell's attributes is computed";
    const lists = shellLists(call, text);
    const items = lists.flatMap(itemsWithin);
    const model = lists.find(({ name }) => name === "With");
    const style = packageStyle(call, model ?? set, items, text);
    if (style === undefined) return "it is not clear how it reaches nixpkgs";
    const opener = model && withOpener(model, items, text);
    // What the new list's own `with` brings is not in reach yet.
    const isPlain = (attribute: string): boolean => isFree(attribute, set, text);
    const inStyle = opener === undefined ? style : { ...style, isPlain };
    const texts = textsIn(inStyle, wanted.attributes);
    if (texts === undefined) return "it is not clear how it reaches nixpkgs";
    const condition = CONDITIONS[wanted.platform];
    const guarded = condition && guard(inStyle, condition.attribute, texts, set, text);
    if (condition !== undefined && guarded === undefined) return NO_LIB;
    const lines = attributeLines(
        homesOf(call, wanted.kind)[0] ?? wanted.kind,
        opener ?? "",
        guarded ?? texts,
    );
    const anchor = listAnchor(set, text);
    return [
        anchor === undefined
            ? addFirst(set, oneOrMany(lines, set, text), text)
            : addToSet(set, oneOrMany(lines, set, text), text, anchor),
    ];
}

function isFree(attribute: string, at: SyntaxNode, text: string): boolean {
    return definitionOf(attribute.split(".")[0] ?? attribute, at, text) === undefined;
}

/** `with pkgs; ` of a list whose items stand for themselves. */
function withOpener(
    model: SyntaxNode,
    items: readonly SyntaxNode[],
    text: string,
): string | undefined {
    const inner = children(model).at(-1);
    const isPlain = items.some(({ name }) => name === "Identifier");
    if (inner === undefined || !isPlain || withsAround(inner).length === 0) return undefined;
    return text.slice(model.from, inner.from).replace(/\s+/g, " ");
}

function attributeLines(
    name: string,
    opener: string,
    packages: string | readonly string[],
): string[] {
    if (typeof packages === "string") return [`${name} = ${opener}${packages};`];
    if (packages.length === 1) return [`${name} = ${opener}[ ${packages.join(" ")} ];`];
    return [`${name} = ${opener}[`, ...packages.map((item) => `\t${item}`), "];"];
}

function oneOrMany(lines: readonly string[], set: SyntaxNode, text: string): readonly string[] {
    return spansLines(text, set) ? lines : [oneLine(lines)];
}

/** The items of every list in a value. */
function itemsWithin(value: SyntaxNode): SyntaxNode[] {
    const items: SyntaxNode[] = [];
    value.cursor().iterate(({ node }) => {
        if (node.name === "List") items.push(...children(node));
    });
    return items;
}
