import type { SyntaxNode } from "@lezer/common";
import { isAttributePath } from "../../../flake/edit/attributePath";
import { definitionOf } from "../../../flake/edit/scope";
import { bare, bindings, children, parseNix } from "../../../flake/syntax";

/** A package that a shell.nix lists. */
export interface ListedPackage {
    /** Below nixpkgs. */
    readonly attribute: string;
    readonly platform: "all" | "linux";
    /** `runtime`: its libraries are found when programs run. */
    readonly use: "build" | "runtime";
}

const LISTS = ["packages", "nativeBuildInputs", "buildInputs", "propagatedBuildInputs"];

/** Rust itself, which a flake has from where the project says; rustup is what it stands in for. */
const RUST =
    /^(?:cargo|rustc|rustfmt|clippy|rust-analyzer|rustup|rust|rust-bin|fenix|latest|rustChannel\w*)(?:$|\.)|^rustPlatform\.rust(?:Lib)?Src$/;

/** The packages that are written out in the lists of a shell.nix; those for macOS only are left out. */
export async function packagesOfNixShell(text: string): Promise<ListedPackage[]> {
    const { expression } = await parseNix(text);
    const found = new Map<string, ListedPackage>();
    const add = (root: SyntaxNode, use: ListedPackage["use"]): void => {
        for (const { attribute, platform } of listed(root, text)) {
            const key = `${use} ${attribute}`;
            if (!found.has(key)) found.set(key, { attribute, platform, use });
        }
    };
    expression?.cursor().iterate(({ node }) => {
        if (node.name === "App" && /\bmakeLibraryPath$/.test(calledBy(node, text))) {
            add(node, "runtime");
        }
        if (!/AttrSet$/.test(node.name)) return;
        for (const { path, value } of bindings(node, text)) {
            if (path.length === 1 && LISTS.includes(path[0] ?? "")) add(value, "build");
        }
    });
    return [...found.values()];
}

/** What the lists below a node name, also those that a name of the file stands for. */
function listed(
    root: SyntaxNode,
    text: string,
    seen: ReadonlySet<number> = new Set(),
): Pick<ListedPackage, "attribute" | "platform">[] {
    if (seen.has(root.from)) return [];
    const found: Pick<ListedPackage, "attribute" | "platform">[] = [];
    root.cursor().iterate(({ node }) => {
        if (node.name === "App" && /isDarwin/.test(calledBy(node, text))) return false;
        if (node.name === "Identifier" && !/^(?:List|AttrPath)$/.test(node.parent?.name ?? "")) {
            const definition = definitionOf(text.slice(node.from, node.to), node, text);
            if (definition?.kind === "value") {
                found.push(...listed(definition.value, text, new Set([...seen, root.from])));
            }
        }
        if (node.name !== "List") return;
        const platform = isForLinux(node, root, text) ? "linux" : "all";
        for (const item of children(node)) {
            const attribute = attributeOf(bare(item), text);
            if (attribute !== undefined) found.push({ attribute, platform });
        }
        return;
    });
    return found;
}

/** What stands before the last argument: `lib.optionals stdenv.isLinux`. */
function calledBy(call: SyntaxNode, text: string): string {
    const [called] = children(call);
    return called === undefined ? "" : text.slice(called.from, called.to);
}

function isForLinux(list: SyntaxNode, root: SyntaxNode, text: string): boolean {
    for (let at = list.parent; at !== null && at.from >= root.from; at = at.parent) {
        if (at.name === "App" && /isLinux/.test(calledBy(at, text))) return true;
    }
    return false;
}

/** The path below nixpkgs; undefined for what is no package of it, as far as can be told. */
function attributeOf(node: SyntaxNode, text: string): string | undefined {
    if (node.name !== "Select" && node.name !== "Identifier") return undefined;
    const path = text.slice(node.from, node.to).replaceAll(/\s/g, "").split(".");
    const [base = ""] = path;
    const isNixpkgs = /pkgs$/i.test(base);
    if (!isNixpkgs && definitionOf(base, node, text) !== undefined) return undefined;
    const attribute = (isNixpkgs ? path.slice(1) : path).join(".");
    return isAttributePath(attribute) && !RUST.test(attribute) ? attribute : undefined;
}
