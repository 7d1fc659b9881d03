import { statSync } from "node:fs";
import type { Readable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { recordOf, type Environment } from "./environment/environment";
import { killGroup, killTree } from "./processTree";

export interface ProcessRequest {
    readonly command: string;
    readonly args: readonly string[];
    readonly cwd: string;
    /** The whole environment of the process; nothing is inherited. */
    readonly env: Environment;
    readonly signal: AbortSignal | undefined;
    /** Milliseconds until the process is killed; undefined waits for ever. */
    readonly timeout?: number | undefined;
    /** Called with each line of standard error (and of standard output, where that is not kept). */
    readonly onLine?: (line: string) => void;
    /** Whether standard output is the result, or just more text for {@link onLine}. */
    readonly output: "keep" | "lines";
}

/** How a process ended. All of it is data: nothing here rejects but an abort. */
export type ProcessResult =
    | {
          readonly kind: "exited";
          readonly code: number;
          readonly stdout: string;
          readonly stderr: string;
      }
    | { readonly kind: "killed"; readonly signal: string; readonly stderr: string }
    | { readonly kind: "timed-out"; readonly stderr: string }
    | { readonly kind: "not-found" }
    | { readonly kind: "no-folder" }
    | { readonly kind: "not-startable"; readonly reason: string };

/** Runs a process to its end. Rejects with the signal's reason, and only with that, on abort. */
export type Run = (request: ProcessRequest) => Promise<ProcessResult>;

/** How much of the end of standard error is kept, in characters, and at most twice that. */
const KEPT_STDERR = 1 << 18;

/** How much of a single line is passed on, in characters. */
const LONGEST_LINE = 1 << 16;

/** What runs, by the number of the process that leads it. */
const running = new Set<number>();

/** Who closes a window waits for nothing: what is at work then, for whomever, ends with us. */
process.once("exit", () => running.forEach(killGroup));

/**
 * {@link Run} with real processes.
 *
 * The process leads a group of its own, and ends with all of its descendants: a shellHook's
 * children and single-user nix's builders (which have sessions of their own) outlive a plain kill.
 * It counts as ended when it exits, not when its pipes close, because a hook may start a daemon
 * that keeps them open.
 */
export const run: Run = async (request) => {
    request.signal?.throwIfAborted();
    if (!isFolder(request.cwd)) return { kind: "no-folder" };
    const { execa } = await import("execa");
    request.signal?.throwIfAborted();
    const child = execa(request.command, request.args, {
        cwd: request.cwd,
        env: recordOf(request.env),
        extendEnv: false,
        detached: true,
        stdin: "ignore",
        stdout: "pipe",
        stderr: "pipe",
        buffer: false,
        reject: false,
    });
    const stdout: string[] = [];
    let stderr = "";
    const onStderr = lines((line) => {
        stderr += `${line}\n`;
        // Not at each line: that would copy all of it each time.
        if (stderr.length > 2 * KEPT_STDERR) stderr = stderr.slice(-KEPT_STDERR);
        request.onLine?.(line);
    });
    const out = new StringDecoder("utf8");
    const onStdout = lines((line) => request.onLine?.(line));
    child.stdout.on("data", (chunk: Buffer) => {
        if (request.output === "keep") stdout.push(out.write(chunk));
        else onStdout.write(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => onStderr.write(chunk));

    let timedOut = false;
    let timer: NodeJS.Timeout | undefined;
    let stopping: Promise<void> | undefined;
    const stop = (): void => {
        stopping ??= child.pid === undefined ? Promise.resolve() : killTree(child.pid);
    };
    if (child.pid !== undefined) running.add(child.pid);
    request.signal?.addEventListener("abort", stop, { once: true });
    if (request.timeout !== undefined) {
        timer = setTimeout(() => {
            timedOut = true;
            stop();
        }, request.timeout);
    }
    try {
        const exit = await new Promise<Exit>((resolve) => {
            child.once("exit", (code, signal) => resolve({ code, signal }));
            // execa's own promise waits for the pipes; it tells only why a process never started.
            void child.then((result) => {
                if (child.pid === undefined) resolve({ notStarted: notStarted(result.cause) });
            });
        });
        if ("notStarted" in exit) return exit.notStarted;
        // What was written before the exit may still be on its way; a daemon may hold the pipe.
        await Promise.race([ended(child.stdout, child.stderr), delay(stopping ? 0 : 200)]);
        await stopping;
        request.signal?.throwIfAborted();
        onStdout.end();
        onStderr.end();
        if (timedOut) return { kind: "timed-out", stderr };
        if (exit.code === null) return { kind: "killed", signal: exit.signal ?? "?", stderr };
        return { kind: "exited", code: exit.code, stdout: stdout.join("") + out.end(), stderr };
    } finally {
        clearTimeout(timer);
        request.signal?.removeEventListener("abort", stop);
        if (child.pid !== undefined) running.delete(child.pid);
    }
};

type Exit =
    | { readonly code: number | null; readonly signal: string | null }
    | { readonly notStarted: ProcessResult };

function notStarted(cause: unknown): ProcessResult {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unknown";
    if (code === "ENOENT") return { kind: "not-found" };
    return { kind: "not-startable", reason: code };
}

function isFolder(path: string): boolean {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/**
 * Cuts a stream of bytes into lines, of each of which at most {@link LONGEST_LINE} is passed on: what
 * comes later in it would be taken for other lines.
 */
function lines(onLine: (line: string) => void): { write(chunk: Buffer): void; end(): void } {
    const decoder = new StringDecoder("utf8");
    let rest = "";
    /** Whether the line that has not ended yet was passed on. */
    let isOver = false;
    const pass = (line: string): void => {
        if (!isOver) onLine(line.slice(0, LONGEST_LINE));
    };
    return {
        write(chunk) {
            const parts = (rest + decoder.write(chunk)).split("\n");
            rest = parts.pop() ?? "";
            for (const line of parts) {
                pass(line);
                isOver = false;
            }
            if (rest.length > LONGEST_LINE) {
                pass(rest);
                isOver = true;
            }
            if (isOver) rest = "";
        },
        end() {
            rest += decoder.end();
            if (rest !== "") pass(rest);
            rest = "";
        },
    };
}

function ended(...streams: readonly Readable[]): Promise<unknown> {
    const open = streams.filter((stream) => !stream.closed);
    return Promise.all(
        open.map((stream) => new Promise((resolve) => stream.once("close", resolve))),
    );
}

function delay(milliseconds: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
