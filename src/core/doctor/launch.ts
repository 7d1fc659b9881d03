import { existsSync } from "node:fs";
import type { Environment } from "../environment/environment";
import { page, type Finding } from "./finding";

/** Where and how VS Code was started. */
export interface LaunchFacts {
    /** VS Code's name for the kind of remote window, such as "ssh-remote"; undefined for none. */
    readonly remote: string | undefined;
    readonly isBrowser: boolean;
    readonly isContainer: boolean;
    readonly isNixos: boolean;
    readonly sandbox: "flatpak" | "snap" | undefined;
    readonly isFromTerminal: boolean;
    /** The shell or tool that the editor itself was started inside of. */
    readonly inside: "nix" | "direnv" | undefined;
    /** Whether there is a nix that the PATH does not lead to: it is not a login shell's PATH. */
    readonly missesNix: boolean;
}

const LAUNCH = page(
    "About starting VS Code",
    "https://code.visualstudio.com/docs/configure/command-line",
);
const REMOTE = page(
    "About remote windows",
    "https://code.visualstudio.com/docs/remote/remote-overview",
);
const FLATPAK = page("About VS Code on Linux", "https://code.visualstudio.com/docs/setup/linux");

/** Reads what the environment and a few files tell; the rest is what VS Code says of itself. */
export function lookAtLaunch(
    env: Environment,
    editor: Pick<LaunchFacts, "remote" | "isBrowser" | "missesNix">,
): LaunchFacts {
    const has = (...names: string[]): boolean => names.some((name) => env.has(name));
    return {
        ...editor,
        isContainer: has("container") || isThere("/.dockerenv", "/run/.containerenv"),
        isNixos: isThere("/etc/NIXOS"),
        sandbox: has("FLATPAK_ID") ? "flatpak" : has("SNAP_NAME") ? "snap" : undefined,
        isFromTerminal: has("VSCODE_CLI"),
        inside: has("DIRENV_DIR") ? "direnv" : has("IN_NIX_SHELL") ? "nix" : undefined,
    };
}

function isThere(...files: string[]): boolean {
    return files.some((file) => existsSync(file));
}

export function launchFindings(facts: LaunchFacts): Finding[] {
    const findings: Finding[] = [
        facts.missesNix
            ? {
                  level: "note",
                  summary: whereText(facts),
                  detail:
                      "It did not get your login shell's PATH, which would lead to Nix. Nix Rust finds " +
                      "Nix all the same; other extensions may miss programs of yours.",
                  remedies: [placeLink(facts)],
              }
            : {
                  level: "good",
                  summary: whereText(facts),
                  detail: "",
                  remedies: [placeLink(facts)],
              },
    ];
    if (facts.sandbox === "flatpak") {
        findings.push({
            level: "problem",
            summary:
                "VS Code runs in a Flatpak sandbox, which hides /nix and your programs from it.",
            detail: "Install VS Code in another way, or give the sandbox access to the host.",
            remedies: [FLATPAK],
        });
    }
    if (facts.inside !== undefined) {
        const outer = { nix: "another dev shell", direnv: "a folder that direnv has loaded" };
        findings.push({
            level: "note",
            summary: `VS Code was started from inside ${outer[facts.inside]}.`,
            detail:
                "What that one set is there in every window, under this project's dev shell. Start VS " +
                "Code from elsewhere to be rid of it.",
            remedies: [LAUNCH],
        });
    }
    return findings;
}

function placeLink({ remote }: LaunchFacts): Finding["remedies"][0] {
    return remote === undefined ? LAUNCH : REMOTE;
}

function whereText(facts: LaunchFacts): string {
    const system = facts.isNixos ? " on NixOS" : "";
    const container = facts.isContainer ? " in a container" : "";
    switch (facts.remote) {
        case undefined:
            return facts.isFromTerminal
                ? `VS Code was started from a terminal${system}${container}, and has its PATH.`
                : `VS Code was started from the desktop${system}${container}.`;
        case "ssh-remote":
            return `VS Code works on this machine${system} over SSH; Nix runs here.`;
        case "wsl":
            return "VS Code works in WSL; Nix runs there, not in Windows.";
        case "dev-container":
        case "attached-container":
            return "VS Code works in a container; Nix runs there.";
        case "codespaces":
            return "VS Code works in a codespace; Nix runs there.";
        case "tunnel":
            return `VS Code works on this machine${system} through a tunnel; Nix runs here.`;
        default:
            return facts.isBrowser
                ? `VS Code is used from a browser${container}; Nix runs where its server does${system}.`
                : `VS Code works on this machine${system}${container} from afar; Nix runs here.`;
    }
}
