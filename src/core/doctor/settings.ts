import type { Change } from "../environment/change";
import { opensSetting, page, type Finding } from "./finding";

/** The settings of the user and the workspace that can be in the dev shell's way. */
export interface SettingFacts {
    /** The names of variables that `terminal.integrated.env.*` sets or unsets. */
    readonly terminalEnv: readonly string[];
    /** Which of its forms counts here. */
    readonly terminalEnvSetting: "terminal.integrated.env.linux" | "terminal.integrated.env.osx";
    readonly inheritsEnv: boolean;
    readonly shellIntegration: boolean;
    /** The names of variables in `rust-analyzer.server.extraEnv`. */
    readonly serverEnv: readonly string[];
    readonly cargoEnv: readonly string[];
    /** `rust-analyzer.server.path`; undefined where it is not set. */
    readonly serverPath: string | undefined;
    /** `nixRust.environment.extensionHost`. */
    readonly feedsHost: boolean;
}

const TERMINAL = page(
    "About the terminal's environment",
    "https://code.visualstudio.com/docs/terminal/profiles#_configuring-environment-variables",
);

/** Variables of cargo's environment that decide which Rust it runs. */
const DECISIVE = new Set(["PATH", "RUSTUP_TOOLCHAIN", "RUSTC", "CARGO", "RUSTC_WRAPPER"]);

/** What is to be said of settings; of the ones that are in nobody's way, one sentence. */
export function settingFindings(facts: SettingFacts, changes: readonly Change[]): Finding[] {
    const shell = new Set(changes.map(({ name }) => name));
    const both = (names: readonly string[]): string[] => names.filter((name) => shell.has(name));
    const found = [
        ...terminalFindings(facts, both(facts.terminalEnv)),
        ...serverFindings(facts, both(facts.serverEnv)),
        ...cargoFindings(facts, both(facts.cargoEnv)),
    ];
    if (!facts.feedsHost) {
        found.push({
            level: "note",
            summary: "Other extensions do not get the dev shell's environment.",
            detail: "You chose that (nixRust.environment.extensionHost). rust-analyzer gets it through its settings, and writes the values to its log.",
            remedies: [opensSetting("nixRust.environment.extensionHost")],
        });
    }
    if (found.length > 0) return found;
    return [
        {
            level: "good",
            summary: "No setting is in the dev shell's way.",
            detail: "",
            remedies: [opensSetting(facts.terminalEnvSetting)],
        },
    ];
}

function terminalFindings(facts: SettingFacts, both: readonly string[]): Finding[] {
    const found: Finding[] = [];
    if (both.length > 0) {
        found.push({
            level: "note",
            summary: `Your terminal settings and the dev shell both set ${both.join(", ")}.`,
            detail: "The dev shell's value counts; what it adds to a list such as PATH is put in front of the setting's.",
            remedies: [opensSetting(facts.terminalEnvSetting), TERMINAL],
        });
    }
    if (!facts.inheritsEnv) {
        found.push({
            level: "note",
            summary: "Terminals start without VS Code's own environment.",
            detail:
                "They have the dev shell's variables all the same, but PATH may lack what only your " +
                "login shell knows.",
            remedies: [opensSetting("terminal.integrated.inheritEnv"), TERMINAL],
        });
    }
    if (!facts.shellIntegration) {
        found.push({
            level: "note",
            summary: "The terminal's shell integration is off.",
            detail:
                "It puts the dev shell's folders in front of PATH again after your shell's start-up " +
                "files. Without it, what these files put in front stays there.",
            remedies: [opensSetting("terminal.integrated.shellIntegration.enabled"), TERMINAL],
        });
    }
    return found;
}

function serverFindings(
    { serverEnv, serverPath }: SettingFacts,
    both: readonly string[],
): Finding[] {
    const found: Finding[] = [];
    if (serverEnv.length > 0) {
        const name = "rust-analyzer.server.extraEnv";
        found.push({
            level: both.length > 0 ? "problem" : "note",
            summary:
                both.length > 0
                    ? `${name} overrules the dev shell's ${both.join(", ")} for rust-analyzer.`
                    : `${name} is set.`,
            detail:
                "While it is set, rust-analyzer takes nothing from Nix Rust through that setting, which " +
                "carries LD_LIBRARY_PATH and the like. All else still reaches it.",
            remedies: [opensSetting(name)],
        });
    }
    if (serverPath !== undefined) {
        const name = "rust-analyzer.server.path";
        found.push({
            level: "note",
            summary: "rust-analyzer's server is the one that you chose, not the dev shell's.",
            detail: `${name} is ${serverPath}.`,
            remedies: [opensSetting(name)],
        });
    }
    return found;
}

function cargoFindings({ cargoEnv }: SettingFacts, both: readonly string[]): Finding[] {
    const name = "rust-analyzer.cargo.extraEnv";
    const decisive = cargoEnv.filter((variable) => DECISIVE.has(variable));
    const worst = decisive.length > 0 ? decisive : both;
    if (worst.length === 0) return [];
    return [
        {
            level: decisive.length > 0 ? "problem" : "note",
            summary: `${name} sets ${worst.join(", ")} for the cargo that rust-analyzer runs.`,
            detail:
                decisive.length > 0
                    ? "So rust-analyzer may use another Rust than the dev shell's."
                    : "There it counts more than the dev shell's value.",
            remedies: [opensSetting(name)],
        },
    ];
}
