/** How much a finding matters: as it should be; worth knowing; in the way. */
export type Level = "good" | "note" | "problem";

/** A way on from a finding, as a link of the report. */
export type Remedy =
    | {
          readonly kind: "command";
          readonly label: string;
          /** A command's id, one of {@link REMEDY_COMMANDS}. */
          readonly command: string;
          readonly args: readonly string[];
      }
    | { readonly kind: "page"; readonly label: string; readonly address: string };

/** One thing that was looked at. All texts are plain, and may come from the workspace. */
export interface Finding {
    readonly level: Level;
    /** One sentence. */
    readonly summary: string;
    /** What follows from it, in a few sentences; "" where the summary says it all. */
    readonly detail: string;
    /** At least one. */
    readonly remedies: readonly [...Remedy[], Remedy];
}

export interface Section {
    readonly title: string;
    readonly findings: readonly Finding[];
}

/** The commands that links of the report may run, and no other. */
export const REMEDY_COMMANDS = [
    "nixRust.checkSetup",
    "nixRust.copySetup",
    "nixRust.removeRustupToolchain",
    "nixRust.openLine",
    "nixRust.openSetting",
    "nixRust.enter",
    "nixRust.reload",
    "nixRust.showEnvironment",
    "nixRust.showProblem",
    "nixRust.showActions",
    "nixRust.showLog",
    "nixRust.lock",
    "nixRust.generateFlake",
    "nixRust.restartRustAnalyzer",
    "nixRust.selectWindowFolder",
    "workbench.extensions.search",
] as const;

type RemedyCommand = (typeof REMEDY_COMMANDS)[number];

export function runs(label: string, command: RemedyCommand, ...args: string[]): Remedy {
    return { kind: "command", label, command, args };
}

export function page(label: string, address: string): Remedy {
    return { kind: "page", label, address };
}

/** A link that shows one of the user's settings. */
export function opensSetting(name: string): Remedy {
    return runs(`Open the setting ${name}`, "nixRust.openSetting", name);
}

/** A link to a line of a file; lines count from 1. */
export function opensLine(label: string, file: string, line: number): Remedy {
    return runs(label, "nixRust.openLine", file, String(line));
}

/** The findings with what is in the way first, otherwise in their order. */
export function byLevel(findings: readonly Finding[]): Finding[] {
    const ranks: Readonly<Record<Level, number>> = { problem: 0, note: 1, good: 2 };
    return findings.toSorted((a, b) => ranks[a.level] - ranks[b.level]);
}
