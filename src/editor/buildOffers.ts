import { readFileSync } from "node:fs";
import * as vscode from "vscode";
import { certainlyMissing, withWanted } from "../core/flake/edit/missingNeeds";
import { missingParts } from "../core/rust/native/buildFailure";
import { wantedParts, type WantedPart } from "../core/rust/native/wantedPart";
import type { OpenFolder } from "./openFolder";
import { Command } from "./ids";

/** Offers to add what an output says was missing, where the flake does not have it. */
export async function offerFrom(
    output: string,
    folder: OpenFolder | undefined,
    isNew: IsNew,
): Promise<void> {
    const wanted = wantedParts(missingParts(output));
    const flake = flakeText(folder);
    if (wanted.length === 0 || folder === undefined || flake === undefined) return;
    const lacking = await withWanted([], wanted, flake, folder.shell.choice.shell);
    const parts = wanted.filter(({ attribute }) => lacking.some(({ name }) => name === attribute));
    const names = [...new Set(parts.map(({ name }) => name))];
    if (names.length === 0 || !isNew(names)) return;
    const packages = listed([...new Set(parts.map(({ attribute }) => attribute))]);
    const message = `cargo did not find ${listed(names)}. The flake can have it: ${packages}.`;
    await offerCommand(message, folder, parts);
}

/** Offers what the crates are known to need, where a build failed of which nothing else is known. */
export async function offerKnownNeeds(folder: OpenFolder | undefined, isNew: IsNew): Promise<void> {
    const flake = flakeText(folder);
    if (folder === undefined || flake === undefined) return;
    const { project, choice } = folder.shell;
    const needs = await certainlyMissing(flake, project, choice.shell);
    const names = needs.map(({ name }) => name);
    if (names.length === 0 || !isNew(names)) return;
    const message = `cargo failed, and the flake lacks ${listed(names)}, which its crates need.`;
    await offerCommand(message, folder, []);
}

/** Whether something of this was not offered yet. */
export type IsNew = (names: readonly string[]) => boolean;

async function offerCommand(
    message: string,
    { workspaceFolder }: OpenFolder,
    parts: readonly WantedPart[],
): Promise<void> {
    const add = "Add Native Dependencies…";
    if ((await vscode.window.showWarningMessage(message, add)) !== add) return;
    const target = { folder: workspaceFolder.uri.toString() };
    await vscode.commands.executeCommand(Command.addNativeDependencies, target, parts);
}

/** The flake as it is on disk, which is what the build was in; undefined where there is none. */
function flakeText(folder: OpenFolder | undefined): string | undefined {
    const flake = folder?.shell.project.flake;
    if (flake === undefined) return undefined;
    try {
        return readFileSync(flake, "utf8");
    } catch {
        return undefined;
    }
}

/** A few names as text. */
function listed(names: readonly string[]): string {
    const shown = names.slice(0, 4);
    const rest = names.length - shown.length;
    return shown.join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
