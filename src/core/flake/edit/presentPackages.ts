import type { SyntaxNode } from "@lezer/common";
import { bindings, children, parseNix, type Syntax } from "../syntax";
import { chosenShell } from "./chosenShell";
import { LISTS, type ShellCall } from "./devShells";
import { libraryPaths, shellAttribute } from "./shellAttributes";
import { definitionOf } from "./scope";

export type Platform = "all" | "linux" | "darwin";

/** What a flake's text says that a dev shell has. */
export interface ShellContent {
    /** Paths below nixpkgs, for every platform or just that one. */
    readonly packages: ReadonlySet<string>;
    /** Those whose libraries are found at run time. */
    readonly runtimeLibraries: ReadonlySet<string>;
    /** The names of the variables that it sets. */
    readonly variables: ReadonlySet<string>;
    /** The flags of its `hardeningDisable`. */
    readonly hardening: ReadonlySet<string>;
}

/** What a dev shell has; undefined where the text does not tell. */
export async function shellContent(
    text: string,
    shell: string | undefined,
    platform: Platform,
): Promise<ShellContent | undefined> {
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, shell, "");
    if ("kind" in call) return undefined;
    return {
        packages: packagesOf(syntax, call, platform),
        runtimeLibraries: runtimeLibrariesOf(call, platform, text),
        variables: variablesOf(call, text),
        hardening: hardeningOf(call, text),
    };
}

/** Whether a set of packages has one, under its name of today or an older one. */
export function hasPackage(packages: ReadonlySet<string>, attribute: string): boolean {
    return packages.has(aliasOf(attribute));
}

export function packagesOf(
    syntax: Syntax,
    call: ShellCall,
    platform: Platform,
): ReadonlySet<string> {
    const { text } = syntax;
    const found = new Set<string>();
    const seen = new Set<number>();
    for (const part of call.parts) {
        const node = part.kind === "set" ? part.set : part.node;
        collect(node, platform, found, seen, text);
    }
    // What the packages that are built need, it then has, too.
    const takesOver = /\b(inputsFrom|checks)\b/.test(text.slice(call.node.from, call.node.to));
    if (takesOver) {
        syntax.expression?.cursor().iterate(({ node }) => {
            if (node.name !== "AttrSet") return;
            for (const { path, value } of bindings(node, text)) {
                const isList = LISTS.some((name) => path.length === 1 && path[0] === name);
                if (isList) collect(value, platform, found, seen, text);
            }
        });
    }
    return found;
}

function runtimeLibrariesOf(
    call: ShellCall,
    platform: Platform,
    text: string,
): ReadonlySet<string> {
    const found = new Set<string>();
    const seen = new Set<number>();
    const variable = [
        shellAttribute(call, "LD_LIBRARY_PATH", text),
        shellAttribute(call, "env", text),
    ].flatMap((it) => (it?.kind === "bound" ? [it.value] : []));
    for (const node of [...libraryPaths(call, text), ...variable]) {
        collect(node, platform, found, seen, text);
    }
    return found;
}

function hardeningOf(call: ShellCall, text: string): ReadonlySet<string> {
    const found = shellAttribute(call, "hardeningDisable", text);
    if (found === undefined || found.kind === "out of reach") return new Set();
    const source = text.slice(found.value.from, found.value.to);
    return new Set([...source.matchAll(/"(\w+)"/g)].map(([, flag = ""]) => flag));
}

/** Takes up every name under a node, and what names of the file stand for. */
function collect(
    root: SyntaxNode,
    platform: Platform,
    found: Set<string>,
    seen: Set<number>,
    text: string,
): void {
    if (seen.has(root.from)) return;
    seen.add(root.from);
    const other = platform === "linux" ? /isDarwin/ : /isLinux/;
    root.cursor().iterate(({ node }) => {
        if (node.name === "App") {
            const [call] = children(node);
            const source = call && text.slice(call.from, call.to);
            if (source && /optional/.test(source) && isFor(source, platform, other)) return false;
        }
        if (node.name === "Select") addPath(node, found, text);
        if (node.name !== "Identifier" || node.parent?.name === "AttrPath") return;
        const name = text.slice(node.from, node.to);
        const definition = definitionOf(name, node, text);
        if (definition === undefined || node.parent?.name === "AttrSet") found.add(aliasOf(name));
        if (definition?.kind === "value") collect(definition.value, platform, found, seen, text);
        return;
    });
}

/** Whether a condition keeps what follows from that platform, or from one of all. */
function isFor(condition: string, platform: Platform, other: RegExp): boolean {
    return platform === "all" ? /isDarwin|isLinux/.test(condition) : other.test(condition);
}

function addPath(node: SyntaxNode, found: Set<string>, text: string): void {
    const [base, path] = children(node);
    if (base === undefined || path?.name !== "AttrPath") return;
    const names = children(path).map(({ from, to }) => text.slice(from, to));
    const own = text.slice(base.from, base.to);
    const packages = names.indexOf("legacyPackages");
    const whole = packages >= 0 ? names.slice(packages + 2) : belowSet(own, names);
    // `openssl.dev` is openssl, and `pkgs.rustPlatform.bindgenHook` brings nothing else.
    for (let length = 1; length <= whole.length; length++) {
        found.add(aliasOf(whole.slice(0, length).join(".")));
    }
}

/** The names below a set of packages: `pkgs.x`, `pkgsFor.${system}.x`, `scope.pkgs.x`. */
function belowSet(own: string, names: readonly string[]): readonly string[] {
    if (!/pkgs/i.test(own)) return names[0] === "pkgs" ? names.slice(1) : [own, ...names];
    const first = names.findIndex((name) => name !== "pkgs" && !/^["$]/.test(name));
    return first < 0 ? [] : names.slice(first);
}

/** Names that packages had before: `xorg.libX11` is `libx11` now. */
function aliasOf(name: string): string {
    if (name.startsWith("xorg.")) return name.slice("xorg.".length).toLowerCase();
    return name === "pkgconfig" ? "pkg-config" : name;
}

const EXPORT = /\bexport\s+([A-Za-z_]\w*)=/g;

const NAMED = /\bname\s*=\s*"(\w+)"/g;

export function variablesOf(call: ShellCall, text: string): ReadonlySet<string> {
    const found = new Set<string>();
    for (const part of call.parts) {
        if (part.kind !== "set") continue;
        for (const { path, value, node } of bindings(part.set, text)) {
            const [first, second] = path;
            if (first === "env" && second !== undefined) found.add(second);
            else if (first !== undefined && path.length === 1) found.add(first);
            const source = text.slice(node.from, node.to);
            if (first === "env") {
                for (const it of bindings(value, text)) found.add(it.path[0] ?? "");
                // numtide's devshell has a list of them.
                for (const [, name = ""] of source.matchAll(NAMED)) found.add(name);
            }
            if (first === "shellHook") {
                for (const [, name = ""] of source.matchAll(EXPORT)) found.add(name);
            }
        }
    }
    return found;
}
