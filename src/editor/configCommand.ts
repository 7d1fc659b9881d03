import * as vscode from "vscode";
import type { FolderShell } from "../core/shell/folderShell";

/** Shows in full what a flake asks of nix, and has the user accept or refuse it for this folder. */
export async function reviewConfig(folder: FolderShell): Promise<void> {
    const { flakeConfig: config } = folder;
    if (config === undefined) {
        const message = "This flake asks for no settings of Nix (nixConfig).";
        await vscode.window.showInformationMessage(message);
        return;
    }
    const { configText } = await import("../core/flake/flakeConfig");
    const [accept, refuse] = ["Accept for This Project", "Refuse"];
    const isAccepted = folder.isConfigDecided && folder.choice.flakeConfig?.isAccepted === true;
    const now = isAccepted
        ? "You accepted them."
        : folder.isConfigDecided
          ? "You refused them."
          : "They are not used unless you accept them. When the flake asks for others, you are asked again.";
    const picked = await vscode.window.showWarningMessage(
        "This flake asks for settings of Nix. Accept only what you trust.",
        { modal: true, detail: `${configText(config)}\n\n${now}` },
        // What the Enter key takes comes first.
        refuse,
        accept,
    );
    if (picked === accept) await folder.decideConfig(config, "accept");
    if (picked === refuse) await folder.decideConfig(config, "refuse");
}
