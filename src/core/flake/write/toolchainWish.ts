import { channelProblem, releaseOf, type Pin } from "../../rust/channel";
import { toolchainFileProblems } from "../../rust/toolchainFileProblems";
import { componentProblem } from "../../rust/toolchainPart";
import type { ToolchainFile } from "../../rust/toolchainProblem";
import type { TextFix } from "../../textFix";
import type { ChannelPlan } from "./plan";

/** What a toolchain file asks for, in terms that a flake can write down. */
export interface ToolchainWish extends ChannelPlan {
    /** How a flake serves it best. */
    readonly template: "nixpkgs" | "toolchain-file" | "pinned" | "fenix-file";
    /** Whether the toolchain has a rust-analyzer of its own, or nixpkgs' must do. */
    readonly analyzer: "component" | "package";
    /** Of the components that checks run, those that a toolchain of this profile lacks. */
    readonly missing: readonly string[];
    readonly isReadByFenix: boolean;
    /** Why the file can't be read by rust-overlay as it is, as sentences. */
    readonly notes: readonly string[];
}

/** No file needs as many corrections; a bound against two that undo each other. */
const MOST_CORRECTIONS = 20;

/** Components that every toolchain has, and what was there before rust-analyzer. */
const NOT_LISTED = new Set(["cargo", "rls", "rls-preview", "rust", "rust-std", "rustc"]);

/**
 * Reads a toolchain file for a flake that is to be written now. Where rust-overlay would refuse
 * the file, the corrections that are offered for it are made in thought, and what it then asks for
 * is to be written into the flake: the file itself stays as it is.
 *
 * @param name `rust-toolchain.toml` or `rust-toolchain`
 */
export async function toolchainWish(name: string, text: string, now: Date): Promise<ToolchainWish> {
    const pin: Pin = { at: now.getTime(), now: now.getTime() };
    const file: ToolchainFile = { name, text, reader: "rust-overlay", hasBoth: false, pin };
    const asked = await requestOf(text);
    const [messages, ofFenix] = await Promise.all([
        errorsIn(file),
        errorsIn({ ...file, reader: "fenix" }),
    ]);
    const isReadByFenix = ofFenix.length === 0;
    const wish = { ...wishOf(await requestOf(await corrected(file)), pin), isReadByFenix };
    if (asksForNothing(asked)) {
        const note = `${name} names no toolchain, so the flake takes nixpkgs' own Rust.`;
        return { ...wish, template: "nixpkgs", notes: [note] };
    }
    const isComplete = asked.profile === "complete";
    if (messages.length === 0 && !isComplete) {
        return { ...wish, template: "toolchain-file", notes: [] };
    }
    if (isReadByFenix && isOutOfReach(asked.channel, pin)) {
        return { ...wish, template: "fenix-file", notes: messages };
    }
    const complete = isComplete
        ? ["Few releases have all that the profile “complete” names, so the default one is taken."]
        : [];
    return {
        ...wish,
        template: "pinned",
        notes: [`${name} is not read here.`, ...messages, ...complete],
    };
}

/** What checks and hooks run besides cargo. */
const CHECKED = ["clippy", "rustfmt"];

function has(components: readonly string[], name: string): boolean {
    return components.includes(name) || components.includes(`${name}-preview`);
}

interface Request {
    readonly channel?: unknown;
    readonly profile?: unknown;
    readonly components?: unknown;
    readonly targets?: unknown;
    readonly path?: unknown;
}

async function errorsIn(file: ToolchainFile): Promise<string[]> {
    const problems = await toolchainFileProblems(file);
    return problems.filter(({ severity }) => severity === "error").map(({ message }) => message);
}

/** The text with the first correction of every error, as far as there is one. */
async function corrected(file: ToolchainFile): Promise<string> {
    let { text } = file;
    for (let n = 0; n < MOST_CORRECTIONS; n++) {
        const problems = await toolchainFileProblems({ ...file, text });
        const fix = problems
            .filter(({ severity }) => severity === "error")
            .flatMap(({ fixes }) => fixes.slice(0, 1))[0];
        if (fix === undefined) break;
        text = applied(text, fix);
    }
    return text;
}

function applied(text: string, { edits }: TextFix): string {
    return [...edits]
        .sort((a, b) => b.from - a.from)
        .reduce(
            (whole, edit) => whole.slice(0, edit.from) + edit.text + whole.slice(edit.to),
            text,
        );
}

async function requestOf(text: string): Promise<Request> {
    const [, channel] = /^\s*([\w.-]+)\s*$/.exec(text) ?? [];
    if (channel !== undefined) return { channel };
    const { parse } = await import("smol-toml");
    try {
        const document = parse(text.replace(/^\uFEFF/, ""));
        const table = document["toolchain"] ?? document;
        return typeof table === "object" ? (table as Request) : {};
    } catch {
        return {}; // It is not TOML: what it asks for can't be known.
    }
}

function asksForNothing({ channel, components, targets, profile, path }: Request): boolean {
    return [channel, components, targets, profile, path].every((value) => value === undefined);
}

/** Releases that rust-overlay has not, or no longer, and that are exactly what is wanted. */
function isOutOfReach(channel: unknown, pin: Pin): boolean {
    if (typeof channel !== "string") return false;
    const isExact = /^(?:(?:nightly|beta)-[\d-]+|1\.\d+(?:\.\d+)?)$/.test(channel);
    return (
        isExact &&
        channelProblem(channel, "rust-overlay", pin) !== undefined &&
        channelProblem(channel, "fenix", pin) === undefined
    );
}

function wishOf(
    { channel, profile, components, targets }: Request,
    pin: Pin,
): Omit<ToolchainWish, "template" | "notes" | "isReadByFenix"> {
    const known =
        typeof channel === "string" && channelProblem(channel, "rust-overlay", pin) === undefined
            ? channel
            : "stable";
    const release = releaseOf(known, pin);
    const hasAnalyzer = componentProblem("rust-analyzer", release, "rust-overlay") === undefined;
    const isMinimal = profile === "minimal";
    const named = texts(components).filter((name) => !NOT_LISTED.has(name));
    return {
        channel: known,
        profile: isMinimal ? "minimal" : "default",
        components: named,
        targets: texts(targets),
        missing: isMinimal ? CHECKED.filter((name) => !has(named, name)) : [],
        analyzer: hasAnalyzer ? "component" : "package",
    };
}

function texts(value: unknown): string[] {
    return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}
