import * as vscode from "vscode";
import { apply, type Change } from "../core/environment/change";
import type { Environment } from "../core/environment/environment";

/** Debuggers of native programs, by how their launch configurations name the environment. */
const DEBUGGERS = { lldb: "env", "lldb-dap": "env", gdb: "env", cppdbg: "environment" } as const;

/** The changes of a folder's dev shell; none where nobody is in it. */
export type ChangesOf = (folder: vscode.WorkspaceFolder | undefined) => readonly Change[];

/** Gives debugged programs their folder's dev shell, below what launch.json itself sets. */
export function provideDebugEnvironment(
    changesOf: ChangesOf,
    base: Environment,
): vscode.Disposable {
    const registrations = Object.entries(DEBUGGERS).map(([type, key]) =>
        vscode.debug.registerDebugConfigurationProvider(type, {
            // Not earlier: VS Code would replace ${…} in our values, and run the commands in them.
            resolveDebugConfigurationWithSubstitutedVariables(folder, configuration) {
                const changes = changesOf(folder);
                if (configuration.request !== "launch" || changes.length === 0)
                    return configuration;
                const ours = launchEnvironment(changes, base);
                const theirs: unknown = configuration[key];
                return { ...configuration, [key]: MERGED[key](ours, theirs) };
            },
        }),
    );
    return vscode.Disposable.from(...registrations);
}

type Pairs = readonly (readonly [string, string])[];

/** What a debugged program gets on top of its debugger's own environment. */
export function launchEnvironment(changes: readonly Change[], base: Environment): Pairs {
    const shell = apply(changes, base);
    return changes.map(({ name }) => [name, shell.get(name) ?? ""] as const);
}

/** Both, in the form that the debugger's key takes; `env` has two with LLDB DAP. */
const MERGED = {
    env: (ours: Pairs, theirs: unknown): unknown =>
        Array.isArray(theirs)
            ? [...ours.map(([name, value]) => `${name}=${value}`), ...(theirs as unknown[])]
            : { ...Object.fromEntries(ours), ...(theirs as object | undefined) },
    environment: (ours: Pairs, theirs: unknown): unknown => [
        ...ours.map(([name, value]) => ({ name, value })),
        ...(Array.isArray(theirs) ? (theirs as unknown[]) : []),
    ],
};
