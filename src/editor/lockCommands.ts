import { join } from "node:path";
import * as vscode from "vscode";
import { CaptureError } from "../core/failure/failure";
import type { LockChange } from "../core/lock/change";
import { nothingToCommit } from "../core/lock/commitMessage";
import { compareLink, differenceText } from "../core/lock/difference";
import type { TwoLocks } from "../core/lock/differenceReport";
import { driftActions, driftActionText, type DriftAction } from "../core/lock/driftActions";
import { isRevision, pinReference, REVISION_FORM } from "../core/lock/pin";
import { upstreamText } from "../core/lock/upstreamText";
import { progressText } from "../core/nix/progress";
import { flakeFolder } from "../core/project/project";
import type { FolderShell } from "../core/shell/folderShell";
import { changeLockOf, undoLockChangeOf, type LockOutcome } from "../core/shell/lockOutcome";
import { resolveLock, showFailure } from "./fixes";
import { Command } from "./ids";
import type { LockDocument } from "./lockDocument";
import { inputToPin, pickInputs } from "./lockQuestions";
import { withProgress } from "./progress";
import { prepareInSourceControl } from "./sourceControl";

/** What the commands about one folder's lock work on. */
export interface LockCommandContext {
    readonly shell: FolderShell;
    /** The folder's name as the user sees it. */
    readonly name: string;
    readonly document: LockDocument;
}

/** Changes flake.lock because the user asked for it, and tells in a line what came of it. */
export async function changeLock(context: LockCommandContext, change: LockChange): Promise<void> {
    const { shell } = context;
    await whileTold(shell, "changing flake.lock", async (signal, report) => {
        const outcome = await changeLockOf(shell, change, signal, (now) => {
            report(progressText(now));
        });
        // Not waited for: it stays until the user has read it.
        void tell(context, outcome, "flake.lock changed.");
        if (shell.state.kind === "failed") void showFailure(shell, shell.state.failure);
    });
}

/** Locks what is missing; asks first where that can only be done by locking everything anew. */
export async function lockFlake(context: LockCommandContext): Promise<void> {
    const trouble = context.shell.drift?.trouble;
    if (trouble === undefined) await changeLock(context, { kind: "lock" });
    else await lockAnew(context);
}

/** Updates the input of that name, or lets the user pick what to update. */
export async function updateInputs(
    context: LockCommandContext,
    input: string | undefined,
): Promise<void> {
    // What looks like an option must not become one of nix.
    const isNamed = input !== undefined && !input.startsWith("-");
    const names = isNamed ? [input] : await pickInputs(context.shell);
    if (names.length > 0) await changeLock(context, { kind: "update", inputs: names });
}

/** Locks one input at a revision that the user names. */
export async function pinInput(
    context: LockCommandContext,
    input: string | undefined,
): Promise<void> {
    const { shell } = context;
    const pinned = await inputToPin(shell, input);
    if (pinned === undefined) return;
    const revision = await vscode.window.showInputBox({
        title: `Nix: Pin ${pinned.name} to a Revision`,
        prompt:
            "The commit to lock it at, in flake.lock alone. The next update of this input undoes " +
            "it; to keep it, name the revision in flake.nix.",
        placeHolder: pinned.revision ?? "",
        ignoreFocusOut: true,
        validateInput: (text) => (isRevision(text.trim()) ? undefined : REVISION_FORM),
    });
    const reference = revision && pinReference(pinned, revision.trim());
    if (!reference) return;
    await changeLock(context, { kind: "pin", input: pinned.name, reference });
}

/** Puts flake.lock back as it was before our last change of it. */
export async function undoLockChange(context: LockCommandContext): Promise<void> {
    const { shell } = context;
    await whileTold(shell, "changing flake.lock", async (signal) => {
        const outcome = await undoLockChangeOf(shell, signal);
        if (typeof outcome !== "string") {
            void tell(context, outcome, "flake.lock is as it was before the last update.");
            return;
        }
        const message = {
            "no-change": "There is no update of flake.lock to undo.",
            "changed-since":
                "flake.lock was changed after the last update, so that stays as it is.",
        }[outcome];
        void vscode.window.showInformationMessage(message);
    });
}

/** Prepares a commit of flake.lock in Source Control; where that can't be, commits it when asked. */
export async function commitLock({ shell }: LockCommandContext): Promise<void> {
    const folder = flakeFolder(shell.project);
    if (folder === undefined) return;
    if (shell.project.isKept === true) {
        void vscode.window.showInformationMessage(
            "The flake and its lock are kept outside of this folder, so there is nothing to commit. " +
                "“Nix: Save the Generated Flake in the Folder…” makes them files of it.",
        );
        return;
    }
    const lock = await shell.lock.mending();
    const nothing = nothingToCommit(await lock.sinceCommit());
    if (nothing !== undefined && shell.drift?.state !== "conflict") {
        void vscode.window.showInformationMessage(nothing);
        return;
    }
    const message = await lock.commitMessage();
    // Source Control commits all that is staged, which is more than was asked for.
    const stage = async (): Promise<string | undefined> => {
        const staged = await lock.stage();
        return staged.kind === "refused" ? staged.sentence : undefined;
    };
    if (!(await lock.hasStagedOthers())) {
        const prepared = await prepareInSourceControl(join(folder, "flake.lock"), message, stage);
        if (prepared.kind === "refused") void vscode.window.showErrorMessage(prepared.sentence);
        if (prepared.kind !== "absent") return;
    }
    const subject = await vscode.window.showInputBox({
        title: "Nix: Commit flake.lock",
        prompt: "Commits flake.lock alone, whatever else is staged. Nothing is pushed.",
        value: message.split("\n")[0] ?? "",
        ignoreFocusOut: true,
        validateInput: (text) => (text.trim() === "" ? "A commit needs a message." : undefined),
    });
    if (subject === undefined) return;
    const body = message.includes("\n") ? message.slice(message.indexOf("\n")) : "";
    await whileTold(shell, "committing flake.lock", async (signal) => {
        const outcome = await lock.commit(subject + body, signal);
        if (outcome.kind === "refused") void vscode.window.showErrorMessage(outcome.sentence);
        else
            void vscode.window.showInformationMessage(
                "flake.lock is committed. Nothing was pushed.",
            );
        await shell.refreshDrift();
    });
}

/** Asks where the inputs come from for something newer, and offers to update those. */
export async function checkForUpdates(context: LockCommandContext): Promise<void> {
    const { shell } = context;
    await whileTold(shell, "asking for newer versions", async (signal, report) => {
        const asked = shell.drift?.inputs ?? [];
        const mending = await shell.lock.mending();
        const results = await mending.checkForUpdates(asked, signal, (done) =>
            report(`${done} of ${asked.length} inputs`),
        );
        const inputs = results.flatMap(({ input, state }) =>
            state.kind === "behind" ? [input.name] : [],
        );
        void offerUpdate(context, upstreamText(results), inputs);
    });
}

/** Warns of everything again. */
export function stopIgnoringDrift({ shell }: LockCommandContext): void {
    const wasIgnored = shell.ignoredDrift.length > 0;
    shell.ignoreDrift([]);
    if (!wasIgnored) {
        void vscode.window.showInformationMessage("No warning about flake.lock is ignored here.");
    }
}

/** What the status bar's list offers about the lock. */
export async function lockActions(
    context: LockCommandContext,
): Promise<{ readonly label: string; readonly run: () => unknown }[]> {
    const { shell } = context;
    if (shell.drift === undefined) return [];
    const { canUndo } = await shell.lock.mending();
    const actions = driftActions(shell.drift, { ignored: shell.ignoredDrift, canUndo });
    return actions.map((action) => ({
        label: `$(${ICONS[action.kind]}) ${driftActionText(action)}`,
        run: () => act(context, action),
    }));
}

const ICONS: Record<DriftAction["kind"], string> = {
    track: "add",
    commit: "git-commit",
    resolve: "git-merge",
    resolved: "check",
    lock: "lock",
    "lock-anew": "lock",
    update: "cloud-download",
    "update-some": "cloud-download",
    "check-updates": "sync",
    undo: "discard",
    "show-changes": "diff",
    open: "go-to-file",
    ignore: "bell-slash",
    "stop-ignoring": "bell",
};

async function act(context: LockCommandContext, action: DriftAction): Promise<void> {
    const { shell } = context;
    switch (action.kind) {
        case "track":
            await shell.track(action.path);
            return shell.refresh("files changed");
        case "commit":
            return commitLock(context);
        case "resolve":
            return resolveLock(shell);
        case "resolved":
            return markResolved(context);
        case "lock":
            return lockFlake(context);
        case "lock-anew":
            return lockAnew(context);
        case "update":
            return changeLock(context, { kind: "update", inputs: [action.input] });
        case "update-some":
            return updateInputs(context, undefined);
        case "check-updates":
            return checkForUpdates(context);
        case "undo":
            return undoLockChange(context);
        case "show-changes":
            await vscode.commands.executeCommand(Command.showLockChanges);
            return;
        case "open": {
            const folder = flakeFolder(shell.project);
            if (folder === undefined) return;
            await vscode.window.showTextDocument(vscode.Uri.file(join(folder, action.file)));
            return;
        }
        case "ignore":
            return shell.ignoreDrift([...shell.ignoredDrift, action.warning.kind]);
        case "stop-ignoring":
            return stopIgnoringDrift(context);
    }
}

/** Git counts a conflict as over when the file is added. */
async function markResolved({ shell }: LockCommandContext): Promise<void> {
    const staged = await (await shell.lock.mending()).stage();
    if (staged.kind === "refused") void vscode.window.showErrorMessage(staged.sentence);
    await shell.refreshDrift();
}

async function lockAnew(context: LockCommandContext): Promise<void> {
    const anew = "Lock Anew";
    const message = "Lock all inputs anew?";
    const detail =
        "This flake.lock can't be read. Locking anew takes the newest version of every input. " +
        "“Undo Last Update” brings the file back as it is now.";
    const options = { modal: true, detail };
    const picked = await vscode.window.showWarningMessage(message, options, anew);
    if (picked === anew) await changeLock(context, { kind: "lock-anew" });
}

async function tell(
    context: LockCommandContext,
    { differences, locks, rust: [before, after] }: LockOutcome,
    what: string,
): Promise<void> {
    if (locks.before === locks.after) {
        await vscode.window.showInformationMessage("flake.lock is up to date: nothing changed.");
        return;
    }
    const parts = differences.map(differenceText);
    const version = (rustc: string | undefined): string => rustc?.replace(/^rustc /, "") ?? "none";
    if (before !== after) parts.push(`Rust: ${version(before)} → ${version(after)}`);
    const link = differences
        .map((it) => (it.kind === "changed" ? compareLink(it.before, it.after) : undefined))
        .find((it) => it !== undefined);
    const buttons: Record<string, () => Thenable<unknown>> = {
        "Show Changes": () => showChanges(context, locks),
        ...(link !== undefined && {
            "Compare in Browser": () => vscode.env.openExternal(vscode.Uri.parse(link)),
        }),
    };
    const message = parts.length === 0 ? what : `${what} ${shortened(parts)}.`;
    const picked = await vscode.window.showInformationMessage(message, ...Object.keys(buttons));
    if (picked !== undefined) await buttons[picked]?.();
}

/** As many as a line holds; the rest is behind the button. */
function shortened(parts: readonly string[]): string {
    const most = 4;
    const shown = parts.slice(0, most).join("; ");
    return parts.length > most ? `${shown}; and ${parts.length - most} more` : shown;
}

function showChanges({ name, document }: LockCommandContext, locks: TwoLocks): Promise<void> {
    return document.show(locks, `Changes of flake.lock in ${name} by the last update`);
}

async function offerUpdate(
    context: LockCommandContext,
    message: string,
    inputs: readonly string[],
): Promise<void> {
    const update = "Update";
    const buttons = inputs.length === 0 ? [] : [update];
    const picked = await vscode.window.showInformationMessage(message, ...buttons);
    if (picked === update) await changeLock(context, { kind: "update", inputs });
}

/** Runs what the user asked for with a notification to cancel it; failures are told. */
async function whileTold(
    folder: FolderShell,
    title: string,
    work: (signal: AbortSignal, report: (message: string) => void) => Promise<void>,
): Promise<void> {
    const controller = new AbortController();
    try {
        await withProgress(`Nix: ${title}`, work, controller);
    } catch (error) {
        if (controller.signal.aborted) return;
        if (!(error instanceof CaptureError)) throw error;
        await showFailure(folder, error.failure);
    }
}
