import * as vscode from "vscode";

/** As much of VS Code's own git extension as is used (extensions/git/src/api/git.d.ts, version 1). */
interface GitExtension {
    readonly enabled: boolean;
    getAPI(version: 1): { getRepository(uri: vscode.Uri): Repository | null };
}

interface Repository {
    readonly rootUri: vscode.Uri;
    readonly inputBox: { value: string };
    status(): Promise<void>;
}

/** What came of preparing a commit in Source Control. */
export type Prepared =
    | { readonly kind: "prepared" }
    /** There is no Source Control for this file, or the user has a message of their own in it. */
    | { readonly kind: "absent" }
    | { readonly kind: "refused"; readonly sentence: string };

/**
 * Shows Source Control with a file staged and a message for it, for the user to commit.
 *
 * @param stage puts the file into the index; it returns a sentence where it can't
 */
export async function prepareInSourceControl(
    file: string,
    message: string,
    stage: () => Promise<string | undefined>,
): Promise<Prepared> {
    const repository = await repositoryOf(vscode.Uri.file(file));
    if (repository === undefined) return { kind: "absent" };
    const { inputBox } = repository;
    if (inputBox.value !== "" && inputBox.value !== message) return { kind: "absent" };
    const sentence = await stage();
    if (sentence !== undefined) return { kind: "refused", sentence };
    inputBox.value = message;
    await repository.status();
    await vscode.commands.executeCommand("workbench.view.scm");
    return { kind: "prepared" };
}

async function repositoryOf(file: vscode.Uri): Promise<Repository | undefined> {
    const extension = vscode.extensions.getExtension<GitExtension>("vscode.git");
    if (extension?.isActive !== true || !extension.exports.enabled) return undefined;
    return extension.exports.getAPI(1).getRepository(file) ?? undefined;
}
