/** What an action is done to: the argument of a command that a view, a lens or a hover offers. */
export interface Target {
    /** The workspace folder, as a URI. */
    readonly folder?: string | undefined;
    /** The name of an input of the flake. */
    readonly input?: string | undefined;
    readonly revision?: string | undefined;
    /** A page in the browser. */
    readonly page?: string | undefined;
    /** The name of a dev shell. */
    readonly shell?: string | undefined;
}

const FIELDS = ["folder", "input", "revision", "page", "shell"] as const;

/**
 * The target in a command's argument: itself, or a line of the view that has one. Anybody can run a
 * command with anything: what is no text counts as not given.
 */
export function targetOf(argument: unknown): Target {
    const record = recordOf(recordOf(argument)["target"] ?? argument);
    const given = FIELDS.flatMap((field) => {
        const value = record[field];
        return typeof value === "string" ? [[field, value] as const] : [];
    });
    return Object.fromEntries(given);
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
