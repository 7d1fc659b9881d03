import type { SyntaxNode } from "@lezer/common";
import { bindingOf, type Binding } from "../syntax";
import { definitionOf, inherited, usesOf } from "./scope";

/** Where in the outputs something ends up. */
export interface OutputPlace {
    /** `devShells`, or the older `devShell`; undefined where that is not told. */
    readonly output: string | undefined;
    /** The name below it, with its system before it where there is one. */
    readonly label: string | undefined;
    /** Whether it is one shell, not a set of them. */
    readonly isShell: boolean;
}

/** How far `let` names are followed to where they are used. */
const DEEPEST = 4;

const OUTPUTS: ReadonlySet<string> = new Set(["devShells", "devShell"]);

const SYSTEM = /^(x86_64|aarch64|i686|armv\dl|riscv64|powerpc64le)-[a-z]+$/;

/** Under which name of `devShells` a place is; follows `let` names to where they are used. */
export function outputPlace(node: SyntaxNode, text: string, depth = 0): OutputPlace | undefined {
    const path: (string | undefined)[] = [];
    for (let at = node.parent, inner = node; at !== null; inner = at, at = at.parent) {
        const bind = bindingOf(at, text);
        if (bind === undefined || bind.value.from > inner.from) continue;
        path.unshift(...bind.path);
        const scope = at.parent;
        if (scope?.name !== "Let" || depth >= DEEPEST) continue;
        if (path.some(isOutput)) break;
        const used = usedPlace(bind, scope, text, depth + 1);
        if (used === undefined) {
            return { output: undefined, label: path.at(-1), isShell: false };
        }
        const own = path.slice(1).filter((name) => name !== undefined);
        if (own.length === 0) return used;
        return used.isShell ? undefined : placeOf(["devShells", ...own]);
    }
    return placeOf(path);
}

/** The place that a path of attributes is, if it leads to a shell, and not into one. */
export function placeOf(path: readonly (string | undefined)[]): OutputPlace | undefined {
    const start = path.findIndex(isOutput);
    if (start < 0) return undefined;
    const output = path[start];
    const names = path.slice(start + 1).filter((name) => name !== undefined);
    const systems = names.filter((name) => SYSTEM.test(name));
    const own = names.filter((name) => !SYSTEM.test(name));
    const isLegacy = output === "devShell";
    if (own.length > (isLegacy ? 0 : 1)) return undefined;
    const label = [...systems, own[0] ?? "default"].join(".");
    return { output, label, isShell: isLegacy || own.length === 1 };
}

function isOutput(name: string | undefined): boolean {
    return name !== undefined && OUTPUTS.has(name);
}

/** The names of the bindings that a place is in, the outermost first, from the nearest `let` on. */
export function namesAround(node: SyntaxNode, text: string): (string | undefined)[] {
    const names: (string | undefined)[] = [];
    for (let at: SyntaxNode | null = node; at !== null; at = at.parent) {
        const bind = bindingOf(at, text);
        names.unshift(...(bind?.path ?? []));
        if (bind !== undefined && at.parent?.name === "Let") break;
    }
    return names;
}

/** Where the shell of `let name = mkShell …` ends up. */
function usedPlace(
    { path }: Binding,
    scope: SyntaxNode,
    text: string,
    depth: number,
): OutputPlace | undefined {
    const [name] = path;
    if (name === undefined) return undefined;
    for (const use of usesOf(name, scope, text)) {
        if (definitionOf(name, use, text)?.scope.from !== scope.from) continue;
        const set = use.parent;
        const isInherited =
            set?.name === "AttrSet" && inherited(set).some(({ from }) => from === use.from);
        const place = isInherited
            ? inheritedPlace(use, name, text, depth)
            : outputPlace(use, text, depth);
        if (place?.output !== undefined) return place;
    }
    return undefined;
}

/** `inherit name;` in a set is `name = name;`. */
function inheritedPlace(
    use: SyntaxNode,
    name: string,
    text: string,
    depth: number,
): OutputPlace | undefined {
    const set = use.parent;
    if (set === null) return undefined;
    if (OUTPUTS.has(name)) return placeOf([name]);
    const place = outputPlace(set, text, depth);
    if (place?.output === undefined) return place;
    return place.isShell ? undefined : { ...place, label: name, isShell: true };
}
