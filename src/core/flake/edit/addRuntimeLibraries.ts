import type { SyntaxNode } from "@lezer/common";
import { bindings, parseNix } from "../syntax";
import { bindingEdit } from "./addVariable";
import { chosenShell } from "./chosenShell";
import type { ShellCall } from "./devShells";
import { madeOf, notUnderstood, type FlakeEdit } from "./flakeEdit";
import { oneLine, pasted } from "./layout";
import { listPlace } from "./listPlace";
import { libText, packageStyle, packageText } from "./packageReference";
import type { Platform } from "./presentPackages";
import { resolved } from "./scope";
import { libraryPaths, ownSet, shellAttribute } from "./shellAttributes";
import { insertion, type TextEdit } from "./textEdit";

/** Libraries that programs open while they run, which the linker does not know of. */
export interface NewRuntimeLibraries {
    /** Paths below nixpkgs. */
    readonly attributes: readonly string[];
    readonly platform: Platform;
    readonly shell: string | undefined;
}

/** Adds libraries to the `LD_LIBRARY_PATH` of a dev shell. */
export async function addRuntimeLibraries(
    text: string,
    wanted: NewRuntimeLibraries,
): Promise<FlakeEdit> {
    const snippet = pasted([
        "LD_LIBRARY_PATH = pkgs.lib.makeLibraryPath [",
        ...wanted.attributes.map((attribute) => `\tpkgs.${attribute}`),
        "];",
    ]);
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, wanted.shell, snippet);
    if ("kind" in call) return call;
    const paths = libraryPaths(call, text);
    if (paths.length > 1) {
        return notUnderstood("its dev shell makes more than one library path", snippet);
    }
    const [path] = paths;
    const present = path === undefined ? "" : contentOf(path, text);
    const attributes = wanted.attributes.filter((attribute) => !isNamed(attribute, present));
    if (attributes.length === 0) return { kind: "unchanged" };
    const edits =
        path === undefined
            ? asVariable(call, { ...wanted, attributes }, text)
            : intoPath(call, path, attributes, text);
    if (edits === undefined) {
        return notUnderstood("it is not clear how its dev shell sets LD_LIBRARY_PATH", snippet);
    }
    return madeOf(syntax, edits, snippet);
}

/** The text of a list, that of a name's value with it. */
function contentOf(path: SyntaxNode, text: string): string {
    const value = resolved(path, text);
    return text.slice(value.from, value.to);
}

function isNamed(attribute: string, source: string): boolean {
    const escaped = attribute.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
    return new RegExp(`(?<![\\w'-])${escaped}(?![\\w'-])`).test(source.replace(/#.*/g, ""));
}

function intoPath(
    call: ShellCall,
    path: SyntaxNode,
    attributes: readonly string[],
    text: string,
): TextEdit[] | undefined {
    const place = listPlace(path, "all uses", text);
    const texts = textsAt(call, place.at, place.items, attributes, text);
    return texts && place.add(texts);
}

function textsAt(
    call: ShellCall,
    at: SyntaxNode,
    items: readonly SyntaxNode[],
    attributes: readonly string[],
    text: string,
): string[] | undefined {
    const style = packageStyle(call, at, items, text);
    const texts = style && attributes.map((attribute) => packageText(style, attribute));
    return texts?.every((it) => it !== undefined) ? texts : undefined;
}

/** A variable that the shell does not set yet, or one more part of the one that it sets. */
function asVariable(
    call: ShellCall,
    { attributes, platform }: NewRuntimeLibraries,
    text: string,
): TextEdit[] | undefined {
    const at = ownSet(call) ?? call.node;
    const style = packageStyle(call, at, [], text);
    const texts = textsAt(call, at, [], attributes, text);
    const lib = style && libText(style, at, text);
    const stdenv = style && packageText(style, "stdenv");
    if (texts === undefined || lib === undefined || stdenv === undefined) return undefined;
    const list = `[ ${texts.join(" ")} ]`;
    const condition = { all: undefined, linux: "isLinux", darwin: "isDarwin" }[platform];
    const lines =
        condition === undefined
            ? [`${lib}.makeLibraryPath ${list}`]
            : [
                  `${lib}.makeLibraryPath (`,
                  `\t${lib}.optionals ${stdenv}.hostPlatform.${condition} ${list}`,
                  ")",
              ];
    const known = libraryVariable(call, text);
    if (known === undefined) {
        const edit = bindingEdit(call, "LD_LIBRARY_PATH", lines, text);
        return edit && [edit];
    }
    if (known.name !== "String") return undefined;
    return [insertion(known.to - 1, `:\${${oneLine(lines)}}`)];
}

function libraryVariable(call: ShellCall, text: string): SyntaxNode | undefined {
    const own = shellAttribute(call, "LD_LIBRARY_PATH", text);
    if (own?.kind === "bound") return own.value;
    const env = shellAttribute(call, "env", text);
    if (env?.kind !== "bound") return undefined;
    return bindings(env.value, text).find(({ path }) => path[0] === "LD_LIBRARY_PATH")?.value;
}
