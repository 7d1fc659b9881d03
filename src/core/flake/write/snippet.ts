import { build } from "./build";
import type { Contribution, FlakeInput } from "./contribution";
import { apart, bind, call, fileText, fn, letIn, operation, set, type Nix } from "./layout";
import { hooks, image, treefmt } from "./parts";
import type { Builder, FlakePlan, Part } from "./plan";

/** What a part adds to a flake that is not ours, for people or an editor to put in its place. */
export interface Snippet {
    readonly inputs: readonly FlakeInput[];
    /**
     * A function of `pkgs` (and `lib`, and the new inputs, in scope): the outputs of a system, as
     * a Nix expression. What is below `devShells` is to be added to the shell that there is.
     */
    readonly text: string;
}

/** What a snippet is written for. */
export interface SnippetSource {
    /** The name of the flake's own toolchain, where it has one in scope. */
    readonly toolchain: string | undefined;
    readonly builder: Builder;
    /** What a new flake would be, for its crate and needs. */
    readonly plan: FlakePlan;
}

/** Writes what a part needs, for a flake that has a dev shell already. */
export function partSnippet(part: Part, { plan, toolchain, builder }: SnippetSource): Snippet {
    const own: FlakePlan = { ...plan, parts: new Set([part]), builder };
    const none = { names: [], definitions: [] };
    const contributions: readonly Contribution[] = [
        part === "hooks" || part === "treefmt" ? {} : build(own, builder, toolchain, none),
        part === "hooks" ? hooks(own, toolchain) : {},
        part === "treefmt" ? treefmt(toolchain) : {},
        part === "image" ? image(own.crate) : {},
    ];
    return {
        inputs: contributions.flatMap(({ inputs = [] }) => inputs),
        text: fileText(fn("pkgs", outputsOf(contributions))),
    };
}

function outputsOf(contributions: readonly Contribution[]): Nix {
    const entries = <K extends "packages" | "linuxPackages" | "checks" | "shell">(
        key: K,
    ): NonNullable<Contribution[K]>[number][] =>
        contributions.flatMap((contribution) => [...(contribution[key] ?? [])]);
    const lists = contributions.flatMap(({ toolLists = [] }) => toolLists);
    const [first, ...rest] = lists;
    const shell = [
        ...entries("shell"),
        ...(first === undefined ? [] : [bind("packages", operation("++", first, ...rest))]),
    ];
    const linux = entries("linuxPackages");
    const packages = entries("packages");
    const formatter = contributions.find((one) => one.formatter !== undefined)?.formatter;
    const more =
        linux.length === 0
            ? []
            : [call("lib.optionalAttrs pkgs.stdenv.hostPlatform.isLinux", set(...linux))];
    const outputs = [
        ...(packages.length === 0
            ? []
            : [bind("packages", operation("//", set(...packages), ...more))]),
        ...(entries("checks").length === 0 ? [] : [bind("checks", set(...entries("checks")))]),
        ...(shell.length === 0
            ? []
            : [bind("devShells.default", call("pkgs.mkShell", set(...shell)))]),
        ...(formatter === undefined ? [] : [bind("formatter", formatter)]),
    ];
    return letIn(
        contributions.flatMap(({ definitions = [] }) => definitions).map(apart),
        set(...outputs.map(apart)),
    );
}
