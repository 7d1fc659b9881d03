import * as vscode from "vscode";
import { missingNeeds, withWanted, type MissingNeed } from "../core/flake/edit/missingNeeds";
import { unmarked } from "../core/markdown";
import type { WantedPart } from "../core/rust/native/wantedPart";
import type { FolderShell } from "../core/shell/folderShell";

interface NeedItem extends vscode.QuickPickItem {
    readonly need?: MissingNeed;
}

/** Lets the user choose among what the flake lacks; undefined where nothing is to be done. */
export async function pickNeeds(
    shell: FolderShell,
    flake: string,
    wanted: readonly WantedPart[],
): Promise<readonly MissingNeed[] | undefined> {
    const needs = await shell.nativeNeeds();
    if (needs === undefined && wanted.length === 0) {
        void vscode.window.showInformationMessage(
            "There is no Cargo.toml here, whose crates could need something of the system.",
        );
        return undefined;
    }
    const known = needs === undefined ? [] : await missingNeeds(flake, needs, shell.choice.shell);
    const missing = await withWanted(known, wanted, flake, shell.choice.shell);
    if (missing.length === 0) {
        void vscode.window.showInformationMessage(nothingMissing(needs));
        return undefined;
    }
    const picked = await vscode.window.showQuickPick(itemsOf(missing, wanted), {
        title: "Nix: Add Native Dependencies",
        placeHolder: "What the project needs of the system, and the flake does not have",
        canPickMany: true,
        matchOnDetail: true,
        ignoreFocusOut: true,
    });
    const chosen = (picked ?? []).flatMap(({ need }) => need ?? []);
    return chosen.length === 0 ? undefined : chosen;
}

function nothingMissing(
    needs: { readonly crates: number; readonly notes: readonly string[] } | undefined,
): string {
    const notes = needs?.notes ?? [];
    if (notes.length > 0) return unmarked(notes.join(" "));
    return needs === undefined || needs.crates === 0
        ? "Nothing is missing in the flake."
        : `Nothing is missing: the flake has all that the packages in Cargo.lock (${needs.crates}) are known to need.`;
}

function itemsOf(missing: readonly MissingNeed[], wanted: readonly WantedPart[]): NeedItem[] {
    const items = missing.map((need) => ({
        label: need.name,
        description: describe(need),
        detail: need.reason,
        picked: isPicked(need, wanted),
        need,
    }));
    const isLess = ({ need }: { need: MissingNeed }): boolean =>
        need.isOptional || need.certainty === "possible";
    const less = items.filter(isLess);
    if (less.length === 0) return items;
    const separator = {
        label: "A build works without these",
        kind: vscode.QuickPickItemKind.Separator,
    };
    return [...items.filter((item) => !isLess(item)), separator, ...less];
}

/** What a failed build asked for, where it did; else what every build needs. */
function isPicked({ name, certainty, isOptional }: MissingNeed, wanted: readonly WantedPart[]) {
    if (wanted.length > 0) return wanted.some(({ attribute }) => attribute === name);
    return !isOptional && certainty !== "possible";
}

const KINDS: Readonly<Record<MissingNeed["kind"], string>> = {
    packages: "tool",
    nativeBuildInputs: "runs during the build",
    buildInputs: "library",
    runtimeLibraries: "library, opened when the program runs",
    hardeningDisable: "hardening of the C compiler to be off",
    variable: "environment variable",
};

function describe({ kind, platform }: MissingNeed): string {
    const where = { all: "", linux: ", on Linux", darwin: ", on macOS" }[platform];
    return KINDS[kind] + where;
}
