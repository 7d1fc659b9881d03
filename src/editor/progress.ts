import * as vscode from "vscode";

/**
 * Runs what the user asked for, with a notification that tells how far it is and can cancel it.
 *
 * @param title what is being done, in a few words
 * @param controller aborted when the user cancels
 */
export async function withProgress<T>(
    title: string,
    work: (signal: AbortSignal, report: (message: string) => void) => Promise<T>,
    controller = new AbortController(),
): Promise<T> {
    const options = {
        location: vscode.ProgressLocation.Notification,
        title,
        cancellable: true,
    };
    return vscode.window.withProgress(options, (progress, token) => {
        token.onCancellationRequested(() => controller.abort());
        return work(controller.signal, (message) => progress.report({ message }));
    });
}
