import { release, userInfo } from "node:os";
import * as vscode from "vscode";
import { diagnose } from "../core/doctor/diagnosis";
import { REMEDY_COMMANDS } from "../core/doctor/finding";
import { reportPage, reportText, withoutPrivate, type Report } from "../core/doctor/report";
import { findRustupSettings, rustupSettingsIn } from "../core/flake/rustupToolchain";
import { EXTENSION_ID } from "./ids";
import { withProgress } from "./progress";
import { gatherFacts, type SetupQuestion } from "./setupFacts";
import type { SetupReport } from "./setupReport";

/** Looks at the user's setup and shows what was found; the user can cancel it. */
export async function checkSetup(
    report: SetupReport,
    question: Omit<SetupQuestion, "signal">,
    log: vscode.LogOutputChannel,
): Promise<void> {
    const controller = new AbortController();
    const { signal } = controller;
    try {
        const facts = await withProgress(
            "Nix: looking at your setup",
            () => gatherFacts({ ...question, signal }),
            controller,
        );
        const { folder, base, untrusted } = question;
        const made: Report = {
            folder: folder?.workspaceFolder.name,
            about: aboutPrograms(),
            takenAt: Date.now(),
            sections: diagnose(facts),
        };
        const home = base.get("HOME") ?? userInfo().homedir;
        const hidden = { home, user: userInfo().username, folders: untrusted };
        report.show({
            page: reportPage(made),
            text: withoutPrivate(reportText(made), hidden),
            commands: REMEDY_COMMANDS,
        });
    } catch (error) {
        if (signal.aborted) return;
        log.error(error instanceof Error ? error : String(error));
        throw error;
    }
}

function aboutPrograms(): string[] {
    const { version } = vscode.extensions.getExtension(EXTENSION_ID)?.packageJSON as {
        version: string;
    };
    return [
        `Nix Rust ${version}`,
        `${vscode.env.appName} ${vscode.version}`,
        `${process.platform} ${release()} on ${process.arch}`,
    ];
}

/** Puts the last report into the clipboard, for a bug report. */
export async function copySetup(report: SetupReport, check: () => Promise<void>): Promise<void> {
    if (report.text === undefined) await check();
    const { text } = report;
    if (text === undefined) return; // Cancelled.
    await vscode.env.clipboard.writeText(text);
    vscode.window.setStatusBarMessage("Nix: the report is in the clipboard", 5_000);
}

/** Opens a file at a line, which counts from 1. Both come from a link, and may be anything. */
export async function openLine(file: unknown, line: unknown): Promise<void> {
    if (typeof file !== "string") return;
    const at = new vscode.Position(Math.max(0, (Number(line) || 1) - 1), 0);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
    await vscode.window.showTextDocument(document, { selection: new vscode.Range(at, at) });
}

/** Shows a setting where it counts: in the workspace, on the remote machine, or the user's. */
export async function openSetting(name: unknown, folder: vscode.Uri | undefined): Promise<void> {
    if (typeof name !== "string") return;
    const query = `@id:${name}`;
    const at = vscode.workspace.getConfiguration(undefined, folder ?? null).inspect(name);
    const isOfWorkspace = (at?.workspaceFolderValue ?? at?.workspaceValue) !== undefined;
    const isOfMachine = vscode.env.remoteName !== undefined && isMachineSetting(name);
    const [command, argument] = isOfWorkspace
        ? ["workbench.action.openWorkspaceSettings", { query }]
        : isOfMachine
          ? ["workbench.action.openRemoteSettings", { query }]
          : ["workbench.action.openSettings", query];
    await vscode.commands.executeCommand(command, argument);
}

/** A remote machine has those of its own, which the user's settings do not show. */
function isMachineSetting(name: string): boolean {
    const { contributes } = vscode.extensions.getExtension(EXTENSION_ID)?.packageJSON as {
        contributes: { configuration: { properties: Record<string, { scope: string }> } };
    };
    return contributes.configuration.properties[name]?.scope === "machine";
}

/**
 * Takes the lines out of the flake that set RUSTUP_TOOLCHAIN. The file is shown and not saved: the
 * user sees what goes, and saves or undoes it.
 */
export async function removeRustupToolchain(flake: string | undefined): Promise<void> {
    const settings = flake === undefined ? [] : await findRustupSettings(flake);
    const [first] = settings.filter(({ removal }) => removal !== undefined);
    if (first === undefined) {
        const [place] = settings;
        if (place !== undefined) await openLine(place.file, place.line);
        await vscode.window.showInformationMessage(
            place === undefined
                ? "The flake does not set RUSTUP_TOOLCHAIN, as far as its text tells."
                : "RUSTUP_TOOLCHAIN is set within a script here; take it out by hand.",
        );
        return;
    }
    const uri = vscode.Uri.file(first.file);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document);
    const edit = new vscode.WorkspaceEdit();
    // Of the text as the editor has it, which may differ from the file's.
    for (const { removal } of await rustupSettingsIn(document.getText())) {
        if (removal === undefined) continue;
        const { from, to } = removal;
        edit.delete(uri, new vscode.Range(document.positionAt(from), document.positionAt(to)));
    }
    await vscode.workspace.applyEdit(edit);
    await openLine(first.file, first.line);
}
