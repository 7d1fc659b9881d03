import {
    failureOf,
    type Failure,
    type FailureKind,
    type NixFailureKind,
    type Place,
} from "./failure";
import { readReport, shortened, type Report, type ReportedError } from "./report";
import { RULES, type Scope } from "./rules";
import { unframed } from "./unframed";

const LONGEST_DETAIL = 2000;

/** What nix's exit code and standard error mean. Always finds a kind: `eval-other` if no better. */
export function recogniseNix(output: { exitCode: number; stderr: string }): Failure {
    const report = reportOf(output);
    const errors = withoutOvercome(report.errors.filter(({ cause }) => !FOLLOWS.test(cause)));
    // A cancelled nix reports what its end broke, too.
    const cancelled = errors.find((error) => INTERRUPTED.test(error.cause));
    if (cancelled !== undefined) return failureOf("interrupted", "", cancelled.cause);

    const others = [report.others];
    for (const error of errors) {
        const found = recogniseError(error, others.join("\n"));
        if (found !== undefined) return found;
        // Git's own errors begin like nix's.
        others.push(`error: ${error.cause}`);
    }
    const last = errors.at(-1) ?? report.errors[0];
    // A signal's exit code tells more than an error that nobody caught and nothing explains.
    if (last !== undefined && !isSignal(output.exitCode)) {
        return {
            kind: kindByExit(output.exitCode, errors.length === 0),
            subject: "",
            detail: shortened(last.cause, LONGEST_DETAIL),
            place: last.place,
            frames: last.frames,
            input: inputAt(last),
        };
    }
    return withoutError(output.exitCode, [report.others, last?.cause ?? ""].join("\n").trim());
}

function reportOf({ exitCode, stderr }: { exitCode: number; stderr: string }): Report {
    const report = readReport(stderr.replace(BANNER, "error: "));
    const isTold = report.errors.some(({ cause }) => !/^\s*(?:… |$)/.test(cause));
    if (isTold || exitCode === 0) return report;
    const again = readReport(unframed(report.others));
    return again.errors.length > 0 ? again : report;
}

/** What previews of nix 2.4, which distributions had for long, put before a message. */
const BANNER = /^error: ?-{3} ?[A-Z]\w{2,30} ?-{3,}[^\n]*\n(?!at: )/gm;

/** Without what nix went on after: a cache that fails is one that it can do without (`fallback`). */
function withoutOvercome(errors: readonly ReportedError[]): readonly ReportedError[] {
    const others = errors.filter(({ cause }) => !OF_CACHE.test(cause));
    return others.length > 0 ? others : errors;
}

const OF_CACHE =
    /unable to download '[^'\n]*(?:\.narinfo|\/nix-cache-info|\/nar\/[^'\n]*)'|^some substitutes for the outputs of|^path '[^'\n]+' is required, but there is no substituter/;

/** Errors that only say that another one happened. */
const FOLLOWS =
    /^\d+ dependenc(?:y|ies) of derivation .* failed to build|^Cannot build [^\n]*\s+Reason: \d+ dependenc|^build of .{1,2000} failed$/;
const INTERRUPTED = /^interrupted by the user/;

/** Nix's own exit codes of failed builds (nix/src/libstore/build/worker.cc). */
const BUILD_EXITS: Readonly<Record<number, NixFailureKind>> = {
    100: "builder-failed",
    101: "builder-timeout",
    102: "hash-mismatch",
    104: "builder-failed",
};

function kindByExit(exitCode: number, isFollowed: boolean): NixFailureKind {
    // Programs of Rust that panic, and cargo, leave the exit code of a build that took too long.
    const kind = exitCode === 101 ? undefined : BUILD_EXITS[exitCode];
    return kind ?? (isFollowed ? "builder-failed" : "eval-other");
}

function recogniseError(error: ReportedError, others: string): Failure | undefined {
    const texts: Record<Scope, string> = {
        // What a failed builder wrote can be like anything.
        cause: plainQuotes(error.cause.replace(LOG_LINES, "")),
        whole: plainQuotes(error.whole),
        // What others wrote explains an error only where nix says that it was their program.
        others: OTHERS_FAILED.test(error.cause) ? plainQuotes(others) : "",
    };
    for (const rule of RULES) {
        const match = rule.pattern.exec(texts[rule.scope ?? "cause"]);
        if (match === null) continue;
        const group = match.slice(1).find((text) => text !== undefined) ?? "";
        return {
            kind: rule.kind,
            subject: tidy(inputOf(rule.kind, error) ?? group),
            detail: shortened(
                rule.kind === "git-fetch"
                    ? `${lastLines(others)}\n${error.cause}`.trim()
                    : error.cause,
                LONGEST_DETAIL,
            ),
            place: LOCK_FILE.has(rule.kind) ? placeInLock(error) : error.place,
            frames: error.frames,
            input: inputAt(error),
        };
    }
    return undefined;
}

const LOG_LINES = /^\s*>.*$/gm;
const OTHERS_FAILED =
    /\bprogram\b.*\bfailed with exit code|^executing |^[Ff]ailed to fetch git repository/;
const LOCK_FILE: ReadonlySet<FailureKind> = new Set(["lock-json", "lock-version", "lock-node"]);

/** The input in question, where the message itself has only a branch, a revision or all fields. */
function inputOf(kind: FailureKind, error: ReportedError): string | undefined {
    if (kind === "input-hash" || kind === "lock-unlocked") return addressIn(error.cause);
    if (kind !== "git-fetch") return undefined;
    return [...error.whole.matchAll(/while fetching the input '([^'\n]+)'/g)].at(-1)?.[1];
}

/** The address in an input's fields: `{"owner":"o","repo":"r","type":"github"}` → `github:o/r`. */
function addressIn(cause: string): string | undefined {
    const field = (name: string) => new RegExp(`"${name}":"([^"]+)"`).exec(cause)?.[1];
    const [owner, repo, type] = ["owner", "repo", "type"].map(field);
    if (owner !== undefined && repo !== undefined) return `${type ?? "github"}:${owner}/${repo}`;
    return field("url") ?? field("path");
}

/** The innermost input that nix says it was at. */
function inputAt({ whole }: ReportedError): string {
    const at =
        /while updating the flake input '([^'\n]+)'|^\s+… while evaluating the attribute '([^'.\n]+)\.result'/gm;
    return (
        [...whole.matchAll(at)]
            .at(-1)
            ?.slice(1)
            .find((name) => name !== undefined) ?? ""
    );
}

function withoutError(exitCode: number, others: string): Failure {
    const detail = shortened(tellingLines(others), LONGEST_DETAIL);
    for (const rule of RULES) {
        if (rule.scope !== "others") continue;
        const match = rule.pattern.exec(plainQuotes(others));
        if (match === null) continue;
        const group = match.slice(1).find((text) => text !== undefined) ?? "";
        // Git gives its reason first.
        const words = rule.kind === "git-fetch" ? lastLines(others) : detail;
        return failureOf(rule.kind, tidy(group), words);
    }
    if (/\bnix: (?:command )?not found|nix: No such file/.test(others) || exitCode === 127) {
        return failureOf("nix-missing", "", detail);
    }
    if (/stack overflow/.test(others)) return failureOf("infinite-recursion", "", detail);
    if (exitCode === 126) return failureOf("nix-unusable", "", detail);
    if (exitCode === 0) return failureOf("no-failure");
    if (exitCode === 130 || exitCode === 143) return failureOf("interrupted", "", detail);
    if (isSignal(exitCode)) return failureOf("nix-crashed", "", detail);
    const isSilent = others.trim() === "";
    const byExit = isSilent ? BUILD_EXITS[exitCode] : kindByExit(exitCode, false);
    return failureOf(byExit ?? "eval-other", "", detail);
}

/** 128 and a signal, or a signal's negative number. */
function isSignal(exitCode: number): boolean {
    return exitCode > 128 || exitCode < 0;
}

/** Nix quotes with ', paths from 2.30 on with ", nixpkgs with ‘’, Lix commands with `. */
function plainQuotes(text: string): string {
    return text.replace(/[‘’“”"`]/g, "'");
}

/** `/nix/store/HASH-hello-1.0.drv` → `hello-1.0`; `/nix/store/HASH-source/nix/shell.nix` → `nix/shell.nix`. */
function tidy(text: string): string {
    return text
        .replace(/^\/nix\/store\/[a-z0-9]{32}-(?:source\/+)?/, "")
        .replace(/\.drv(?:[!^].*)?$/, "")
        .replace(/^\/{2,}/, "/")
        .replace(/(?<=^\/[^?#]+)\/$/, "")
        .trim()
        .slice(0, 300);
}

function lastLines(text: string): string {
    return text
        .split("\n")
        .filter((line) => line !== "")
        .slice(-12)
        .join("\n");
}

/** The last lines, from the one on that is most like an error, as the first is what people read. */
function tellingLines(text: string): string {
    const lines = lastLines(text).split("\n");
    const error = lines.findLastIndex((line) => /^\s*(?:error|fatal|panic)\b/i.test(line));
    const telling = lines.findLastIndex((line) => /\b(?:error|fatal|failed|denied)\b/i.test(line));
    return lines.slice(error < 0 ? Math.max(telling, 0) : error).join("\n");
}

/** Old versions name neither file nor place of a broken lock file, but the JSON library does. */
function placeInLock(error: ReportedError): Place {
    const file = /['"]([^'"\n]*flake\.lock)['"]/.exec(error.whole)?.[1] ?? "flake.lock";
    const at = /parse error at line (\d{1,9}), column (\d{1,9})/.exec(error.cause);
    return { file, line: numberOf(at?.[1]), column: numberOf(at?.[2]) };
}

function numberOf(digits: string | undefined): number | undefined {
    return digits === undefined ? undefined : Number(digits);
}
