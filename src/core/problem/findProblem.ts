import { dirname, join } from "node:path";
import type { Failure, FailureKind, Frame, Place } from "../failure/failure";
import { sentenceFor } from "../failure/sentence";
import { declaredInputs, type DeclaredInput } from "../flake/inputs";
import { filesReadBy } from "../flake/reads";
import { parseLock, type LockFile } from "../lock/lockFile";
import { allLockedInputs } from "../lock/lockedInputs";
import type { Project } from "../project/project";
import { originOf, sourceTree, type Origin, type SourceTree } from "./origin";
import type { FilePlace, Problem, Range } from "./problem";
import { rangeAt, rangeOf } from "./textPlace";

/** The flake that failed. */
export interface FailedFlake {
    /** Absolute path of flake.nix. */
    readonly flake: string;
    /** The folder that nix copies to the store: the repository's, or else the flake's. */
    readonly root: string;
    readonly store: string;
    /** The text of a file, as it was when nix read it; undefined where there is none. */
    read(file: string): string | undefined;
}

/** @param read the text of a file; undefined where there is none */
export function failedFlake(
    project: Project,
    read: (file: string) => string | undefined,
): FailedFlake | undefined {
    const { flake, repository } = project;
    if (flake === undefined) return undefined;
    return { flake, root: repository ?? dirname(flake), store: "/nix/store", read };
}

/**
 * The place in the user's files that a failure comes from; undefined where it is none of theirs,
 * such as a daemon that does not run.
 */
export async function findProblem(
    failure: Failure,
    flake: FailedFlake,
): Promise<Problem | undefined> {
    const search = await Search.begin(failure, flake);
    const found = search.place();
    if (found === undefined) return undefined;
    const { file, range, whose } = found;
    const related = search.ownFrames().filter((frame) => !isSame(frame, found));
    return { failure, file, range, message: messageOf(failure, whose), related };
}

/** A place, and the words that say whose file nix named where that is not the user's. */
interface Found extends FilePlace {
    readonly whose?: string;
}

/** What an input refuses to do for the flake: the mistake is where the flake asks for it. */
const ASKED_FOR: ReadonlySet<FailureKind> = new Set([
    "unfree",
    "insecure",
    "broken",
    "unsupported-platform",
]);
const IS_RENAMED =
    /has been (?:renamed|removed|replaced|deprecated|moved)|Unknown channel|is not available|Component resolution failed|cannot coerce a set to a string/;

/** Failures that are about an input as a whole. */
const OF_INPUTS: ReadonlySet<FailureKind> = new Set([
    "input-hash",
    "registry",
    "bad-input-attr",
    "bad-input-url",
    "rate-limit",
    "http-auth",
    "http-404",
    "http-5xx",
    "network",
    "bad-archive",
    "git-fetch",
    "path-missing",
    "not-in-source",
    "no-outputs",
]);

const OF_LOCK: ReadonlySet<FailureKind> = new Set([
    "lock-json",
    "lock-version",
    "lock-node",
    "lock-unlocked",
]);

/** Failures of the flake as a whole. */
const OF_FLAKE: ReadonlySet<FailureKind> = new Set([
    "no-attr",
    "not-derivation",
    "not-bash",
    "no-outputs",
    "wrong-system",
    "syntax",
    "undefined-var",
    "missing-attr",
    "infinite-recursion",
    "abort",
    "assertion",
    "eval-other",
    "pure-eval",
    "unexpected-arg",
    "unfree",
    "insecure",
    "broken",
    "unsupported-platform",
    "lock-needs-update",
    "untracked",
]);

/** Failures that name a path of the flake. */
const OF_PATHS: ReadonlySet<FailureKind> = new Set(["untracked", "not-in-source", "path-missing"]);

const OF_HOOK: ReadonlySet<FailureKind> = new Set(["hook-exited", "hook-replaced", "hook-timeout"]);

class Search {
    private constructor(
        readonly failure: Failure,
        readonly flake: FailedFlake,
        readonly lock: LockFile | undefined,
        readonly lockPath: string,
        readonly lockContent: string | undefined,
        readonly tree: SourceTree,
        readonly text: string,
        readonly declared: readonly DeclaredInput[],
    ) {}

    static async begin(failure: Failure, flake: FailedFlake): Promise<Search> {
        const lockPath = join(flake.flake, "..", "flake.lock");
        const content = flake.read(lockPath);
        const parsed = content === undefined ? undefined : parseLock(content);
        const lock = parsed !== undefined && "nodes" in parsed ? parsed : undefined;
        const tree = sourceTree(flake.root, lock, flake.store);
        const text = flake.read(flake.flake) ?? "";
        const declared = (await declaredInputs(text)) ?? [];
        return new Search(failure, flake, lock, lockPath, content, tree, text, declared);
    }

    place(): Found | undefined {
        const { failure } = this;
        const { kind } = failure;
        if (OF_LOCK.has(kind)) return this.#inLock();
        if (kind === "hash-mismatch") return this.#inFiles(specifiedHash(failure));
        if (OF_HOOK.has(kind)) return this.#inFiles(/\bshellHook\s*=/);
        const origin = failure.place && this.#originOf(failure.place.file);
        if (origin?.kind === "own" && failure.place !== undefined) {
            const own = this.#own(origin.file, failure.place);
            if (own !== undefined) return own;
        }
        const asked = this.ownFrames().at(-1);
        if (origin?.kind === "input") {
            const isAskedFor = ASKED_FOR.has(kind) || IS_RENAMED.test(failure.detail);
            if (isAskedFor && asked !== undefined) return asked;
            const line = failure.place?.line === undefined ? "" : `, line ${failure.place.line}`;
            const name = origin.input === "" ? "an input" : `the input “${origin.input}”`;
            const whose = `In ${name} (${origin.file}${line}): `;
            return { ...this.#declaration(origin.input), whose };
        }
        if (OF_INPUTS.has(kind)) {
            const input = this.#inputInQuestion();
            if (input !== undefined) return this.#declaration(input);
        }
        if (asked !== undefined) return this.#attributeOf(asked.message) ?? asked;
        if (ASKED_FOR.has(kind)) return this.#asksFor(failure.subject) ?? this.#outputs();
        if (OF_PATHS.has(kind) && failure.subject !== "" && failure.subject !== "flake.nix") {
            const named = new RegExp(`\\.{1,2}/(?:[\\w.-]+/)*${escaped(baseOf(failure.subject))}`);
            const found = this.#inFiles(named);
            if (found !== undefined) return found;
        }
        if (kind === "not-in-source" && this.#onlyInput() !== undefined) {
            return this.#declaration(this.#onlyInput() ?? "");
        }
        return OF_FLAKE.has(kind) ? this.#outputs() : undefined;
    }

    /** The steps that lie in the user's files, outermost first, without repetitions. */
    ownFrames(): (FilePlace & { message: string })[] {
        const frames = this.failure.frames.flatMap((frame) => this.#ownFrame(frame));
        return frames.filter((frame, i) => !frames.slice(0, i).some((it) => isSame(it, frame)));
    }

    #ownFrame(frame: Frame): (FilePlace & { message: string })[] {
        const origin = this.#originOf(frame.file);
        if (origin?.kind !== "own") return [];
        const place = this.#own(origin.file, frame);
        return place === undefined ? [] : [{ ...place, message: frame.text }];
    }

    /** An input that is not locked yet is told by its text, which is not the user's file's. */
    #originOf(file: string): Origin | undefined {
        const origin = originOf(file, this.tree);
        if (origin?.kind !== "own" || origin.file === file) return origin;
        const theirs = this.flake.read(file);
        if (theirs === undefined || theirs === this.flake.read(origin.file)) return origin;
        const input = this.failure.input || this.#onlyInput() || "";
        return { kind: "input", input, file: file.replace(/^.*\/[0-9a-z]{32}-[^/]+\/+/, "") };
    }

    #own(file: string, { line, column }: Place): FilePlace | undefined {
        const text = this.flake.read(file);
        if (text === undefined) return undefined;
        return { file, range: rangeAt(text, line ?? 1, line === undefined ? undefined : column) };
    }

    #inLock(): Found | undefined {
        const { lockPath: file, lockContent: text, failure } = this;
        if (text === undefined) return undefined;
        const trouble = parseLock(text);
        if ("line" in trouble) {
            const column = "column" in trouble ? trouble.column : 1;
            return { file, range: rangeAt(text, trouble.line, column) };
        }
        const named =
            failure.kind === "lock-version"
                ? /"version"\s*:\s*\d+/
                : new RegExp(`"${escaped(failure.subject)}"`);
        return (failure.subject && this.#match(file, text, named)) || { file, range: FIRST };
    }

    #inFiles(pattern: RegExp | undefined): Found | undefined {
        if (pattern === undefined) return undefined;
        for (const file of filesReadBy(this.flake.flake)) {
            const text = /\.(?:nix|json|toml)$/.test(file) ? this.flake.read(file) : undefined;
            const found = text === undefined ? undefined : this.#match(file, text, pattern);
            if (found !== undefined) return found;
        }
        return undefined;
    }

    #match(file: string, text: string, pattern: RegExp): Found | undefined {
        const match = pattern.exec(text);
        if (match === null) return undefined;
        return { file, range: rangeOf(text, match.index, match.index + match[0].length) };
    }

    /** Where the flake names a package such as `openssl-1.1.1w`. */
    #asksFor(subject: string): Found | undefined {
        const name = subject.replace(/-\d.*$/, "");
        return name === ""
            ? undefined
            : this.#inFiles(new RegExp(`(?<![\\w-])${escaped(name)}(?![\\w-])`));
    }

    /** Where flake.nix declares an input, or what leads to it. */
    #declaration(input: string): Found {
        const [name] = input.split("/");
        const { flake } = this.flake;
        const from = this.declared.find((it) => it.name === name)?.from;
        if (from === undefined) return this.#outputs();
        return { file: flake, range: rangeAt(this.text, ...nixPlace(this.text, from)) };
    }

    #outputs(): Found {
        const { flake } = this.flake;
        return this.#match(flake, this.text, /\boutputs(?=\s*=)/) ?? { file: flake, range: FIRST };
    }

    /** Nix up to 2.17 only tells the attribute; its place is that of the derivation's name. */
    #attributeOf(frame: string): Found | undefined {
        const name = /^while evaluating the attribute '([^']+)' of the derivation/.exec(frame)?.[1];
        if (name === undefined) return undefined;
        return this.#inFiles(new RegExp(`(?<![\\w.'-])${escaped(name)}(?=\\s*=)`));
    }

    #onlyInput(): string | undefined {
        const [only, ...others] = this.declared;
        return others.length === 0 ? only?.name : undefined;
    }

    /** The name of the input that a download or a complaint is about. */
    #inputInQuestion(): string | undefined {
        const { subject, detail, input } = this.failure;
        const isDeclared = (name: string): boolean =>
            this.declared.some((it) => it.name === name.split("/")[0]);
        if (input !== "" && isDeclared(input)) return input;
        if (subject !== "" && isDeclared(subject)) return subject;
        const words = `${subject} ${detail}`;
        for (const { name, node } of this.lock === undefined ? [] : allLockedInputs(this.lock)) {
            const refs = [node?.original, node?.locked];
            if (refs.some((ref) => ref !== undefined && isNamed(ref, words))) return name;
        }
        return this.declared.find(
            ({ reference }) => reference !== undefined && isNamed(reference, words),
        )?.name;
    }
}

const FIRST: Range = { line: 0, column: 0, endLine: 0, endColumn: 1 };

function isNamed(ref: Readonly<Record<string, unknown>>, words: string): boolean {
    const { owner, repo, url, path } = ref;
    if (typeof owner === "string" && typeof repo === "string") {
        return words.toLowerCase().includes(`${owner}/${repo}`.toLowerCase());
    }
    return [url, path].some((it) => typeof it === "string" && it.length > 1 && words.includes(it));
}

function specifiedHash({ detail }: Failure): RegExp | undefined {
    const hash = /specified:\s*(\S+)/.exec(detail)?.[1];
    return hash === undefined ? undefined : new RegExp(escaped(hash));
}

/** An offset as nix counts. */
function nixPlace(text: string, offset: number): [line: number, column: number] {
    const before = text.slice(0, offset).split("\n");
    return [before.length, Buffer.byteLength(before.at(-1) ?? "") + 1];
}

function isSame(a: FilePlace, b: FilePlace): boolean {
    return a.file === b.file && a.range.line === b.range.line && a.range.column === b.range.column;
}

function baseOf(path: string): string {
    return path.slice(path.lastIndexOf("/") + 1);
}

function escaped(text: string): string {
    return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}

/** As many of nix's lines as a person reads at a place. */
const MOST_LINES = 8;

/** What nix tells people to type, and a button does. */
const COMMAND = /^(?:To make it visible to Nix, run:|git -C )/;

function messageOf(failure: Failure, whose = ""): string {
    const { message } = sentenceFor({ ...failure, place: undefined });
    const said = failure.detail.split("\n").map((line) => line.trim());
    const more = said.filter((line) => {
        const isSaid = message.includes(line.replace(/^syntax error, |[.!]+$/g, ""));
        return line !== "" && !isSaid && !COMMAND.test(line);
    });
    return [whose + message, ...more.slice(0, MOST_LINES)].join("\n");
}
