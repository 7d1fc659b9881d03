import { sentenceFor } from "../failure/sentence";
import type { Drift } from "../lock/drift";
import { driftWarning } from "../lock/driftText";
import { isRust, type Project } from "../project/project";
import { currentOf, type ShellState } from "../shell/state";
import { opensLine, page, runs, type Finding } from "./finding";

/** What is known of the folder that the report is about. */
export interface ProjectFacts {
    readonly project: Project;
    readonly state: ShellState;
    /** The dev shell's name; undefined for the default one. */
    readonly shell: string | undefined;
    readonly drift: Drift | undefined;
}

const FLAKES = page("About flakes", "https://wiki.nixos.org/wiki/Flakes");
const LOCK = page(
    "About flake.lock",
    "https://nix.dev/manual/nix/latest/command-ref/new-cli/nix3-flake#lock-files",
);

/** What is to be said of the project, or that there is none. */
export function projectFindings(facts: ProjectFacts | undefined): Finding[] {
    if (facts === undefined) {
        return [
            {
                level: "note",
                summary: "No folder is open, so there is no dev shell to look at.",
                detail: "",
                remedies: [FLAKES],
            },
        ];
    }
    const { flake } = facts.project;
    if (flake === undefined) {
        const current = currentOf(facts.state);
        return [
            {
                level: current === undefined ? "note" : "problem",
                summary: isRust(facts.project)
                    ? "This Rust project has no flake.nix."
                    : "This folder has no flake.nix.",
                detail:
                    current === undefined
                        ? "That is the file which describes a project's tools for Nix."
                        : "It had one: the environment of before stays in use.",
                remedies: [runs("Generate flake.nix…", "nixRust.generateFlake"), FLAKES],
            },
        ];
    }
    return [shellFinding(facts, flake), lockFinding(facts)];
}

function shellFinding({ state, shell }: ProjectFacts, flake: string): Finding {
    const name = shell ?? "default";
    const opening = opensLine("Open flake.nix", flake, 1);
    const entering = runs("Enter the dev shell", "nixRust.enter");
    switch (state.kind) {
        case "inside":
            return {
                level: state.stale ? "note" : "good",
                summary: state.stale
                    ? `The dev shell "${name}" is in use, and files changed since it was read.`
                    : `The dev shell "${name}" is in use.`,
                detail: `Its flake is ${flake}.`,
                remedies: [
                    ...(state.stale ? [runs("Reload it", "nixRust.reload")] : []),
                    runs("Show the environment", "nixRust.showEnvironment"),
                    opening,
                ],
            };
        case "failed":
            return {
                level: "problem",
                summary: sentenceFor(state.failure).message,
                detail:
                    state.current === undefined
                        ? "No dev shell is in use."
                        : "The environment of before stays in use.",
                remedies: [
                    runs("What can I do?", "nixRust.showProblem"),
                    runs("Show the log", "nixRust.showLog"),
                    opening,
                ],
            };
        case "capturing":
            return {
                level: "note",
                summary: `Nix is at work on the dev shell "${name}".`,
                detail: "Check again when it is done.",
                remedies: [runs("Check again", "nixRust.checkSetup"), opening],
            };
        case "outside":
        case "none":
        case "no-flake":
            return {
                level: "note",
                summary: `The dev shell "${name}" is not in use.`,
                detail: `Its flake is ${flake}.`,
                remedies: [entering, opening],
            };
    }
}

function lockFinding({ drift }: ProjectFacts): Finding {
    const warning = driftWarning(drift);
    if (warning === undefined) {
        return { level: "good", summary: "flake.lock is in order.", detail: "", remedies: [LOCK] };
    }
    const canLock = drift?.state === "missing" || drift?.state === "stale";
    return {
        level: drift?.state === "modified" || drift?.state === "staged" ? "note" : "problem",
        summary: warning.long,
        detail: "",
        remedies: [
            ...(canLock ? [runs("Lock the flake", "nixRust.lock")] : []),
            runs("What can I do?", "nixRust.showActions"),
            LOCK,
        ],
    };
}
