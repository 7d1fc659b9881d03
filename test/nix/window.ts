import { join } from "node:path";
import { SILENT } from "../../src/core/log";
import type { Choice } from "../../src/core/shell/choice";
import { FolderShell, type ShellSettings } from "../../src/core/shell/folderShell";
import { currentOf, type ShellState } from "../../src/core/shell/state";
import type { Snapshot } from "../../src/core/snapshot";
import { base, inside, nixFolder, storageOf } from "./bed";

/** A folder as a window has it, with the states that it was in. */
export type FolderWindow = FolderShell & { readonly states: ShellState[] };

export interface WindowOptions {
    readonly settings?: Partial<ShellSettings>;
    readonly choice?: Choice;
    readonly watched?: string[];
}

/** Opens windows, which are closed after each test. The windows of one folder share its storage. */
export function windows(): (folder: string, options?: WindowOptions) => Promise<FolderWindow> {
    const open: FolderShell[] = [];
    afterEach(async () => {
        for (const folder of open.splice(0)) await folder.dispose();
    });
    return async (folder, options = {}) => {
        let choice = options.choice ?? { shell: undefined, wants: "in" };
        const states: ShellState[] = [];
        const nixPath = join(await nixFolder(), "nix");
        const shell = new FolderShell(folder, {
            settings: () => ({
                enter: "automatic",
                nixPath,
                extraArguments: [],
                exceptions: { keepOut: [], letIn: [] },
                hookTimeout: 60_000,
                oldAfter: undefined,
                nixOutput: "quiet",
                ...options.settings,
            }),
            choice: () => choice,
            choose: (made) => {
                choice = made;
            },
            watchedFiles: () => Promise.resolve(options.watched ?? []),
            onDidChange: () => states.push(shell.state),
            log: SILENT,
            editorEnvironment: base,
            storage: storageOf(folder),
        });
        open.push(shell);
        return Object.assign(shell, { states });
    };
}

/** The environment that is in use in a window. */
export function current(shell: FolderShell): Snapshot {
    const snapshot = currentOf(shell.state);
    if (snapshot === undefined) throw new Error(`the state is ${shell.state.kind}`);
    return snapshot;
}

/** What a program in that environment has as the value of a variable. */
export function valueIn(shell: FolderShell, name: string): string | undefined {
    return inside({ delta: current(shell) }).get(name);
}
