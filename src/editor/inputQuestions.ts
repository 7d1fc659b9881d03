import * as vscode from "vscode";
import type { NewInput } from "../core/flake/edit/addInput";
import { declaredInputs } from "../core/flake/inputs";
import { isIdentifier } from "../core/flake/write/nixText";
import { suggestedInputName } from "../core/flake/edit/inputName";

const TITLE = "Nix: Add Flake Input";

/** Asks for an input's reference, its name, and whether it shares nixpkgs; undefined on Escape. */
export async function askForInput(flake: string): Promise<NewInput | undefined> {
    const declared = (await declaredInputs(flake)) ?? [];
    const names = declared.filter(({ from }) => from !== undefined).map(({ name }) => name);
    const url = await vscode.window.showInputBox({
        title: TITLE,
        prompt: "Where is it? A flake reference, such as github:owner/repository",
        placeHolder: "github:oxalica/rust-overlay",
        ignoreFocusOut: true,
        validateInput: (value) =>
            /^\s*\S+\s*$/.test(value) ? undefined : "A reference, without spaces in it.",
    });
    if (url === undefined) return undefined;
    const name = await vscode.window.showInputBox({
        title: TITLE,
        prompt: "What is it called in flake.nix?",
        value: suggestedInputName(url.trim(), names),
        ignoreFocusOut: true,
        validateInput: (value) => nameProblem(value, names),
    });
    if (name === undefined) return undefined;
    const picked = await pickContent(names.includes("nixpkgs"));
    if (picked === undefined) return undefined;
    return { name, url: url.trim(), ...picked };
}

function nameProblem(name: string, taken: readonly string[]): string | undefined {
    if (!isIdentifier(name))
        return "A name has letters, digits, _ and -, and begins with a letter.";
    if (name === "self") return "The flake itself is called self.";
    return taken.includes(name) ? `flake.nix has an input ${name} already.` : undefined;
}

type Content = Pick<NewInput, "follows" | "content">;

async function pickContent(hasNixpkgs: boolean): Promise<Content | undefined> {
    const flake = { content: "flake", follows: [] } as const;
    const shared = { content: "flake", follows: [["nixpkgs", "nixpkgs"]] } as const;
    const items: (vscode.QuickPickItem & { readonly chosen: Content })[] = [
        {
            label: "A flake",
            detail: "With the versions of its own inputs that it was tested with.",
            chosen: flake,
        },
        {
            label: "Files without a flake.nix",
            detail: "Only its files are fetched (flake = false).",
            chosen: { content: "files", follows: [] },
        },
    ];
    if (hasNixpkgs) {
        items.unshift({
            label: "A flake that uses this flake's nixpkgs",
            detail: "One nixpkgs less to download (inputs.nixpkgs.follows). Right where it has an input nixpkgs.",
            chosen: shared,
        });
    }
    const placeHolder = "What is it?";
    const picked = await vscode.window.showQuickPick(items, { title: TITLE, placeHolder });
    return picked?.chosen;
}
