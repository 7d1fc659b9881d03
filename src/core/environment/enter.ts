import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { CaptureError, failureOf } from "../failure/failure";
import type { Run } from "../process";
import { DUMP_END, DUMP_START, parseDump, type Dump } from "./dump";
import type { Environment } from "./environment";
import { maskValues } from "./mask";

export interface EnterRequest {
    /** The script that `nix print-dev-env` made of the dev shell; running it runs the shellHook. */
    readonly script: string;
    /** The flake's folder: what the shellHook sees as its working directory. */
    readonly cwd: string;
    readonly env: Environment;
    /** A private folder, for the script, the dump, and as the shell's own TMPDIR. */
    readonly temporary: string;
    /** Milliseconds. */
    readonly timeout: number;
    readonly signal: AbortSignal | undefined;
    readonly run: Run;
}

export interface Entered {
    readonly dump: Dump;
    /** What the shellHook printed. May hold anything, values of variables too. */
    readonly output: readonly string[];
}

/** How many lines of the shellHook's output are kept. */
const KEPT_LINES = 1_000;

/**
 * Runs the dev shell's script in the bash that it names, and reads the environment that results.
 * Needs neither nix nor a network.
 *
 * @throws {CaptureError} `hook-exited`, `hook-replaced`, `hook-timeout`, or that bash can't start.
 */
export async function enter(request: EnterRequest): Promise<Entered> {
    const { temporary } = request;
    const script = join(temporary, "shell.sh");
    const main = join(temporary, "enter.sh");
    const dumpFile = join(temporary, "dump");
    writeFileSync(script, request.script, { mode: 0o600 });
    writeFileSync(main, enterScript(script, dumpFile), { mode: 0o600 });
    const output: string[] = [];
    const result = await request.run({
        command: bashOf(request.script),
        args: ["--noprofile", "--norc", main],
        cwd: request.cwd,
        env: request.env,
        signal: request.signal,
        timeout: request.timeout,
        output: "lines",
        onLine: (line) => {
            if (output.push(line) > KEPT_LINES) output.shift();
        },
    });
    const dump = readDump(dumpFile);
    if (dump !== undefined) return { dump, output };
    const said = maskValues(output.slice(-20), knownValues(request)).join("\n");
    switch (result.kind) {
        case "exited":
            throw new CaptureError(
                result.code === 0
                    ? failureOf("hook-replaced", "", said)
                    : failureOf("hook-exited", String(result.code), said),
            );
        case "killed":
            throw new CaptureError(failureOf("hook-exited", result.signal, said));
        case "timed-out":
            throw new CaptureError(
                failureOf("hook-timeout", String(Math.round(request.timeout / 1000)), said),
            );
        case "no-folder":
            throw new CaptureError(failureOf("folder-missing", request.cwd));
        case "not-found":
        case "not-startable":
            throw new CaptureError(failureOf("not-bash", bashOf(request.script)));
    }
}

const ASSIGNMENT = /^([A-Za-z_]\w*)='((?:[^']|'\\'')*)'$/gm;

/** The values that a shellHook can print before anybody knows what it made of them. */
function knownValues({ env, script }: EnterRequest): [string, string][] {
    const assigned = [...script.matchAll(ASSIGNMENT)].map(
        ([, name = "", value = ""]): [string, string] => [name, value.replaceAll("'\\''", "'")],
    );
    // The hook's own text is no value that anybody would call secret.
    return [...env, ...assigned].filter(([name]) => name !== "shellHook");
}

const BASH = /^(?:declare -\w+ )?BASH='((?:[^']|'\\'')+)'$/m;

/** The bash that the dev shell was built with: always a real one, where macOS has an ancient one. */
function bashOf(script: string): string {
    return BASH.exec(script)?.[1]?.replaceAll("'\\''", "'") ?? "/bin/bash";
}

function readDump(file: string): Dump | undefined {
    try {
        return parseDump(readFileSync(file));
    } catch {
        return undefined; // The shell never got there.
    }
}

/**
 * The dump is written to a file that is opened after the shellHook ran and without its traps, so
 * nothing that the hook prints, now or later, can get into it. `env` can't be started when a
 * variable is larger than the system allows; bash then writes the records itself.
 */
function enterScript(script: string, dump: string): string {
    return `. ${quoted(script)} >&2
builtin trap - DEBUG ERR RETURN
{
    builtin printf '%s\\0' ${quoted(DUMP_START)}
    builtin command env -0 2>/dev/null || /usr/bin/env -0 2>/dev/null ||
        for nix_rust_name in ${ALL_NAMES}; do
            [[ $nix_rust_name != nix_rust_name && \${!nix_rust_name+x} ]] || continue
            [[ \${!nix_rust_name@a} == *x* && \${!nix_rust_name@a} != *[aA]* ]] || continue
            builtin printf '%s=%s\\0' "$nix_rust_name" "\${!nix_rust_name}"
        done
    builtin printf '%s\\0' ${quoted(DUMP_END)}
} >| ${quoted(dump)}
`;
}

/** What bash expands to the names of all variables; it has no way to ask for the exported ones. */
const ALL_NAMES = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_"]
    .map((first) => `"\${!${first}@}"`)
    .join(" ");

/** A text as one word of bash. */
function quoted(text: string): string {
    return `'${text.replaceAll("'", "'\\''")}'`;
}
