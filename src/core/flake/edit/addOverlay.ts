import type { SyntaxNode } from "@lezer/common";
import { declaredInputs, type DeclaredInput } from "../inputs";
import { children, parseNix, type Syntax } from "../syntax";
import { addFormal, addInput, inputReference } from "./addInput";
import { chosenShell } from "./chosenShell";
import type { ShellCall } from "./devShells";
import { inSteps, madeOf, notUnderstood, type FlakeEdit } from "./flakeEdit";
import { shapeOf } from "./flakeShape";
import { addFirst, addToSet, endOfLine, indentAt, indentUnit, oneLine, pasted } from "./layout";
import { listPlace } from "./listPlace";
import { overlaysOf, packageSetOf, systemBinding } from "./packageSets";
import { functionParts } from "./scope";
import { insertion, type TextEdit } from "./textEdit";

/** Makes `pkgs.rust-bin` known to a dev shell: through the input rust-overlay and its overlay. */
export async function addRustOverlay(text: string, shell: string | undefined): Promise<FlakeEdit> {
    const inputs = (await declaredInputs(text)) ?? [];
    const hasNixpkgs = inputs.some(({ name }) => name === "nixpkgs");
    const name = overlayInput(inputs) ?? "rust-overlay";
    return inSteps(text, [
        (now) =>
            addInput(now, {
                name,
                url: "github:oxalica/rust-overlay",
                follows: hasNixpkgs ? [["nixpkgs", "nixpkgs"]] : [],
                content: "flake",
            }),
        (now) => addOverlay(now, shell, name),
    ]);
}

/** The name of the input that is rust-overlay; undefined where there is none. */
export function overlayInput(inputs: readonly DeclaredInput[]): string | undefined {
    const isIt = ({ name, reference }: DeclaredInput): boolean =>
        name === "rust-overlay" || /\brust-overlay\b/.test(JSON.stringify(reference ?? {}));
    return inputs.find(isIt)?.name;
}

/** Applies rust-overlay's overlay to the packages that a dev shell is made of. */
async function addOverlay(
    text: string,
    shell: string | undefined,
    name: string,
): Promise<FlakeEdit> {
    const snippet = pasted([
        "pkgs = import nixpkgs {",
        "\tinherit system;",
        "\toverlays = [ rust-overlay.overlays.default ];",
        "};",
    ]);
    const syntax = await parseNix(text);
    const call = chosenShell(syntax, shell, snippet);
    if ("kind" in call) return call;
    const outputs = shapeOf(syntax)?.call;
    const input = outputs && inputReference(outputs, name, text);
    if (input === undefined) {
        return notUnderstood("its outputs are not written out as a function", snippet);
    }
    const overlay = `${input}.overlays.default`;
    const edits = edited(syntax, call, overlay);
    if (edits === undefined) {
        return notUnderstood("it is not clear where its packages come from", snippet);
    }
    return madeOf(syntax, edits, snippet);
}

function edited(syntax: Syntax, call: ShellCall, overlay: string): TextEdit[] | undefined {
    const { text } = syntax;
    const set = packageSetOf(call, syntax);
    if (set === undefined) return asModuleArgument(call, overlay, syntax);
    if (set.kind === "ready-made") {
        // `….extend rust-overlay.overlays.default`
        const { parent } = set.node;
        const isExtended =
            parent?.name === "App" && text.slice(set.system.to, set.node.to) === ".extend";
        if (isExtended) return extended(parent, overlay, text);
        // `nixpkgs.legacyPackages.SYSTEM.mkShell`: nothing has a name that others could use.
        if (set.system.to !== set.node.to) return undefined;
        return [replacement(set.node, set, overlay, text)];
    }
    const overlays = overlaysOf(set.options, text);
    if (overlays === undefined) {
        return [addToSet(set.options, [`overlays = [ ${overlay} ];`], text)];
    }
    const { value } = overlays;
    if (isNamed(overlay, text.slice(value.from, value.to))) return [];
    return listPlace(value, "all uses", text).add([overlay]);
}

/** One more overlay on packages that have one already, unless that is it. */
function extended(call: SyntaxNode, overlay: string, text: string): TextEdit[] {
    // `(….extend x).extend y` has both.
    let whole = call;
    for (
        let at = call.parent;
        at !== null && /^(Parenthesized|Select|App)$/.test(at.name);
        at = at.parent
    ) {
        whole = at;
    }
    if (isNamed(overlay, text.slice(whole.from, whole.to))) return [];
    return [insertion(call.from, "("), insertion(call.to, `).extend ${overlay}`)];
}

/** Whether a text has the overlay's input, in whatever way: `(import rust-overlay)`, `x.overlay`. */
function isNamed(overlay: string, source: string): boolean {
    const name = overlay.replace(/\.overlays\.default$/, "").replace(/^.*\./, "");
    return source.split(/[^\w'-]+/).includes(name);
}

/** `import nixpkgs { … }` in the place of `nixpkgs.legacyPackages.SYSTEM`. */
function replacement(
    node: SyntaxNode,
    { nixpkgs, system }: { readonly nixpkgs: string; readonly system: SyntaxNode },
    overlay: string,
    text: string,
): TextEdit {
    const { parent } = node;
    const lines = importLines(nixpkgs, systemBinding(system, text), overlay);
    if (parent?.name === "Bind") {
        const eol = endOfLine(text);
        const indent = indentAt(text, parent.from);
        const unit = indentUnit(text);
        const laidOut = lines.map((line) => line.replace(/^\t/, unit)).join(eol + indent);
        return { from: node.from, to: node.to, text: laidOut };
    }
    const line = oneLine(lines);
    const isAlone = parent !== null && !["App", "List", "Select"].includes(parent.name);
    return { from: node.from, to: node.to, text: isAlone ? line : `(${line})` };
}

function importLines(nixpkgs: string, system: string, overlay: string): string[] {
    return [`import ${nixpkgs} {`, `\t${system}`, `\toverlays = [ ${overlay} ];`, "}"];
}

/** flake-parts makes the packages itself, unless a module gives it others. */
function asModuleArgument(
    call: ShellCall,
    overlay: string,
    syntax: Syntax,
): TextEdit[] | undefined {
    const { text } = syntax;
    const outputs = shapeOf(syntax)?.call;
    const nixpkgs = outputs && inputReference(outputs, "nixpkgs", text);
    let bind: SyntaxNode | null = call.node;
    while (bind !== null && !/^perSystem\s*=/.test(text.slice(bind.from, bind.from + 40))) {
        bind = bind.parent;
    }
    const module = bind && children(bind).at(-1);
    if (module?.name !== "Function" || nixpkgs === undefined) return undefined;
    const parts = functionParts(module);
    let { body } = parts;
    while (body?.name === "Let" || body?.name === "With") body = children(body).at(-1);
    if (body?.name !== "AttrSet" || parts.brace === undefined) return undefined;
    const [start = "", ...rest] = importLines(nixpkgs, "inherit system;", overlay);
    const last = rest.length - 1;
    const lines = [
        `_module.args.pkgs = ${start}`,
        ...rest.map((line, i) => (i === last ? `${line};` : line)),
    ];
    return [...addFormal(parts, "system", text), addFirst(body, lines, text)];
}
