import * as vscode from "vscode";

/** Files that can decide a dev shell, wherever they lie in the folder. */
const DECISIVE = "**/{flake.lock,*.nix,rust-toolchain,rust-toolchain.toml,Cargo.toml}";

/** What git changes when it stages, commits or switches: it decides what Nix sees, and the drift. */
const GIT = "{.git,.git/worktrees/*}/{index,HEAD}";

/** Editors write a file in several steps, and a checkout touches hundreds. */
const SETTLED = 300;

/** Calls `onDidChange` once after files that matter to the dev shell changed. */
export function watchFolder(
    roots: readonly vscode.Uri[],
    onDidChange: (what: "files" | "git") => void,
): vscode.Disposable {
    let pending: { timer: NodeJS.Timeout; files: boolean } | undefined;
    const changed = (uri: vscode.Uri, files: boolean): void => {
        if (/\/(?:target|node_modules|\.direnv)\//.test(uri.path)) return;
        clearTimeout(pending?.timer);
        const all = files || pending?.files === true;
        const timer = setTimeout(() => {
            pending = undefined;
            onDidChange(all ? "files" : "git");
        }, SETTLED);
        pending = { timer, files: all };
    };
    const watchers = roots.flatMap((root) =>
        [DECISIVE, GIT].map((glob) => {
            const pattern = new vscode.RelativePattern(root, glob);
            const watcher = vscode.workspace.createFileSystemWatcher(pattern);
            for (const event of [watcher.onDidChange, watcher.onDidCreate, watcher.onDidDelete]) {
                event((uri) => changed(uri, glob === DECISIVE));
            }
            return watcher;
        }),
    );
    return vscode.Disposable.from(...watchers, { dispose: () => clearTimeout(pending?.timer) });
}
