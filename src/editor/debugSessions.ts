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
            resolveDebugConfiguration(folder, configuration) {
                const changes = changesOf(folder);
                if (configuration.request !== "launch" || changes.length === 0)
                    return configuration;
                const shell = apply(changes, base);
                const ours = changes.map(({ name }) => [name, shell.get(name) ?? ""] as const);
                const theirs: unknown = configuration[key];
                return { ...configuration, [key]: merged(ours, theirs) };
            },
        }),
    );
    return vscode.Disposable.from(...registrations);
}

/** The environment in the form that the configuration has, or the debugger's usual one. */
function merged(ours: readonly (readonly [string, string])[], theirs: unknown): unknown {
    if (Array.isArray(theirs)) {
        const isPair = theirs.every((item) => typeof item === "string");
        return [
            ...ours.map(([name, value]) => (isPair ? `${name}=${value}` : { name, value })),
            ...(theirs as unknown[]),
        ];
    }
    return { ...Object.fromEntries(ours), ...(theirs as object | undefined) };
}
