import type { Target } from "./target";

/** What can be done with a line of the view; the manifest's menus look for these words. */
export type Ability =
    | "update"
    | "updateAll"
    | "copy"
    | "browse"
    | "openInput"
    | "openLock"
    | "lock"
    | "commit"
    | "showChanges"
    | "openToolchain"
    | "enterShell";

/** What happens when a line is chosen, by the key of the command. */
export type ItemAction =
    | "openInput"
    | "openLock"
    | "openToolchainFile"
    | "showActions"
    | "listShells"
    | "enter"
    | "lock";

/** A line of the view "Nix", as plain data that the adapter copies. */
export interface ViewItem {
    /** The same for what is the same, so that what was opened stays open. */
    readonly id: string;
    readonly label: string;
    readonly description: string;
    /** Markdown. */
    readonly tooltip: string;
    /** The name of one of VS Code's own icons. */
    readonly icon?: string;
    readonly isWarning?: true;
    readonly abilities: readonly Ability[];
    readonly action?: ItemAction;
    readonly target: Target;
    /** The lines below, made when they are wanted; "on demand" for the dev shells, which cost. */
    readonly children?: (() => readonly ViewItem[]) | "on demand";
    readonly isOpen?: true;
}

/** The sentence for screen readers, which see no icon. */
export function spokenText({ label, description, isWarning }: ViewItem): string {
    const text = description === "" ? label : `${label}: ${description.replaceAll(" · ", ", ")}`;
    return isWarning ? `Warning. ${text}` : text;
}
