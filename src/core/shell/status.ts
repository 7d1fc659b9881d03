import { basename } from "node:path";
import { isRustupOverruled } from "../environment/omission";
import type { Failure } from "../failure/failure";
import { sentenceFor } from "../failure/sentence";
import type { Drift } from "../lock/drift";
import { driftNotes, driftWarning, driftWarnings, type DriftKind } from "../lock/driftText";
import { codeText, escapeMarkdown, plainText } from "../markdown";
import { progressDetails, progressText } from "../nix/progress";
import type { WantedToolchain } from "../rust/toolchainFile";
import type { Snapshot } from "../snapshot";
import type { ShellState } from "./state";

/** All that the status bar item shows, as plain data. */
export interface StatusView {
    /** May begin with one `$(icon)`. */
    readonly text: string;
    /** Markdown with command links. */
    readonly tooltip: string;
    /** For screen readers: the text in full sentences, without icons. */
    readonly label: string;
    readonly severity: "none" | "warning" | "error";
}

/** What is known of a folder. */
export interface FolderFacts {
    /** The folder's name as the user sees it. */
    readonly name: string;
    readonly state: ShellState;
    readonly shell: string | undefined;
    readonly drift: Drift | undefined;
    /** What the user does not want to be warned of. */
    readonly ignoredDrift: readonly DriftKind[];
    /** What rust-toolchain.toml or the legacy file asks for, where there is one. */
    readonly wantedToolchain: WantedToolchain | undefined;
    /** Why the environment can't be kept for the next window; undefined where it is. */
    readonly unkept: string | undefined;
    /** Whether nix is run only when the user asks for it. */
    readonly manual: boolean;
    /** Whether the window has other folders, so that this one has to be named. */
    readonly oneOfSeveral: boolean;
    /** Whether the flake asks for settings of nix that the user has not decided on. */
    readonly asksForSettings?: boolean;
    /** Milliseconds since 1970 when the capture that is under way began. */
    readonly capturingSince?: number | undefined;
    /** The path within the folder to one that has a flake, where this one has none. */
    readonly flakeBelow?: string | undefined;
    /** Whether rust-analyzer and other extensions are in this folder's shell. */
    readonly feedsWindow: boolean;
}

/** The status bar item for a folder; undefined where nothing is to be shown. */
export function statusOf(facts: FolderFacts, now: number): StatusView | undefined {
    const view = bareStatus(facts, now);
    if (view === undefined || !facts.oneOfSeveral) return view;
    return {
        ...view,
        text: `${view.text} (${plainText(facts.name)})`,
        label: `${facts.name}: ${view.label}`,
    };
}

function bareStatus(facts: FolderFacts, now: number): StatusView | undefined {
    const { state } = facts;
    const shell = facts.shell ?? "default";
    switch (state.kind) {
        case "none":
            return undefined;
        case "no-flake":
            return {
                text: "Nix: no flake",
                tooltip: lines(
                    `**${escapeMarkdown(facts.name)}** is a Rust project without a \`flake.nix\`, the file that ` +
                        "describes its tools for Nix.",
                    facts.flakeBelow === undefined
                        ? undefined
                        : `The folder **${escapeMarkdown(facts.flakeBelow)}** in it has one: open that folder to be in its dev shell.`,
                    links("generateFlake", "enterWithoutFlake", "showLog"),
                ),
                label: "Nix: this Rust project has no flake",
                severity: "none",
            };
        case "outside": {
            if (state.reason === "not-rust") return undefined;
            const why = {
                manual: "It is entered only when you ask for it.",
                left: "You left it.",
                cancelled: "Entering it was cancelled.",
            }[state.reason];
            return {
                text: "Nix: not entered",
                tooltip: lines(
                    `**${escapeMarkdown(facts.name)}** has a Nix dev shell that is not in use. ${why}`,
                    driftText(facts),
                    links("enter", "selectShell", "showLog"),
                ),
                label: `Nix: the dev shell is not in use. ${why}`,
                severity: "none",
            };
        }
        case "capturing": {
            const doing = progressText(state.progress);
            return {
                text: `$(loading~spin) Nix: ${plainText(shorten(doing))}`,
                tooltip: lines(
                    `Nix is ${escapeMarkdown(doing)}${since(facts, now)}.`,
                    state.current === undefined
                        ? "It makes the dev shell, in which this project's tools are. The first time can take minutes; you can go on working."
                        : "The previous environment stays in use until it is done.",
                    links("cancel", "showLog"),
                ),
                label: `Nix is ${doing}`,
                severity: "none",
            };
        }
        case "failed": {
            const { message } = sentenceFor(state.failure);
            const kept =
                state.current === undefined
                    ? "No dev shell is in use."
                    : `The environment that was read ${ago(state.current.takenAt, now)} stays in use.`;
            const icon = state.current === undefined ? "$(error)" : "$(warning)";
            const what =
                state.current === undefined ? shortCause(state.failure) : "previous environment";
            return {
                text: `${icon} Nix: ${plainText(causeInLock(facts) ?? what)}`,
                tooltip: lines(
                    escapeMarkdown(message),
                    kept,
                    driftText(facts),
                    links("showProblem", "reload", "showLog"),
                ),
                label: `Nix: ${message} ${kept}`,
                severity: state.current === undefined ? "error" : "warning",
            };
        }
        case "inside":
            return insideStatus(facts, state.current, state.stale, shell, now);
    }
}

/** What a newcomer meets first in words of its own; what else can fail takes a sentence. */
function shortCause({ kind, subject }: Failure): string {
    if (kind === "nix-missing") return "not found";
    return kind === "untracked" && subject !== "" ? `${basename(subject)} not in git` : "failed";
}

/** What is wrong with the lock where no dev shell can be made of such a one. */
function causeInLock({ drift }: FolderFacts): string | undefined {
    const warning = driftWarning(drift);
    if (warning === undefined || !BREAKING.includes(warning.kind)) return undefined;
    // One that git alone still counts is no obstacle to nix.
    return warning.kind === "conflict" && drift?.trouble === undefined ? undefined : warning.short;
}

const BREAKING: readonly DriftKind[] = ["conflict", "unreadable", "unsupported", "toolchain"];

/** How many are done, and for how long nix has been at it. */
function since({ state, capturingSince }: FolderFacts, now: number): string {
    if (state.kind !== "capturing" || capturingSince === undefined) return "";
    const details = progressDetails(state.progress, now - capturingSince);
    return escapeMarkdown(details.map((detail) => `, ${detail}`).join(""));
}

function insideStatus(
    facts: FolderFacts,
    current: Snapshot,
    stale: boolean,
    shell: string,
    now: number,
): StatusView {
    const warning = driftWarning(facts.drift, facts.ignoredDrift);
    const about = [
        `**Nix dev shell ${escapeMarkdown(shell)}** of ${escapeMarkdown(facts.name)}`,
        toolchainText(facts, current),
        rustupText(current),
        `${summary(current)}, read ${ago(current.takenAt, now)}`,
        stale ? "Files changed since then: reload to bring it up to date." : undefined,
        facts.unkept === undefined ? undefined : unkeptText(facts.unkept),
        facts.manual ? "Nix is run only when you ask for it (`nixRust.enter`)." : undefined,
        facts.oneOfSeveral
            ? facts.feedsWindow
                ? "rust-analyzer and other extensions are in this dev shell."
                : "Terminals of this folder are in this dev shell; rust-analyzer is in another folder's."
            : undefined,
        driftText(facts),
        facts.asksForSettings === true
            ? `The flake asks for settings of Nix, which are not used unless you accept them. ${links("reviewConfig")}`
            : undefined,
        links("reload", "showEnvironment", "selectShell", "leave", "showLog"),
    ];
    if (warning !== undefined) {
        return {
            text: `$(warning) Nix: ${plainText(warning.short)}`,
            tooltip: lines(...about),
            label: `Nix dev shell ${shell} is in use. ${warning.long}`,
            severity: "warning",
        };
    }
    const mode = facts.manual ? ", manual" : "";
    return {
        text: `${stale ? "$(history)" : "$(check)"} Nix: ${plainText(shell)}${mode}`,
        tooltip: lines(...about),
        label: `Nix dev shell ${shell} is in use${mode}${stale ? ", but files changed since it was read" : ""}`,
        severity: "none",
    };
}

function rustupText({ omitted }: Snapshot): string | undefined {
    if (!isRustupOverruled(omitted)) return undefined;
    return (
        "$(info) The flake sets RUSTUP_TOOLCHAIN, which would mislead rustup; the dev shell's Rust is " +
        `used all the same. ${links("checkSetup")}`
    );
}

function unkeptText(reason: string): string {
    return `It is for this window only: the extension can't write to its own storage (${escapeMarkdown(reason)}). Check free space and permissions, then reload.`;
}

function driftText({ drift, ignoredDrift }: FolderFacts): string | undefined {
    if (drift === undefined) return undefined;
    const warnings = driftWarnings(drift).filter(({ kind }) => !ignoredDrift.includes(kind));
    const texts = [
        ...warnings.map(({ long }) => `$(warning) ${escapeMarkdown(long)}`),
        ...driftNotes(drift).map((note) => `$(info) ${escapeMarkdown(note)}`),
    ];
    return texts.length === 0 ? undefined : texts.join("\n\n");
}

function toolchainText({ wantedToolchain }: FolderFacts, current: Snapshot): string {
    if (current.toolchain === undefined) return "No Rust in this dev shell";
    const version = current.toolchain.version.replace(/ \([^)]*\)$/, "");
    const found = escapeMarkdown(version);
    if (wantedToolchain?.channel === undefined) return `${found}, from the flake`;
    const file = codeText(basename(wantedToolchain.file));
    const channel = codeText(wantedToolchain.channel);
    // Only a version says which one it has to be; "stable" is another one every six weeks.
    if (!/^\d+\.\d+/.test(wantedToolchain.channel)) {
        return `${found}, from the flake; ${file} asks for ${channel}`;
    }
    const number = /\d+\.\d+\.\d+/.exec(version)?.[0] ?? "";
    return `${number}.`.startsWith(`${wantedToolchain.channel}.`)
        ? `${found}, as ${file} asks`
        : `${found}, though ${file} asks for ${channel}`;
}

function summary(current: Snapshot): string {
    const changed = new Set(current.changes.map((change) => change.name)).size;
    return `${count(changed, "variable")} set, ${current.omitted.length} left out`;
}

/** How long ago, in the coarsest unit that says something. */
export function ago(then: number, now: number): string {
    const minutes = Math.floor((now - then) / 60_000);
    if (minutes < 1) return "just now";
    if (minutes < 60) return `${count(minutes, "minute")} ago`;
    const hours = Math.floor(minutes / 60);
    return hours < 48
        ? `${count(hours, "hour")} ago`
        : `${count(Math.floor(hours / 24), "day")} ago`;
}

function count(n: number, noun: string): string {
    return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

/** Longer texts push other items out of the status bar. */
const LONGEST_TEXT = 40;

function shorten(text: string): string {
    return text.length <= LONGEST_TEXT ? text : `${text.slice(0, LONGEST_TEXT - 1)}…`;
}

const LINKS = {
    enter: ["nixRust.enter", "Enter Dev Shell"],
    reload: ["nixRust.reload", "Reload"],
    leave: ["nixRust.leave", "Leave"],
    selectShell: ["nixRust.selectShell", "Select Dev Shell…"],
    showEnvironment: ["nixRust.showEnvironment", "Show Environment"],
    showLog: ["nixRust.showLog", "Show Log"],
    showProblem: ["nixRust.showProblem", "What Can I Do?"],
    cancel: ["nixRust.cancel", "Cancel"],
    reviewConfig: ["nixRust.reviewConfig", "Review Flake Settings…"],
    checkSetup: ["nixRust.checkSetup", "Check My Setup"],
    enterWithoutFlake: ["nixRust.enterWithoutFlake", "Enter Without a Flake"],
    generateFlake: ["nixRust.generateFlake", "Generate flake.nix…"],
} as const;

function links(...names: (keyof typeof LINKS)[]): string {
    return names.map((name) => `[${LINKS[name][1]}](command:${LINKS[name][0]})`).join(" · ");
}

function lines(...texts: (string | undefined)[]): string {
    return texts.filter((text) => text !== undefined).join("\n\n");
}
