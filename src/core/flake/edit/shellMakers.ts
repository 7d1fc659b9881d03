import type { SyntaxNode } from "@lezer/common";
import { bindings, children } from "../syntax";
import type { ShellCall } from "./devShells";
import { resolved } from "./scope";

/** Whether a shell is made by crane, which puts its toolchain first, and takes `packages` only. */
export function isOfCrane({ head }: ShellCall): boolean {
    return head.at(-1) === "devShell";
}

/** The `crane.mkLib pkgs` behind the `craneLib` that makes a shell, if that is all that it is. */
export function craneLibrary({ node }: ShellCall, text: string): SyntaxNode | undefined {
    const [callee] = children(node);
    const [base] = callee?.name === "Select" ? children(callee) : [];
    const library = base && resolved(base, text);
    const [maker] = library?.name === "App" ? children(library) : [];
    const isPlain = maker !== undefined && /\bmkLib$/.test(text.slice(maker.from, maker.to));
    return isPlain ? library : undefined;
}

/** Whether a shell of devenv has Rust through `languages.rust`. */
export function isOfDevenv({ head, parts }: ShellCall, text: string): boolean {
    if (!head.includes("devenv")) return false;
    return parts.some(
        (part) =>
            part.kind === "set" &&
            bindings(part.set, text).some(({ path, value }) => {
                const [first, second] = path;
                if (first !== "languages") return false;
                return second === "rust" || /\brust\b/.test(text.slice(value.from, value.to));
            }),
    );
}
