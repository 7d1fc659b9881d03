/** A way out that a button can offer. Showing the log is always possible, so it is not among them. */
export type FixId =
    | "retry"
    | "choose-nix"
    | "install-nix"
    | "start-daemon"
    | "open-nix-conf"
    | "collect-garbage"
    | "safe-directory"
    | "track-file"
    | "generate-flake"
    | "open-flake"
    | "open-place"
    | "select-shell"
    | "lock"
    | "update-input"
    | "show-builder-log"
    | "open-setting-impure"
    | "raise-hook-timeout";

const LABELS: Record<FixId, string> = {
    retry: "Try Again",
    "choose-nix": "Choose Nix Executable",
    "install-nix": "How to Install Nix",
    "start-daemon": "Start Nix Daemon",
    "open-nix-conf": "Open nix.conf",
    "collect-garbage": "Free Disk Space",
    "safe-directory": "Trust Folder in Git",
    "track-file": "Add to Git",
    "generate-flake": "Create flake.nix",
    "open-flake": "Open flake.nix",
    "open-place": "Go to Error",
    "select-shell": "Choose Dev Shell",
    lock: "Update flake.lock",
    "update-input": "Update Input",
    "show-builder-log": "Show Build Log",
    "open-setting-impure": "Allow Impure Evaluation",
    "raise-hook-timeout": "Change Time Limit",
};

/** The text of a fix's button. */
export function fixLabel(fix: FixId): string {
    return LABELS[fix];
}
