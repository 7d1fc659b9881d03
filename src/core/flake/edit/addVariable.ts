import type { SyntaxNode } from "@lezer/common";
import { bindings, parseNix } from "../syntax";
import { chosenShell } from "./chosenShell";
import { isDevshell, LISTS, type ShellCall } from "./devShells";
import { madeOf, notUnderstood, type FlakeEdit } from "./flakeEdit";
import { literalSet } from "./flakeShape";
import { addFirst, addToList, addToSet, oneLine } from "./layout";
import { libText, packageStyle, packageText } from "./packageReference";
import { variablesOf } from "./presentPackages";
import { lastOf, listAnchor, ownSet, shellAttribute } from "./shellAttributes";
import type { TextEdit } from "./textEdit";

/** An environment variable to be set in a dev shell. */
export interface NewVariable {
    readonly name: string;
    /** What stands between the quotes in nix, with `pkgs` and `lib` in reach: `${pkgs.x}/lib`. */
    readonly content: string;
    readonly shell: string | undefined;
}

/** Sets a variable in a dev shell, where it sets others, or in its `env`. */
export async function addVariable(text: string, wanted: NewVariable): Promise<FlakeEdit> {
    const snippet = `env.${wanted.name} = "${wanted.content}";`;
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, wanted.shell, snippet);
    if ("kind" in call) return call;
    if (variablesOf(call, text).has(wanted.name)) return { kind: "unchanged" };
    const content = inReach(call, wanted.content, text);
    if (content === undefined) {
        return notUnderstood("it is not clear how it reaches nixpkgs", snippet);
    }
    const edit = bindingEdit(call, wanted.name, [`"${content}"`], text);
    if (edit === undefined) {
        return notUnderstood("a part of its dev shell's attributes is computed", snippet);
    }
    return madeOf(syntax, [edit], snippet);
}

/** Binds a variable to an expression in lines; undefined where no place for it is sure to be right. */
export function bindingEdit(
    call: ShellCall,
    name: string,
    expression: readonly string[],
    text: string,
): TextEdit | undefined {
    const lines = (start: string): string[] => assigned(`${start}${name} = `, expression);
    const env = shellAttribute(call, "env", text);
    if (env?.kind === "bound") {
        const set = literalSet(env.value);
        if (set !== undefined) return addToSet(set, lines(""), text);
        // numtide's devshell has a list of them.
        if (env.value.name === "List") {
            const value = oneLine(expression);
            return addToList(env.value, [`{ name = "${name}"; value = ${value}; }`], text)[0];
        }
        return undefined;
    }
    const set = ownSet(call);
    if (set === undefined || env !== undefined) return undefined;
    if (isDevshell(call)) {
        const value = oneLine(expression);
        const list = ["env = [", `\t{ name = "${name}"; value = ${value}; }`, "];"];
        const anchor = listAnchor(set, text);
        return anchor === undefined ? addFirst(set, list, text) : addToSet(set, list, text, anchor);
    }
    const own = bindings(set, text);
    const flat = own.findLast(({ path }) => path.length === 2 && path[0] === "env");
    if (flat !== undefined) {
        return addToSet(set, lines("env."), text, flat.node);
    }
    const variable = own.findLast(
        ({ path }) => path.length === 1 && /^[A-Z_0-9]+$/.test(path[0] ?? ""),
    );
    if (variable !== undefined) {
        return addToSet(set, lines(""), text, variable.node);
    }
    const anchor = listAnchor(set, text) ?? lastOf(set, LISTS, text);
    return anchor === undefined
        ? addFirst(set, lines("env."), text)
        : addToSet(set, lines("env."), text, anchor);
}

/** `NAME = expression;` in lines. */
function assigned(start: string, expression: readonly string[]): string[] {
    const last = expression.length - 1;
    return expression.map((line, i) => `${i === 0 ? start : ""}${line}${i === last ? ";" : ""}`);
}

/** A text of nix whose `pkgs` and `lib` are as the flake's own shell reaches them. */
function inReach(call: ShellCall, content: string, text: string): string | undefined {
    if (!/\b(pkgs|lib)\./.test(content)) return content;
    const at: SyntaxNode = ownSet(call) ?? call.node;
    const style = packageStyle(call, at, [], text);
    if (style === undefined) return undefined;
    const lib = libText(style, at, text);
    let isWhole = true;
    const told = content.replace(/\b(pkgs|lib)\.([\w'-]+)/g, (_, set: string, name: string) => {
        const reached = set === "pkgs" ? packageText(style, name) : lib && `${lib}.${name}`;
        isWhole &&= reached !== undefined;
        return reached ?? "";
    });
    return isWhole ? told : undefined;
}
