import { apply, type Change } from "../environment/change";
import type { Environment } from "../environment/environment";
import { isKeptFromHost } from "../environment/omission";
import { findExecutable, pathFolders } from "../nix/executable";
import { cargoBin, doubleSubcommands } from "../rust/cargoBin";
import { opensSetting, page, runs, type Finding, type Remedy } from "./finding";
import type { SettingFacts } from "./settings";

/** Where programs of a window get their environment. */
export type Place = "terminal" | "task" | "rust-analyzer" | "debug";

/** How a variable of the dev shell was found in a process. */
export type Sighting =
    /** The entries of a list are there, behind others. */
    | "behind"
    | "different"
    | "missing"
    /** What the dev shell adds at the end of a list is not there. */
    | "cut"
    /** To be unset, and there with an empty value. */
    | "empty"
    /** To be unset, and there. */
    | "kept";

/** A variable that is not in a process as the dev shell has it. No values. */
export interface Difference {
    readonly name: string;
    readonly sighting: Sighting;
}

/** What was seen of one place. */
export type Observation =
    | {
          readonly kind: "seen";
          /** How many variables were compared. */
          readonly compared: number;
          readonly differences: readonly Difference[];
          /** The cargo that its PATH leads to. */
          readonly cargo: string | undefined;
      }
    | { readonly kind: "unseen"; readonly why: WhyUnseen };

export type WhyUnseen =
    | "not-running"
    | "not-visible"
    | "no-answer"
    /** VS Code saves all files before it runs a task. */
    | "unsaved-files"
    | "other-folder"
    | "no-extension";

/** Compares the environment of a real process with what the dev shell makes of it. */
export function observe(changes: readonly Change[], environment: Environment): Observation {
    const differences = new Map<string, Sighting>();
    const lists = new Set(
        changes.filter(({ op }) => op === "prepend" || op === "append").map(({ name }) => name),
    );
    for (const change of changes) {
        const sighting = sightingOf(change, environment.get(change.name), lists.has(change.name));
        if (sighting !== undefined && !differences.has(change.name)) {
            differences.set(change.name, sighting);
        }
    }
    return {
        kind: "seen",
        compared: new Set(changes.map(({ name }) => name)).size,
        differences: [...differences].map(([name, sighting]) => ({ name, sighting })),
        cargo: findExecutable("cargo", pathFolders(environment, [])),
    };
}

function sightingOf(
    change: Change,
    found: string | undefined,
    isList: boolean,
): Sighting | undefined {
    switch (change.op) {
        case "unset":
            return found === undefined ? undefined : found === "" ? "empty" : "kept";
        case "set":
            if (found === change.value) return undefined;
            if (found === undefined) return "missing";
            return isList && found.includes(change.value) ? undefined : "different";
        case "prepend": {
            if (found === undefined) return "missing";
            if (`${found}:`.startsWith(`${change.value}:`)) return undefined;
            const entries = new Set(found.split(":"));
            return change.value.split(":").every((entry) => entries.has(entry))
                ? "behind"
                : "different";
        }
        case "append": {
            const entries = new Set((found ?? "").split(":"));
            return change.value.split(":").every((entry) => entries.has(entry)) ? undefined : "cut";
        }
    }
}

/**
 * Whether anybody misses what changes add at the end of lists: not so where that is cargo's own
 * folder alone, and it has no subcommand that the dev shell has as well.
 */
export function endsMatter(changes: readonly Change[], base: Environment, home: string): boolean {
    const added = (...ops: Change["op"][]): string[] =>
        changes.flatMap((change) =>
            change.op !== "unset" && change.name === "PATH" && ops.includes(change.op)
                ? change.value.split(":")
                : [],
        );
    const ends = changes.filter(({ op }) => op === "append");
    const own = cargoBin(apply(changes, base), home);
    const isCargosAlone =
        ends.every(({ name }) => name === "PATH") &&
        added("append").every((folder) => folder === own);
    return !isCargosAlone || doubleSubcommands(own, added("prepend", "set")).length > 0;
}

/** What explains differences. */
export interface ComparisonContext {
    readonly settings: SettingFacts;
    /** Whether rustup runs the dev shell's tools wherever its proxies are. */
    readonly isRustupAnswered: boolean;
    /** Whether the dev shell has more variables than a terminal takes. */
    readonly isHuge: boolean;
    /** Whether anybody misses what the dev shell adds at the end of lists. */
    readonly endsMatter: boolean;
    /** The name of the folder whose dev shell rust-analyzer is in, where that is another one. */
    readonly feeding: string | undefined;
}

const TERMINAL = page(
    "About the terminal's environment",
    "https://code.visualstudio.com/docs/terminal/shell-integration",
);

const NAMES: Record<Place, string> = {
    terminal: "A new terminal",
    task: "A task",
    "rust-analyzer": "rust-analyzer's server",
    debug: "A debugged program",
};

/** What is to be said of each place; undefined observations are of a folder in no dev shell. */
export function comparisonFindings(
    observations: ReadonlyMap<Place, Observation>,
    context: ComparisonContext,
): Finding[] {
    return [...observations].map(([place, observation]) =>
        observation.kind === "unseen"
            ? unseenFinding(place, observation.why, context)
            : seenFinding(place, observation, context),
    );
}

function seenFinding(
    place: Place,
    { compared, differences, cargo }: Observation & { kind: "seen" },
    context: ComparisonContext,
): Finding {
    const explained = differences.map((difference) => ({
        ...difference,
        ...explain(place, difference, context),
    }));
    const isBad = explained.some(({ level }) => level === "problem");
    const same = compared - explained.length;
    const about = cargo === undefined ? "" : `Its cargo is ${cargo}.`;
    const lines = explained.map(({ name, reason }) => `${name}: ${reason}`);
    if (explained.length === 0) {
        return {
            level: "good",
            summary: `${NAMES[place]} has all ${variables(compared)} of the dev shell.`,
            detail: about,
            remedies: [runs("Show the environment", "nixRust.showEnvironment")],
        };
    }
    return {
        level: isBad
            ? "problem"
            : explained.every(({ level }) => level === "good")
              ? "good"
              : "note",
        summary: `${NAMES[place]} has ${same} of the dev shell's ${variables(compared)} as they are there.`,
        detail: [about, ...lines].filter((line) => line !== "").join("\n"),
        remedies: [
            ...remediesFor(place, context),
            runs("Show the environment", "nixRust.showEnvironment"),
        ],
    };
}

function variables(count: number): string {
    return `${count} variable${count === 1 ? "" : "s"}`;
}

interface Explanation {
    readonly level: Finding["level"];
    /** The end of a sentence that begins with the variable's name. */
    readonly reason: string;
}

function explain(
    place: Place,
    { name, sighting }: Difference,
    context: ComparisonContext,
): Explanation {
    const { settings } = context;
    if (place === "rust-analyzer" && settings.serverEnv.includes(name)) {
        return { level: "problem", reason: "overruled by rust-analyzer.server.extraEnv" };
    }
    if (place === "rust-analyzer" && isKeptFromHost(name) && sighting !== "different") {
        return {
            level: "good",
            reason: "kept out on purpose, as it would break the editor's own programs",
        };
    }
    switch (sighting) {
        case "empty":
            return {
                level: "good",
                reason: "empty, where the dev shell has none: the editor can't remove a variable",
            };
        case "cut":
            return {
                level: context.endsMatter ? "note" : "good",
                reason: "lacks what the dev shell adds at its end: the editor can add to one end of a list only",
            };
        case "behind":
            return {
                level: context.isRustupAnswered ? "note" : "problem",
                reason:
                    "the dev shell's folders are there, behind others" +
                    (settings.shellIntegration
                        ? ": your shell's start-up files come later, and its shell integration did not answer"
                        : ": your shell's start-up files come later, and shell integration is off") +
                    (context.isRustupAnswered
                        ? "; rustup's proxies run the dev shell's tools all the same"
                        : ""),
            };
        case "missing":
            if (context.isHuge && place !== "rust-analyzer") {
                return { level: "note", reason: "not there, as VS Code takes no more than 500" };
            }
            return { level: "problem", reason: "not there" };
        case "different":
        case "kept":
            return { level: "problem", reason: different(place, name, settings) };
    }
}

function different(place: Place, name: string, settings: SettingFacts): string {
    switch (place) {
        case "terminal":
            return settings.terminalEnv.includes(name)
                ? `another value, from ${settings.terminalEnvSetting}`
                : "another value, which your shell's start-up files set";
        case "task":
            return settings.terminalEnv.includes(name)
                ? `another value, from ${settings.terminalEnvSetting}`
                : "another value, from another extension or the task's shell";
        case "rust-analyzer":
            return "another value: the server was started in another environment";
        case "debug":
            return "another value";
    }
}

function remediesFor(place: Place, { settings }: ComparisonContext): Remedy[] {
    switch (place) {
        case "terminal":
        case "task":
            return settings.shellIntegration
                ? [TERMINAL]
                : [opensSetting("terminal.integrated.shellIntegration.enabled"), TERMINAL];
        case "rust-analyzer":
            return [
                runs("Restart rust-analyzer", "nixRust.restartRustAnalyzer"),
                ...(settings.serverEnv.length > 0
                    ? [opensSetting("rust-analyzer.server.extraEnv")]
                    : []),
            ];
        case "debug":
            return [];
    }
}

function unseenFinding(place: Place, why: WhyUnseen, { feeding }: ComparisonContext): Finding {
    const again = runs("Check again", "nixRust.checkSetup");
    const note = (summary: string, detail: string, ...remedies: Remedy[]): Finding => ({
        level: "note",
        summary,
        detail,
        remedies: [...remedies, again],
    });
    switch (why) {
        case "not-running":
            return note(
                `${NAMES[place]} does not run.`,
                "It starts with the first Rust file that is opened.",
                runs("Restart rust-analyzer", "nixRust.restartRustAnalyzer"),
            );
        case "no-extension":
            return note(
                "The extension rust-analyzer is not installed or not enabled here.",
                "",
                runs("Show it", "workbench.extensions.search", "@id:rust-lang.rust-analyzer"),
            );
        case "not-visible":
            return note(
                `The environment of ${place === "rust-analyzer" ? "rust-analyzer's server" : "that process"} can't be seen on this system.`,
                "Only Linux shows it.",
            );
        case "no-answer":
            return note(
                `${NAMES[place]} did not tell its environment in time.`,
                place === "terminal"
                    ? "Your shell's start-up files may take long, or wait for something."
                    : "",
            );
        case "unsaved-files":
            return note(
                "No task was started, because VS Code saves all files before it runs one.",
                "You have files with changes that are not saved.",
            );
        case "other-folder":
            return note(
                `rust-analyzer is in the dev shell of ${feeding ?? "another folder"}.`,
                "There is one rust-analyzer a window.",
                runs("Select the folder…", "nixRust.selectWindowFolder"),
            );
    }
}
