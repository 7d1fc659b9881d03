import { CaptureError, failureOf, type Failure } from "../failure/failure";
import type { Environment } from "../environment/environment";
import type { Log } from "../log";
import type { Run } from "../process";
import { Activity, parseLogRecord, Result, stripControls, type LogRecord } from "./logRecord";
import { ProgressFollower, ProgressNews, type Progress } from "./progress";
import { hasFlakes, parseNixVersion, type NixVersion } from "./version";

/** A nix command line with what every call of it needs. */
export interface Nix {
    /** Absolute path. */
    readonly executable: string;
    /** What nix is started with: the editor's own environment, cleaned. */
    readonly env: Environment;
    /** The user's extra arguments. */
    readonly extraArguments: readonly string[];
    /** How much of nix's own output goes to the log. */
    readonly output: NixOutput;
    readonly run: Run;
    readonly log: Log;
}

/** Errors and warnings only; also what is built, with the builds' own output; everything. */
export type NixOutput = "quiet" | "normal" | "verbose";

export interface NixCall {
    /** What follows `nix`: the subcommand, its options, its installables. */
    readonly args: readonly string[];
    readonly cwd: string;
    readonly signal: AbortSignal | undefined;
    readonly onProgress?: ((progress: Progress) => void) | undefined;
    readonly onRecord?: ((record: LogRecord) => void) | undefined;
    /** Called with each line that is no record. */
    readonly onText?: ((line: string) => void) | undefined;
}

/** Every call enables what it uses, so that no configuration has to be changed first. */
const FEATURES = ["--extra-experimental-features", "nix-command flakes"];

/**
 * Nix gives up on an address that does not answer after curl's 300 s up to version 2.28, five
 * times. This is what it does from 2.29 on.
 */
const PATIENCE = ["--option", "connect-timeout", "5"];

/**
 * Runs nix, follows its log, and returns its standard output.
 *
 * @throws {CaptureError} with what nix reported.
 */
export async function callNix(nix: Nix, call: NixCall): Promise<string> {
    const format = ["--log-format", "internal-json", ...(nix.output === "verbose" ? ["-v"] : [])];
    const args = [...FEATURES, ...format, ...PATIENCE, ...call.args];
    nix.log.debug(`${nix.executable} ${withoutSecrets(args).join(" ")} (in ${call.cwd})`);
    const follower = new ProgressFollower();
    const news = new ProgressNews();
    const result = await nix.run({
        command: nix.executable,
        args,
        cwd: call.cwd,
        env: nix.env,
        signal: call.signal,
        output: "keep",
        onLine: (line) => {
            const record = parseLogRecord(line);
            if (record === undefined) {
                call.onText?.(line);
                if (nix.output === "verbose") nix.log.info(stripControls(line));
                return;
            }
            logRecord(nix, record);
            call.onRecord?.(record);
            const progress = follower.follow(record);
            if (progress === undefined || !news.isNews(progress, performance.now())) return;
            call.onProgress?.(progress);
        },
    });
    switch (result.kind) {
        case "exited":
            if (result.code === 0) return result.stdout;
            throw new CaptureError(await recognise(result.code, result.stderr));
        case "killed":
        case "timed-out":
            throw new CaptureError(
                result.stderr === "" ? failureOf("interrupted") : await recognise(1, result.stderr),
            );
        default:
            throw new CaptureError(startFailure(nix, call.cwd, result));
    }
}

/** A setting of nix whose value opens something: `--option access-tokens …`, `--access-tokens …`. */
const SECRET = /^(?:--)?(?:extra-)?[\w-]*(?:token|secret|password)[\w-]*$/;

/** Arguments as they may be logged: users set tokens with them, too. */
function withoutSecrets(args: readonly string[]): string[] {
    return args.map((arg, i) => (SECRET.test(args[i - 1] ?? "") ? "<hidden>" : arg));
}

/**
 * Asks nix for its version.
 *
 * @throws {CaptureError} where it can't be started, is something else, or has no flakes.
 */
export async function nixVersion(nix: Nix, signal?: AbortSignal): Promise<NixVersion> {
    const cwd = "/";
    const result = await nix.run({
        command: nix.executable,
        args: ["--version"],
        cwd,
        env: nix.env,
        signal,
        timeout: 20_000,
        output: "keep",
    });
    if (result.kind !== "exited") {
        if (result.kind === "killed" || result.kind === "timed-out") {
            throw new CaptureError(failureOf("nix-unusable", nix.executable, result.stderr));
        }
        throw new CaptureError(startFailure(nix, cwd, result));
    }
    const version = parseNixVersion(result.stdout);
    if (version === undefined) {
        // Nix itself says so when it can't read its configuration.
        const failure = await recognise(result.code, result.stderr);
        if (failure.kind === "nix-conf") throw new CaptureError(failure);
        const said = (result.stderr || result.stdout).slice(0, 500);
        throw new CaptureError(failureOf("nix-unusable", nix.executable, said));
    }
    if (!hasFlakes(version)) {
        throw new CaptureError(failureOf("nix-too-old", nix.executable, version.text));
    }
    return version;
}

/** Most calls go well: what nix can report is loaded when it has reported something. */
async function recognise(exitCode: number, stderr: string): Promise<Failure> {
    const { recogniseNix } = await import("../failure/recognise");
    return recogniseNix({ exitCode, stderr });
}

function startFailure(
    nix: Nix,
    cwd: string,
    result:
        | { readonly kind: "not-found" | "no-folder" }
        | { readonly kind: "not-startable"; readonly reason: string },
): Failure {
    switch (result.kind) {
        case "no-folder":
            return failureOf("folder-missing", cwd);
        case "not-found":
            return failureOf("nix-missing", nix.executable);
        case "not-startable":
            return failureOf("nix-unusable", nix.executable, result.reason);
    }
}

function logRecord({ log, output }: Nix, record: LogRecord): void {
    switch (record.action) {
        case "message":
            if (record.level <= 1 || output === "verbose") log.info(record.text);
            break;
        case "result":
            if (output !== "quiet" && LOG_LINES.has(record.type)) {
                log.info(stripControls(String(record.fields[0])));
            }
            break;
        case "start": {
            const isNews = output === "verbose" || record.type === Activity.build;
            if (record.text !== "" && output !== "quiet" && isNews) log.info(record.text);
            break;
        }
        case "stop":
            break;
    }
}

const LOG_LINES: ReadonlySet<number> = new Set([Result.buildLogLine, Result.postBuildLogLine]);
