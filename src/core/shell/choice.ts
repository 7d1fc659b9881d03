import type { FlakeConfig } from "../flake/flakeConfig";
import type { DriftKind } from "../lock/driftText";
import { isRust, type Project } from "../project/project";
import type { ShellState } from "./state";

/** What the user decided for one folder, remembered outside the repository. */
export interface Choice {
    /** Undefined for the default dev shell. */
    readonly shell: string | undefined;
    /** Undefined while the user said neither "enter" nor "leave". */
    readonly wants: "in" | "out" | undefined;
    /** What the user does not want to be warned of; nothing where it is missing. */
    readonly ignoredDrift?: readonly DriftKind[];
    /** What the user decided on the flake's nixConfig; it holds for the content with this digest. */
    readonly flakeConfig?: { readonly digest: string; readonly isAccepted: boolean };
}

/** The choice in what is remembered: nothing, what another version wrote, or anything at all. */
export function choiceIn(remembered: unknown): Choice {
    if (typeof remembered !== "object" || remembered === null) return NOTHING;
    const { shell, wants, ignoredDrift, flakeConfig } = remembered as Record<string, unknown>;
    return {
        shell: typeof shell === "string" ? shell : undefined,
        wants: wants === "in" || wants === "out" ? wants : undefined,
        ...(Array.isArray(ignoredDrift) && {
            ignoredDrift: ignoredDrift.filter(
                (kind): kind is DriftKind => typeof kind === "string",
            ),
        }),
        ...(isDecision(flakeConfig) && { flakeConfig }),
    };
}

const NOTHING: Choice = { shell: undefined, wants: undefined };

function isDecision(value: unknown): value is NonNullable<Choice["flakeConfig"]> {
    if (typeof value !== "object" || value === null) return false;
    const { digest, isAccepted } = value as Record<string, unknown>;
    return typeof digest === "string" && typeof isAccepted === "boolean";
}

/** Whether the folder's dev shell is not in use because of the user, or for want of Rust. */
export function isLeftAlone({ wants }: Choice, project: Project): boolean {
    return wants === "out" || (wants === undefined && !isRust(project));
}

/** What is the case with a folder that has no flake. */
export function flakelessState(project: Project): ShellState {
    return { kind: isRust(project) ? "no-flake" : "none" };
}

/** What is the case with a folder whose dev shell nobody is in. */
export function outsideState({ wants }: Choice, project: Project): ShellState {
    const reason = wants === "out" ? "left" : isRust(project) ? "manual" : "not-rust";
    return { kind: "outside", reason };
}

/** Whether the user has accepted or refused what a flake asks for, as it is now. */
export function isDecided({ flakeConfig }: Choice, config: FlakeConfig | undefined): boolean {
    return flakeConfig?.digest === config?.digest;
}

/** What a flake asks for and the user accepted, as it was shown to them. */
export function acceptedConfig(
    choice: Choice,
    config: FlakeConfig | undefined,
): FlakeConfig | undefined {
    return isDecided(choice, config) && choice.flakeConfig?.isAccepted === true
        ? config
        : undefined;
}
