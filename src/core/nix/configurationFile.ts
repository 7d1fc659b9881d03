import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Environment } from "../environment/environment";

/** A place in nix's configuration. */
export interface ConfigurationPlace {
    /** Absolute path; the file may not exist yet. */
    readonly file: string;
    /** From 0; undefined where no line is meant. */
    readonly line: number | undefined;
}

const SYSTEM = "/etc/nix/nix.conf";

/**
 * The nix.conf that a failure is about, or the one that the user may write.
 *
 * @param detail nix's words about it
 * @param subject the line or setting in question, as far as nix says
 */
export function configurationPlace(
    env: Environment,
    home: string,
    { subject, detail }: { subject: string; detail: string },
): ConfigurationPlace {
    const named = /['"](\/[^'"\n]*\.conf)['"]/.exec(detail)?.[1];
    const own = join(env.get("XDG_CONFIG_HOME") ?? join(home, ".config"), "nix/nix.conf");
    const files = named === undefined ? [own, SYSTEM] : [named];
    for (const file of files) {
        const line = lineWith(file, subject);
        if (line !== undefined) return { file, line };
    }
    return {
        file: named ?? (existsSync(own) || !existsSync(SYSTEM) ? own : SYSTEM),
        line: undefined,
    };
}

function lineWith(file: string, text: string): number | undefined {
    if (text === "") return undefined;
    try {
        const line = readFileSync(file, "utf8")
            .split("\n")
            .findIndex((it) => it.includes(text));
        return line < 0 ? undefined : line;
    } catch {
        return undefined;
    }
}
