import type { RunningProcess } from "../processEnvironment";

/**
 * Whether a process is rust-analyzer's server. Its client also runs it for a moment, to ask for the
 * version.
 */
export function isServer(child: RunningProcess): boolean {
    return (
        child.arguments.some((argument) => /(?:^|\/)rust-analyzer$/.test(argument)) &&
        !child.arguments.includes("--version")
    );
}
