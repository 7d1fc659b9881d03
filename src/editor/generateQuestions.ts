import * as vscode from "vscode";
import { suggestedTemplate, type FlakeSource } from "../core/flake/write/choose";
import {
    conflict,
    OPTIONS,
    TEMPLATES,
    type Choice,
    type OptionId,
    type TemplateId,
} from "../core/flake/write/templates";
import { unmarked } from "../core/markdown";
import { needChoices } from "../core/rust/native/choice";
import type { NativeNeeds } from "../core/rust/native/needs";

/** What the user wants of a flake. */
export interface FlakeWanted {
    readonly template: TemplateId;
    readonly options: ReadonlySet<OptionId>;
    /** The native dependencies to take; undefined for those that are suggested. */
    readonly needs: ReadonlySet<string> | undefined;
}

/** What all of it is about, in a few words. */
export const GENERATE = "Generate flake.nix";

/** Asks for everything, with what was chosen before; undefined where the user gives up. */
export async function askForFlake(
    source: FlakeSource,
    needs: NativeNeeds | undefined,
    before: FlakeWanted | undefined,
): Promise<FlakeWanted | undefined> {
    const choices = needs === undefined ? [] : needChoices(needs);
    const steps = choices.length > 0 ? 3 : 2;
    const title = (step: number): string => `Nix: ${GENERATE} (${step}/${steps})`;

    const template = await askTemplate(source, before?.template, title(1));
    if (template === undefined) return undefined;
    const options = await askOptions(before?.options ?? new Set(), title(2));
    if (options === undefined) return undefined;
    if (choices.length === 0) return { template, options, needs: undefined };
    const picked = await vscode.window.showQuickPick(
        choices.map(({ id, description, detail, isSuggested }) => ({
            label: id,
            description,
            detail,
            picked: before?.needs?.has(id) ?? isSuggested,
        })),
        {
            title: title(3),
            placeHolder: "What this project needs besides Rust",
            canPickMany: true,
            matchOnDescription: true,
        },
    );
    return picked && { template, options, needs: new Set(picked.map(({ label }) => label)) };
}

async function askTemplate(
    source: FlakeSource,
    before: TemplateId | undefined,
    title: string,
): Promise<TemplateId | undefined> {
    const suggested = suggestedTemplate(source);
    const first = before ?? suggested;
    const isPossible = ({ id }: Choice<TemplateId>): boolean =>
        !/-file$/.test(id) || source.toolchainFile !== undefined;
    const items = TEMPLATES.filter(isPossible)
        .toSorted((a, b) => Number(b.id === first) - Number(a.id === first))
        .map(({ id, label, reason }) => ({
            id,
            label,
            description: id === suggested ? "suggested for this project" : "",
            detail: unmarked(reason),
        }));
    const placeHolder = "Where should Rust come from?";
    return (await vscode.window.showQuickPick(items, { title, placeHolder }))?.id;
}

async function askOptions(
    before: ReadonlySet<OptionId>,
    title: string,
): Promise<ReadonlySet<OptionId> | undefined> {
    let chosen = before;
    let placeHolder = "What should the flake have besides the dev shell? Nothing is fine.";
    for (;;) {
        const items = OPTIONS.map(({ id, label, reason }) => ({
            id,
            label,
            detail: unmarked(reason),
            picked: chosen.has(id),
        }));
        const options = { title, placeHolder, canPickMany: true } as const;
        const picked = await vscode.window.showQuickPick(items, options);
        if (picked === undefined) return undefined;
        chosen = new Set(picked.map(({ id }) => id));
        const reason = conflict(chosen);
        if (reason === undefined) return chosen;
        placeHolder = reason;
    }
}
