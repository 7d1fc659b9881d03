import type { SyntaxNode } from "@lezer/common";
import { declaredInputs } from "../inputs";
import { bare, bindings, children, parseNix, type Binding } from "../syntax";
import { WHY_SOURCE_PATH } from "../write/rust";
import { addRustOverlay, overlayInput } from "./addOverlay";
import { chosenShell } from "./chosenShell";
import { LISTS, type ShellCall } from "./devShells";
import { inSteps, madeOf, notUnderstood, type FlakeEdit } from "./flakeEdit";
import { literalSet } from "./flakeShape";
import { addFirst, endOfLine, indentAt, inUnits, isFirstOnLine, oneLine, pasted } from "./layout";
import { listPlace } from "./listPlace";
import { libText, packageStyle, packageText } from "./packageReference";
import { isReached, pinnedToolchains, type Pinned } from "./pinnedToolchains";
import { shellContent } from "./presentPackages";
import { resolved } from "./scope";
import { ownSet, shellAttribute, shellLists } from "./shellAttributes";
import { craneLibrary, isOfCrane, isOfDevenv } from "./shellMakers";
import { insertion, type TextEdit } from "./textEdit";

/** A toolchain file that a dev shell is to take its Rust from. */
export interface ToolchainFile {
    /** Its name beside flake.nix: rust-toolchain.toml, or the older rust-toolchain. */
    readonly file: string;
    readonly shell: string | undefined;
}

/** nixpkgs' packages that the toolchain of a file takes the place of. */
const REPLACED: ReadonlySet<string> = new Set(["cargo", "rustc", "clippy", "rustfmt", "rustup"]);

/**
 * Makes a dev shell's Rust the one of a toolchain file, through rust-overlay: in the place of a
 * pinned `rust-bin`, or of nixpkgs' own packages, which the file does not reach.
 */
export async function useToolchainFile(text: string, wanted: ToolchainFile): Promise<FlakeEdit> {
    if (/\bfrom(RustupToolchainFile|ToolchainFile)\b/.test(text)) return { kind: "unchanged" };
    const snippet = pasted([
        "packages = [",
        `\t((${toolchain("pkgs.rust-bin", wanted.file)}).override (old: {`,
        '\t\textensions = pkgs.lib.unique (old.extensions ++ [ "rust-src" "rust-analyzer" ]);',
        "\t}))",
        "];",
    ]);
    if (/\bfenix\b/.test(text)) {
        return notUnderstood(
            "it takes its Rust from fenix, whose fromToolchainFile needs a hash",
            `fenix.packages.\${system}.fromToolchainFile {\n  file = ./${wanted.file};\n  sha256 = ""; # Nix tells the right one.\n}`,
        );
    }
    const usesOverlay = await usesRustOverlay(text, wanted.shell);
    return inSteps(text, [
        async (now) => (usesOverlay ? { kind: "unchanged" } : addRustOverlay(now, wanted.shell)),
        (now) => replaced(now, wanted, snippet),
    ]);
}

/** Whether a shell has a toolchain of rust-overlay already, by whatever way the flake takes it. */
async function usesRustOverlay(text: string, shell: string | undefined): Promise<boolean> {
    if (overlayInput((await declaredInputs(text)) ?? []) === undefined) return false;
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, shell, "");
    if ("kind" in call) return false;
    return pinnedToolchains(syntax).some(({ node }) => isReached(node, call, text));
}

async function replaced(
    text: string,
    { file, shell }: ToolchainFile,
    snippet: string,
): Promise<FlakeEdit> {
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, shell, snippet);
    if ("kind" in call) return call;
    if (isOfDevenv(call, text)) {
        return notUnderstood(
            "its Rust comes from devenv's languages.rust",
            `languages.rust.toolchainFile = ./${file};`,
        );
    }
    const all = pinnedToolchains(syntax);
    const pinned = all.filter(({ node }) => isReached(node, call, text));
    if (pinned.length > 1) {
        return notUnderstood("it names more than one toolchain of rust-overlay", snippet);
    }
    const [only] = pinned;
    if (only?.isWhole === false) {
        return notUnderstood("it takes parts of a toolchain of rust-overlay", snippet);
    }
    if (
        only === undefined &&
        all.length > 0 &&
        !isOfCrane(call) &&
        rustItems(call, text).length === 0
    ) {
        return notUnderstood("it is not clear where its Rust comes from", snippet);
    }
    const edits =
        only !== undefined
            ? inPlaceOfPinned(only, call, file, text)
            : isOfCrane(call)
              ? asToolchainOfCrane(call, file, text)
              : asPackage(call, file, text);
    if (edits === undefined) {
        return notUnderstood("it is not clear where its Rust comes from", snippet);
    }
    const outcome = await madeOf(syntax, [...edits, ...withoutSourcePath(call, text)], snippet);
    if (outcome.kind !== "edited") return outcome;
    // Two toolchains on one PATH would be worse than the one that was there.
    const content = await shellContent(outcome.text, shell, "all");
    const isLeft = [...REPLACED].some((name) => content?.packages.has(name));
    return isLeft ? notUnderstood("its Rust packages are not in a plain list", snippet) : outcome;
}

function toolchain(rustBin: string, file: string): string {
    return `${rustBin}.fromRustupToolchainFile ./${file}`;
}

function inPlaceOfPinned(
    { node, rustBin, options }: Pinned,
    call: ShellCall,
    file: string,
    text: string,
): TextEdit[] | undefined {
    const style = packageStyle(call, node, [], text);
    const prefix = rustBin.replace(/\.?rust-bin$/, "");
    const lib = prefix === "" ? undefined : `${prefix}.lib`;
    const ownLib = (style && libText(style, node, text)) ?? lib;
    if (ownLib === undefined) return undefined;
    const base = `(${toolchain(rustBin, file)}).override`;
    // nixpkgs' own tools would come before the toolchain's, or after them.
    const others = rustItems(call, text).map((item) => removed(item, text));
    if (options === undefined) {
        const list = `[ ${added(call, text).join(" ")} ]`;
        const change = `(old: { extensions = ${ownLib}.unique (old.extensions ++ ${list}); })`;
        const made = isOperand(node) ? `(${base} ${change})` : `${base} ${change}`;
        return [{ from: node.from, to: node.to, text: made }, ...others];
    }
    const set = literalSet(options);
    if (set === undefined || options.name !== "AttrSet") return undefined;
    const merged = bindings(set, text).flatMap(({ path, value }) => {
        const [name] = path;
        if (name !== "extensions" && name !== "targets") return [];
        return [
            insertion(value.from, `${ownLib}.unique (old.${name} ++ `),
            insertion(value.to, ")"),
        ];
    });
    // The file's own components and targets stay: an override with a plain set drops them.
    return [
        { from: node.from, to: options.from, text: `${base} (old: ` },
        ...merged,
        { from: options.to, to: node.to, text: ")" },
        ...others,
    ];
}

/** Whether an expression stands where an application has to be in brackets. */
function isOperand({ parent }: SyntaxNode): boolean {
    return parent !== null && ["App", "List", "Select"].includes(parent.name);
}

/** Crane's own toolchain, which comes before the packages of its shells. */
function asToolchainOfCrane(call: ShellCall, file: string, text: string): TextEdit[] | undefined {
    const library = craneLibrary(call, text);
    const style = library && packageStyle(call, library, [], text);
    const rustBin = style && packageText(style, "rust-bin");
    const lib = style && library && libText(style, library, text);
    if (library === undefined || rustBin === undefined || lib === undefined) return undefined;
    const lines = [
        ").overrideToolchain (",
        `\t(${toolchain(rustBin, file)}).override (old: {`,
        `\t\textensions = ${lib}.unique (old.extensions ++ [ ${added(call, text).join(" ")} ]);`,
        "\t})",
        ")",
    ];
    const laidOut =
        library.parent?.name === "Bind"
            ? inUnits(lines, text).join(endOfLine(text) + indentAt(text, library.parent.from))
            : oneLine(lines);
    return [
        insertion(library.from, "("),
        insertion(library.to, laidOut),
        ...rustItems(call, text).map((item) => removed(item, text)),
    ];
}

/** The toolchain among the shell's packages, in the place of nixpkgs' own ones. */
function asPackage(call: ShellCall, file: string, text: string): TextEdit[] | undefined {
    const items = rustItems(call, text);
    const [first, ...others] = items;
    const value = targetOf(call, text);
    const list = value && listPlace(value, "own uses", text);
    const set = ownSet(call);
    const at = first ?? list?.at ?? set;
    if (at === undefined) return undefined;
    const siblings = first?.parent ? children(first.parent) : (list?.items ?? []);
    const style = packageStyle(call, at, siblings, text);
    const rustBin = style && packageText(style, "rust-bin");
    const lib = style && libText(style, at, text);
    if (rustBin === undefined || lib === undefined) return undefined;
    const components = `[ ${added(call, text).join(" ")} ]`;
    const lines = [
        `((${toolchain(rustBin, file)}).override (old: {`,
        `\textensions = ${lib}.unique (old.extensions ++ ${components});`,
        "}))",
    ];
    if (first !== undefined) {
        const item = isFirstOnLine(text, first.from)
            ? inUnits(lines, text).join(endOfLine(text) + indentAt(text, first.from))
            : oneLine(lines);
        const edit = { from: first.from, to: first.to, text: item };
        return [edit, ...others.map((other) => removed(other, text))];
    }
    if (list !== undefined) return list.add([lines.join("\n")]);
    if (set === undefined) return undefined;
    return [addFirst(set, ["packages = [", ...lines.map((line) => `\t${line}`), "];"], text)];
}

/** What an editor needs besides the components of the file. */
function added(call: ShellCall, text: string): string[] {
    const hasAnalyzer = shellLists(call, text).some(({ from, to }) =>
        /\brust-analyzer\b/.test(text.slice(from, to)),
    );
    return ['"rust-src"', ...(hasAnalyzer ? [] : ['"rust-analyzer"'])];
}

/** The list that takes a toolchain where no item gives way to it. */
function targetOf(call: ShellCall, text: string): SyntaxNode | undefined {
    for (const name of LISTS) {
        const found = shellAttribute(call, name, text);
        if (found !== undefined && found.kind !== "out of reach") return found.value;
    }
    return undefined;
}

/** nixpkgs' Rust among the items of the lists that a shell has for sure. */
function rustItems(call: ShellCall, text: string): SyntaxNode[] {
    return shellLists(call, text).flatMap((value) => {
        const { items } = listPlace(resolved(value, text), "all uses", text);
        return items.filter((item) => {
            const node = bare(item);
            const source = text.slice(node.from, node.to);
            const [, path] = node.name === "Select" ? children(node) : [];
            const last = path && children(path).at(-1);
            const name = last ? text.slice(last.from, last.to) : source;
            const isPackage = last === undefined || /pkgs|[pP]ackages/.test(source);
            return isPackage && REPLACED.has(name) && !/\$\{/.test(name);
        });
    });
}

/** An item with the white space before it, or with its whole line. */
function removed(node: SyntaxNode, text: string): TextEdit {
    const { from, to } = node;
    if (isFirstOnLine(text, from)) {
        const rest = /^[ \t]*(#.*)?(?=\r?\n)/.exec(text.slice(to))?.[0];
        if (rest !== undefined) {
            const start = text.slice(0, from).trimEnd().length;
            const lineBreak = text.lastIndexOf("\n", from);
            const at = text[lineBreak - 1] === "\r" ? lineBreak - 1 : lineBreak;
            return { from: Math.max(start, at), to: to + rest.length, text: "" };
        }
        const start = text.slice(0, from).trimEnd().length;
        const isCommented = text.slice(text.lastIndexOf("\n", start) + 1, start).includes("#");
        if (!isCommented) return { from: start, to, text: "" };
    }
    const before = /[ \t]*$/.exec(text.slice(0, from))?.[0].length ?? 0;
    return { from: from - before, to, text: "" };
}

/** Takes away a path of nixpkgs' library sources, which are of another version. */
function withoutSourcePath(call: ShellCall, text: string): TextEdit[] {
    const own = call.parts.flatMap((part) => (part.kind === "set" ? bindings(part.set, text) : []));
    const isSourcePath = ({ path, value: { from, to } }: Binding): boolean =>
        path.at(-1) === "RUST_SRC_PATH" && /rustLibSrc|rustcSrc/.test(text.slice(from, to));
    return own.flatMap((binding) => {
        const { path, value, node } = binding;
        if (isSourcePath(binding)) return [withoutBinding(node, text)];
        if (path.length !== 1 || path[0] !== "env" || value.name !== "AttrSet") return [];
        const found = bindings(value, text).filter(isSourcePath);
        const edits = found.map((variable) => withoutBinding(variable.node, text));
        const [only] = edits;
        if (only === undefined) return [];
        const rest = text.slice(value.from, only.from) + text.slice(only.to, value.to);
        // A set that would be left with nothing in it goes as a whole.
        return edits.length === 1 && /^\{\s*\}$/.test(rest) ? [withoutBinding(node, text)] : edits;
    });
}

/** Takes away a binding with what we wrote above it: why it is there, and the line between. */
function withoutBinding(node: SyntaxNode, text: string): TextEdit {
    const edit = removed(node, text);
    const above = text.slice(0, edit.from);
    const ours = above.endsWith(`# ${WHY_SOURCE_PATH}`)
        ? above.slice(0, above.lastIndexOf("#")).trimEnd()
        : above;
    const isParted = /\n[ \t]*$/.test(ours) && /^\s*\}/.test(text.slice(edit.to));
    return { ...edit, from: (isParted ? ours.trimEnd() : ours).length };
}
