import { readFileSync } from "node:fs";
import type { SyntaxNode } from "@lezer/common";
import { filesReadBy } from "./reads";
import { children, literalText, parseNix } from "./syntax";

const NAME = "RUSTUP_TOOLCHAIN";

/** A place where a flake sets RUSTUP_TOOLCHAIN. */
export interface RustupSetting {
    /** Absolute path. */
    readonly file: string;
    /** Counts from 1. */
    readonly line: number;
    /** The text of the line, without the space around it. */
    readonly text: string;
    /**
     * What goes with it when it is removed, in UTF-16 units; undefined where that can't be told, as
     * within a shellHook.
     */
    readonly removal: { readonly from: number; readonly to: number } | undefined;
}

/** Where a flake, and the nix files that it reads, set RUSTUP_TOOLCHAIN. Reads files only. */
export async function findRustupSettings(flake: string): Promise<RustupSetting[]> {
    const found: RustupSetting[] = [];
    for (const file of filesReadBy(flake).filter((path) => path.endsWith(".nix"))) {
        const text = read(file);
        if (!text.includes(NAME)) continue;
        found.push(...(await rustupSettingsIn(text)).map((setting) => ({ file, ...setting })));
    }
    return found;
}

/** The same for the text of one file. */
export async function rustupSettingsIn(text: string): Promise<Omit<RustupSetting, "file">[]> {
    const { expression } = await parseNix(text);
    if (expression === undefined) return [];
    const places: { at: number; removal: RustupSetting["removal"] }[] = [];
    const visit = (node: SyntaxNode): void => {
        if (node.name === "Bind" && isOfName(node, text)) {
            places.push({ at: node.from, removal: wholeLines(text, node.from, node.to) });
            return;
        }
        if (/String$/.test(node.name)) {
            const source = text.slice(node.from, node.to);
            for (const { index } of source.matchAll(/\bRUSTUP_TOOLCHAIN=/g)) {
                places.push({ at: node.from + index, removal: undefined });
            }
        }
        for (let child = node.firstChild; child !== null; child = child.nextSibling) visit(child);
    };
    visit(expression);
    return places.map(({ at, removal }) => {
        const before = text.slice(0, at).split("\n");
        const line = text.split("\n")[before.length - 1] ?? "";
        return { line: before.length, text: line.trim(), removal };
    });
}

/** Whether a binding is `RUSTUP_TOOLCHAIN = …;`, or `env.RUSTUP_TOOLCHAIN = …;`. */
function isOfName(bind: SyntaxNode, text: string): boolean {
    const [path] = children(bind);
    const last = path?.name === "AttrPath" ? children(path).at(-1) : undefined;
    if (last === undefined) return false;
    return text.slice(last.from, last.to) === NAME || literalText(last, text) === NAME;
}

/** The binding, with its line where that has nothing else but a comment. */
function wholeLines(text: string, from: number, to: number): { from: number; to: number } {
    const start = text.lastIndexOf("\n", from - 1) + 1;
    const newline = text.indexOf("\n", to);
    const end = newline === -1 ? text.length : newline + 1;
    const isAlone =
        text.slice(start, from).trim() === "" &&
        /^\s*(?:#.*)?$/.test(text.slice(to, end).trimEnd());
    return isAlone ? { from: start, to: end } : { from, to };
}

function read(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return "";
    }
}
