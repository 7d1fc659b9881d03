import { Activity, Result, parseLogRecord, stripControls } from "../nix/logRecord";
import type { Frame, Place } from "./failure";

/** One `error:` that nix printed. */
export interface ReportedError {
    /** The message itself, without the frames that led to it, positions and excerpts. */
    readonly cause: string;
    /** All of it, frames included. */
    readonly whole: string;
    readonly place: Place | undefined;
    readonly frames: readonly Frame[];
}

/** What standard error says, in order. */
export interface Report {
    readonly errors: readonly ReportedError[];
    /** What others wrote there: git, ssh, nix's notices. Only the end of it. */
    readonly others: string;
}

/** A build log can be any size; nix's own words are at its end, the first failed build before them. */
const HEAD = 500_000;
const TAIL = 2_000_000;
/** Longer than any message that a person would read, short enough for any pattern. */
const LONGEST_LINE = 20_000;
const LONGEST_ERROR = 40_000;
const LONGEST_OTHERS = 30_000;
const MOST_ERRORS = 100;
const LOG_LINES = 20;

/** Reads nix's standard error: plain, `internal-json`, or both mixed. */
export function readReport(stderr: string): Report {
    const lines = linesOf(bounded(stderr));
    const raw: string[] = [];
    const recorded: Block[] = [];
    const logs = new BuildLogs();
    for (const line of lines) {
        if (!line.startsWith("@nix ")) {
            raw.push(stripControls(line));
            continue;
        }
        logs.read(line);
        const message = messageOf(line);
        const last = recorded.at(-1);
        if (last !== undefined && message?.text.startsWith(HAS_TRACE)) {
            recorded[recorded.length - 1] = { ...last, text: `${last.text}\n${message.text}` };
        }
        // A daemon sends warnings at this level, too.
        if (message?.level !== 0 || !ERROR.test(message.text)) continue;
        keep(recorded, { text: logs.append(message.text), place: message.place });
    }
    // A record is surely nix's; a line that begins with "error:" can be anyone's.
    return recorded.length > 0
        ? { errors: recorded.map(errorOf), others: endOf(raw) }
        : readPlain(raw);
}

/** An error as it stands there. */
interface Block {
    readonly text: string;
    readonly place: Place | undefined;
}

/** Of very many, the first are kept, which explain a failed build, and the last, which explain the rest. */
function keep(errors: Block[], error: Block): void {
    errors.push(error);
    if (errors.length > MOST_ERRORS) errors.splice(MOST_ERRORS / 2, 1);
}

function bounded(stderr: string): string {
    if (stderr.length <= HEAD + TAIL) return stderr;
    const head = stderr.slice(0, HEAD);
    const tail = stderr.slice(-TAIL);
    // Half a line at the cut would be read as a whole one.
    const cut = tail.indexOf("\n");
    return `${head}\n${cut < 0 ? tail : tail.slice(cut + 1)}`;
}

/** Lines, with records that begin within a line (after a hook's `printf`) on their own. */
function linesOf(text: string): string[] {
    const lines: string[] = [];
    for (const line of text.split("\n")) {
        if (line.indexOf('@nix {"', 1) < 0) lines.push(line);
        // A quote within a record is escaped, so this can't match inside of one.
        else lines.push(...line.split(/(?=@nix \{")/));
    }
    return lines.map((line) =>
        line.length > LONGEST_LINE && !line.startsWith("@nix ")
            ? line.slice(0, LONGEST_LINE)
            : line,
    );
}

interface Message {
    readonly level: number;
    readonly text: string;
    readonly place: Place | undefined;
}

function messageOf(line: string): Message | undefined {
    // Nearly all records are progress; parsing those would cost most of the time.
    if (!line.includes('"msg"')) return undefined;
    const record = parseLogRecord(line);
    if (record === undefined) return salvaged(line);
    if (record.action !== "message") return undefined;
    return {
        level: record.level,
        text: record.text,
        place: placeOf(record.file, record.line, record.column),
    };
}

/** What a record that was cut in half, or written into by someone else, still says. */
function salvaged(line: string): Message | undefined {
    if (!line.includes('"action":"msg"')) return undefined;
    const level = /"level":(\d)/.exec(line)?.[1];
    const quoted = /"msg":"((?:[^"\\]|\\.)*)/.exec(line.slice(0, LONGEST_ERROR))?.[1];
    if (quoted === undefined) return undefined;
    let text: string;
    try {
        // A `\u` sequence that the cut left incomplete is not JSON.
        text = JSON.parse(`"${quoted.replace(/\\(?:u[0-9a-fA-F]{0,3})?$/, "")}"`) as string;
    } catch {
        return undefined;
    }
    // These come before the message, so a cut leaves them whole.
    const file = /"file":"((?:[^"\\]|\\.)*)"/.exec(line.slice(0, LONGEST_ERROR))?.[1];
    const [at, column] = ["line", "column"].map((name) =>
        Number(new RegExp(`"${name}":(\\d{1,9})`).exec(line.slice(0, LONGEST_ERROR))?.[1] ?? 0),
    );
    return {
        level: Number(level ?? "0"),
        text: stripControls(text),
        place: placeOf(file, at, column),
    };
}

/** The last lines of each build: with JSON, nix leaves them out of a failed build's message. */
class BuildLogs {
    private readonly names = new Map<string, string>();
    private readonly lines = new Map<string, string[]>();

    read(line: string): void {
        const log = line.includes(`"type":${Result.buildLogLine}}`);
        const build = line.includes(`"type":${Activity.build}}`) && line.includes('"start"');
        if (!log && !build) return;
        const record = parseLogRecord(line);
        if (record?.action === "start") {
            this.names.set(String(record.fields[0]), record.id);
        } else if (record?.action === "result") {
            const lines = this.lines.get(record.id) ?? [];
            lines.push(stripControls(String(record.fields[0])).slice(0, 1000));
            if (lines.length > LOG_LINES) lines.shift();
            this.lines.set(record.id, lines);
        }
    }

    append(message: string): string {
        if (/log lines?:/i.test(message)) return message;
        const derivation = /['"](\/[^'"\n]+\.drv)['"]/.exec(message.slice(0, 2000))?.[1];
        const lines = this.lines.get(this.names.get(derivation ?? "") ?? "");
        if (lines === undefined) return message;
        const log = lines.map((line) => `\n       > ${line}`).join("");
        return `${message}\n       Last ${lines.length} log lines:${log}`;
    }
}

/** Finds the blocks that begin with `error:` in the first column; what follows is indented. */
function readPlain(lines: readonly string[]): Report {
    const errors: Block[] = [];
    const others: string[] = [];
    let block: string[] | undefined;
    /** Where the response of a failed download began that may be announced as "retrying". */
    let retryFrom: number | undefined;
    const close = () => {
        if (block !== undefined) keep(errors, { text: block.join("\n"), place: undefined });
        block = undefined;
    };
    for (const text of lines) {
        // An exception that nobody caught: nix aborts, and the C++ library shows it like this.
        const line = text
            .replace(/^\s*what\(\):\s*(?:error:\s*)?/, "error: ")
            .replace(PROGRESS, "");
        if (/; retrying in \d+ ms/.test(line)) {
            close();
            // A server's answer, quoted in the warning, can look like an error.
            const answerEnds = retryFrom !== undefined && !line.startsWith("warning:");
            if (answerEnds) errors.splice(retryFrom ?? 0);
            retryFrom = undefined;
        } else if (ERROR.test(line)) {
            close();
            block = [line];
        } else if (block !== undefined && (line === "" || /^\s|^at \/\S+:\d+:\d+:?$/.test(line))) {
            block.push(line);
        } else if (block !== undefined && line.startsWith(HAS_TRACE)) {
            block.push(line);
            close();
        } else {
            close();
            if (/^warning:.*\bunable to\b/.test(line)) retryFrom = errors.length;
            others.push(line);
        }
    }
    close();
    return { errors: errors.map(errorOf), others: endOf(others) };
}

/** What nix's progress bar left on the line where an error begins, such as `[1/2 built] `. */
const PROGRESS =
    /^\[\d[\d/]* (?:built|copied|fetched|verified)\b[^\]]{0,200}\].{0,300}?(?=error: )/;

/** Ends an error of nix up to 2.17 that came from evaluating something. */
const HAS_TRACE = "(use '--show-trace'";

const NOTICE =
    /^(?:warning:|error \(ignored\)|building '|copying |unpacking '|querying |fetching |downloading '|waiting for |these \d+ |this (?:derivation|path) |\(use '--show-trace'|Try 'nix |Pass '--accept-flake-config'|Run `man nix\.conf`|path ['"].* does not contain a 'flake\.nix'|\s*\d+# |std::terminate|Stack trace:|Aborted|For full logs, run)/;

function endOf(lines: readonly string[]): string {
    return lines
        .filter((line) => line !== "" && !NOTICE.test(line))
        .slice(-1000)
        .join("\n")
        .slice(-LONGEST_OTHERS);
}

/** A daemon or builder may add its program's name. */
const ERROR = /^error(?: \[[^\]\n]{0,100}\])?:/;
const HEADING = new RegExp(`${ERROR.source} *\\S`);
const EXCERPT = /^\s*(?:\d+)?\|/;
const POSITION_LINE = /^\s*at .+:\d+(?::\d+)?:?$/;
const HINT = /^\s*\((?:use '--show-trace'|stack trace truncated|\d+ duplicate frames)/;

function errorOf({ text, place }: Block): ReportedError {
    const whole = shortened(text, LONGEST_ERROR);
    const lines = whole.split("\n");
    const heading = HEADING.test(whole);
    // From nix 2.18 on the first line is empty, frames follow, and the last `error:` is the cause.
    // Up to 2.17 the cause comes first, and frames only where a trace was asked for, innermost first.
    const from = heading ? 0 : causeLine(lines);
    const first = lines.findIndex((line) => FRAME.test(line));
    const to = heading && first > 0 ? first : lines.length;
    const cause: string[] = [];
    for (const line of lines.slice(from, to)) {
        if (POSITION_LINE.test(line) || EXCERPT.test(line) || HINT.test(line)) continue;
        cause.push(line.replace(/^ {1,7}/, ""));
    }
    return {
        cause: cause.join("\n").replace(ERROR, "").trim(),
        whole,
        place: place ?? lastPlace(lines.slice(0, to).filter((line) => !OF_NAME.test(line))),
        frames: heading ? framesOf(lines.slice(to)).reverse() : framesOf(lines.slice(0, from)),
    };
}

/** A server's answer within a message is indented further than the message. */
function causeLine(lines: readonly string[]): number {
    const own = lines.findLastIndex((line) => /^ {7}error:/.test(line));
    return Math.max(own < 0 ? lines.findLastIndex((line) => /^\s+error:/.test(line)) : own, 0);
}

/** The beginning and, as the cause is there, more of the end. */
export function shortened(text: string, length: number): string {
    if (text.length <= length) return text;
    const head = Math.floor(length / 3);
    return `${text.slice(0, head)}\n…\n${text.slice(head + 3 - length)}`;
}

function placeOf(
    file: string | undefined,
    line: number | undefined,
    column: number | undefined,
): Place | undefined {
    // `«none»:0`, `<nix/…>`, and nix 2.8's whole text of its own call-flake.nix are no files.
    const path = file && plainPath(file);
    if (path === undefined || path.includes("\n")) return undefined;
    if (line === undefined || line < 1) return undefined;
    return {
        file: path.replace(/:\d+(?::\d+)?$/, ""),
        line,
        column: column === undefined || column < 1 ? undefined : column,
    };
}

/**
 * Where files that were not copied to the store come from is shown by Determinate Nix's lazy trees,
 * and by nix from 2.36 on: `«git+file:///w?dir=x»/flake.nix`, `«github:NixOS/nixpkgs/REV»/default.nix`.
 * Those on this machine have a path.
 */
function plainPath(file: string): string | undefined {
    // Nix's own files had such names up to 2.18.
    if (file.startsWith("/builtin/")) return undefined;
    if (file.startsWith("/")) return file;
    const [, source = "", path] = /^«([^»\n]+)»(\/.*)$/s.exec(file) ?? [];
    if (path === undefined || !source.includes(":")) return undefined;
    const local = /^(?:git\+file:\/\/|path:)(\/[^?]*)/.exec(source)?.[1];
    return local === undefined ? file : `${local.replace(/\/+$/, "")}${path}`;
}

const AT = /\bat "?((?:\/|«)[^\n"]{1,4096}?)"?:(\d{1,9})(?::(\d{1,9}))?:?(?=\s|$)/;
const ALL_AT = new RegExp(AT, "g");

/** Where a derivation has its name from, which is the same file of nixpkgs for nearly all. */
const OF_NAME = /whose name attribute is located at/;

function lastPlace(lines: readonly string[]): Place | undefined {
    let place: Place | undefined;
    for (const match of lines.join("\n").matchAll(ALL_AT)) place = placeAt(match) ?? place;
    return place;
}

function placeAt([, file, line, column]: RegExpMatchArray): Place | undefined {
    return placeOf(file, Number(line), column === undefined ? undefined : Number(column));
}

const FRAME = /^\s*… (.+)$/;

/** More steps than a person would follow. */
const MOST_FRAMES = 200;

/** `… while doing something`, and below it `at FILE:LINE:COLUMN:`. */
function framesOf(lines: readonly string[]): Frame[] {
    const frames: Frame[] = [];
    let text: string | undefined;
    for (const line of lines) {
        text = FRAME.exec(line)?.[1] ?? text;
        if (text === undefined || EXCERPT.test(line)) continue;
        const match = AT.exec(line);
        const place = match === null ? undefined : placeAt(match);
        if (place === undefined) continue;
        frames.push({ ...place, text });
        text = undefined;
    }
    return frames.slice(0, MOST_FRAMES);
}
