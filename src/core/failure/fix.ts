/** A way out that a button can offer. Showing the log is always possible, so it is not among them. */
export type FixId =
    | "retry"
    | "retry-offline"
    | "choose-nix"
    | "install-nix"
    | "start-daemon"
    | "open-nix-conf"
    | "enable-flakes"
    | "collect-garbage"
    | "safe-directory"
    | "track-file"
    | "generate-flake"
    | "open-flake-folder"
    | "open-flake"
    | "open-place"
    | "select-shell"
    | "lock"
    | "resolve-lock"
    | "update-input"
    | "show-builder-log"
    | "open-setting-impure"
    | "raise-hook-timeout"
    | TextFixId;

/** The ones that change a file of the flake; `problem/repairs.ts` works out how. */
export type TextFixId =
    | "replace-attribute"
    | "replace-hash"
    | "add-argument"
    | "add-rust-overlay"
    | "add-system"
    | "allow-package";

const LABELS: Record<FixId, string> = {
    retry: "Try Again",
    "retry-offline": "Try Again Offline",
    "choose-nix": "Choose Nix Executable",
    "install-nix": "How to Install Nix",
    "start-daemon": "Start Nix Daemon",
    "open-nix-conf": "Open nix.conf",
    "enable-flakes": "Turn On Flakes",
    "collect-garbage": "Free Disk Space",
    "safe-directory": "Trust Folder in Git",
    "track-file": "Add to Git",
    "open-flake-folder": "Open That Folder",
    "generate-flake": "Generate flake.nix…",
    "open-flake": "Open flake.nix",
    "open-place": "Go to Error",
    "select-shell": "Choose Dev Shell",
    lock: "Lock Flake",
    "resolve-lock": "Resolve flake.lock",
    "update-input": "Update Input",
    "show-builder-log": "Show Build Log",
    "open-setting-impure": "Allow Impure Evaluation",
    "raise-hook-timeout": "Change Time Limit",
    "replace-attribute": "Correct It",
    "replace-hash": "Replace Hash",
    "add-argument": "Add Argument",
    "add-rust-overlay": "Add rust-overlay",
    "add-system": "Add This System",
    "allow-package": "Allow Package",
};

const TEXT_FIXES: ReadonlySet<FixId> = new Set<TextFixId>([
    "replace-attribute",
    "replace-hash",
    "add-argument",
    "add-rust-overlay",
    "add-system",
    "allow-package",
]);

/** The text of a fix's button. */
export function fixLabel(fix: FixId): string {
    return LABELS[fix];
}

/** Whether a fix changes a file of the flake. */
export function isTextFix(fix: FixId): fix is TextFixId {
    return TEXT_FIXES.has(fix);
}
