import { existsSync } from "node:fs";
import { join } from "node:path";
import { apply, type Change } from "../environment/change";
import type { Environment } from "../environment/environment";
import { isKeptFromHost } from "../environment/omission";
import type { Log } from "../log";
import { isRust, type Project } from "../project/project";
import { currentOf, type ShellState } from "../shell/state";

/** What rust-analyzer's server is to run in. */
export interface ServerShell {
    /** What the extension host's environment was given; empty where that is switched off. */
    readonly host: ReadonlyMap<string, string | undefined>;
    readonly changes: readonly Change[];
    /** A stable path of the dev shell's own rust-analyzer. */
    readonly server: string | undefined;
}

/** Settings of rust-analyzer by name, such as "server.path". */
export type ServerSettings = Readonly<Record<string, unknown>>;

/** The folder that feeds the window, as far as the server is concerned. */
interface FeedingShell {
    readonly project: Project;
    readonly state: ShellState;
    /** Where the links are that the environment in use needs. */
    readonly links: string | undefined;
}

/** What the server is to run in; undefined where no Rust folder feeds the window. */
export function serverShell(
    feeding: FeedingShell | undefined,
    host: ReadonlyMap<string, string | undefined>,
): ServerShell | undefined {
    const current = feeding && currentOf(feeding.state);
    if (feeding === undefined || current === undefined || !isRust(feeding.project)) {
        return undefined;
    }
    const server = feeding.links && join(feeding.links, "rust-analyzer");
    return {
        host,
        changes: current.changes,
        server: server && existsSync(server) ? server : undefined,
    };
}

/** The settings that carry what the host's environment can't. */
export function serverSettings(
    shell: ServerShell | undefined,
    base: Environment,
    log: Log,
): ServerSettings {
    if (shell === undefined) return {};
    const changes = shell.changes.filter(({ name }) =>
        shell.host.size === 0 ? true : isKeptFromHost(name) && /^(?:LD|DYLD)_/.test(name),
    );
    const environment = apply(changes, base);
    const extra: Record<string, string | null> = {};
    for (const { name } of changes) {
        const value = environment.get(name) ?? null;
        // rust-analyzer replaces ${…} in settings, and takes an empty value for "remove".
        if (value?.includes("${")) log.info(`${name} can't be passed to rust-analyzer.`);
        else extra[name] = value;
    }
    return {
        ...(Object.keys(extra).length > 0 && { "server.extraEnv": extra }),
        ...(shell.server !== undefined &&
            existsSync(shell.server) && { "server.path": shell.server }),
    };
}
