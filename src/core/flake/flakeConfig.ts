import { createHash } from "node:crypto";
import type { SyntaxNode } from "@lezer/common";
import { bare, bindings, children, literalText, parseNix } from "./syntax";

/** A setting of nix that a flake asks for in its `nixConfig`. */
export interface FlakeSetting {
    readonly name: string;
    /** As nix's command line takes it. */
    readonly value: string;
    /** What it can do to this machine; undefined where that is little. */
    readonly danger: string | undefined;
}

/** A flake's `nixConfig`: what it wants of the nix of whoever uses it. */
export interface FlakeConfig {
    readonly settings: readonly FlakeSetting[];
    /** Changes with any setting, so that a decision holds for this content only. */
    readonly digest: string;
}

/**
 * What a flake.nix asks for in `nixConfig`; undefined where it asks for nothing, or the text does
 * not tell (nix allows nothing computed there). Settings that nix obeys without asking are left out
 * (nix/src/libflake/config.cc).
 */
export async function flakeConfig(text: string): Promise<FlakeConfig | undefined> {
    if (!text.includes("nixConfig")) return undefined;
    const { expression } = await parseNix(text);
    const flake = expression && bare(expression);
    if (flake?.name !== "AttrSet") return undefined;
    const settings: FlakeSetting[] = [];
    for (const { path, value } of bindings(flake, text)) {
        if (path[0] !== "nixConfig") continue;
        if (path.length === 1) {
            const set = bare(value);
            if (set.name !== "AttrSet") return undefined;
            for (const inner of bindings(set, text)) add(settings, inner.path, inner.value, text);
        } else add(settings, path.slice(1), value, text);
    }
    if (settings.length === 0) return undefined;
    const digest = createHash("sha256").update(JSON.stringify(settings)).digest("hex");
    return { settings, digest };
}

const HARMLESS = /^(?:bash-prompt(?:-prefix|-suffix)?|commit-lock-?file-summary|flake-registry)$/;

function add(
    settings: FlakeSetting[],
    path: readonly (string | undefined)[],
    node: SyntaxNode,
    text: string,
): void {
    const name = path.join(".");
    const value = valueOf(node, text);
    if (value === undefined || HARMLESS.test(name)) return;
    settings.push({ name, value, danger: dangerOf(name.replace(/^extra-/, "")) });
}

function valueOf(node: SyntaxNode, text: string): string | undefined {
    const inner = bare(node);
    const source = text.slice(inner.from, inner.to);
    if (inner.name === "List") {
        const items = children(inner).map((item) => valueOf(item, text));
        return items.includes(undefined) ? undefined : items.join(" ");
    }
    if (/^(?:true|false|\d+)$/.test(source)) return source;
    return literalText(inner, text);
}

/** The reference on nix, section 6. Where nix's daemon trusts the user, they reach all of it. */
const DANGERS: Readonly<Record<string, string>> = {
    "accept-flake-config": "lets every other flake decide such settings, too",
    "allow-import-from-derivation": "lets builds run while the flake is read",
    "allow-unsafe-native-code-during-evaluation": "lets the flake run any program as you",
    builders: "sends builds to other machines, whose results are trusted",
    "build-hook": "runs a program as the administrator",
    "diff-hook": "runs a program as the administrator",
    "extra-sandbox-paths": "shows files of this machine to builds",
    "impure-env": "shows variables of this machine to builds",
    "netrc-file": "reads passwords from a file",
    "plugin-files": "loads a library into Nix, which can do anything",
    "post-build-hook": "runs a program after each build, as the administrator",
    "pre-build-hook": "runs a program before each build, as the administrator",
    "require-sigs": "takes packages that nobody signed",
    sandbox: "lets builds see and change this machine",
    "sandbox-fallback": "lets builds see and change this machine",
    "sandbox-paths": "shows files of this machine to builds",
    "secret-key-files": "reads keys from files",
    "ssl-cert-file": "decides whom downloads trust",
    substituters: "takes ready-made packages from another server",
    "trusted-public-keys": "trusts packages that this key signed, whatever is in them",
    "trusted-substituters": "takes ready-made packages from another server",
    "trusted-users": "makes users equal to the administrator",
};

function dangerOf(name: string): string | undefined {
    return DANGERS[name];
}

/** The arguments that have nix obey accepted settings, and no others. */
export function configArguments({ settings }: FlakeConfig): string[] {
    return settings.flatMap(({ name, value }) => ["--option", name, value]);
}

/** The settings in full, a line each, for the user to decide on. */
export function configText({ settings }: FlakeConfig): string {
    return settings
        .map(({ name, value, danger }) => {
            const warning = danger === undefined ? "" : `\n    This ${danger}.`;
            return `${name} = ${value}${warning}`;
        })
        .join("\n");
}
