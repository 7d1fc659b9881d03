import type { Project } from "../../project/project";
import { readNativeNeeds } from "../../rust/native/read";
import type { BesideFile } from "./besides";
import { factsOf, planFlake, readFlakeSource, suggestedTemplate } from "./choose";
import { flakeText } from "./flakeText";
import { newBeside } from "./newBeside";
import type { ShellNeeds } from "./plan";
import { shellNeeds } from "./shellNeeds";
import {
    conflict,
    isFileOption,
    isOption,
    isTemplate,
    OPTIONS,
    TEMPLATES,
    type OptionId,
} from "./templates";

/** What a flake.nix is wanted for. */
export interface FlakeWish {
    readonly project: Project;
    /** Where flake.nix is to be. */
    readonly folder: string;
    readonly now: Date;
    /** The name of a template; undefined for the one that suits the project. */
    readonly template?: string | undefined;
    /** Names of options. */
    readonly options?: readonly string[];
    /** The branch that changes are merged into, for CI; "main" where that is not known. */
    readonly branch?: string | undefined;
    /** What its crates need; undefined to find that out. */
    readonly needs?: ShellNeeds | undefined;
}

/** The text of a flake.nix with the files beside it, and what the user has to know about it, as sentences. */
export interface ProposedFlake {
    readonly text: string;
    /** Of the options that are files of their own. */
    readonly files: readonly BesideFile[];
    readonly notes: readonly string[];
}

/**
 * Writes the flake.nix of a project in one go, from names as they are typed.
 *
 * @throws Error with a sentence, for a name that is none and for options that exclude each other
 */
export async function proposedFlake(wish: FlakeWish): Promise<ProposedFlake> {
    const { project, folder, now, template, options = [] } = wish;
    if (template !== undefined && !isTemplate(template)) {
        throw new Error(`There is no template “${template}”; there are ${names(TEMPLATES)}.`);
    }
    const chosen = new Set(options.map(optionOf));
    const reason = conflict(chosen);
    if (reason !== undefined) throw new Error(reason);
    const needs = wish.needs ?? shellNeeds(await readNativeNeeds(project));
    const source = await readFlakeSource(project, folder, needs, now);
    const { plan, notes } = planFlake(source, template ?? suggestedTemplate(source), chosen);
    const facts = factsOf({ plan, source }, wish.branch ?? "main");
    const files = newBeside(folder, [...chosen].filter(isFileOption), facts);
    return { text: flakeText(plan), files, notes };
}

function optionOf(name: string): OptionId {
    if (isOption(name)) return name;
    throw new Error(`There is no option “${name}”; there are ${names(OPTIONS)}.`);
}

function names(choices: readonly { readonly id: string }[]): string {
    return choices.map(({ id }) => id).join(", ");
}
