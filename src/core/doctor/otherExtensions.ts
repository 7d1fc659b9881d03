import { runs, type Finding } from "./finding";

/** An extension that changes environments too. */
export interface OtherExtension {
    readonly id: string;
    readonly name: string;
    /** Files or folders of a workspace folder that make it do so there. */
    readonly files: readonly string[];
    /** Settings that make it do so. */
    readonly settings: readonly string[];
    /** What it does, as the end of a sentence that begins with its name. */
    readonly does: string;
}

/** As their sources and manifests say: the reference on peers, section 1. */
export const OTHER_EXTENSIONS: readonly OtherExtension[] = [
    {
        id: "mkhl.direnv",
        name: "direnv",
        files: [".envrc"],
        settings: [],
        does: "loads .envrc into new terminals and into the extension host",
    },
    {
        id: "cab404.vscode-direnv",
        name: "direnv (cab404)",
        files: [".envrc"],
        settings: [],
        does: "loads .envrc into the extension host when it starts",
    },
    {
        id: "rubymaniac.vscode-direnv",
        name: "direnv (Rubymaniac)",
        files: [".envrc"],
        settings: [],
        does: "loads .envrc into the extension host when it starts",
    },
    {
        id: "arrterian.nix-env-selector",
        name: "Nix Environment Selector",
        files: [],
        settings: ["nixEnvSelector.nixFile", "nixEnvSelector.useFlakes"],
        does: "puts all variables of a dev shell into terminals and the extension host, HOME and TMPDIR among them",
    },
    {
        id: "nix-develop.nix-develop",
        name: "Nix Develop",
        files: ["flake.nix"],
        settings: [],
        does: "offers to reopen the folder in a VS Code server that it runs inside the dev shell",
    },
    {
        id: "datakurre.devenv",
        name: "devenv",
        files: ["devenv.nix"],
        settings: [],
        does: "loads devenv's shell into new terminals and into the extension host",
    },
    {
        id: "flox.flox",
        name: "Flox",
        files: [".flox"],
        settings: [],
        does: "activates Flox's environment in new terminals and in the extension host, which it restarts",
    },
    {
        id: "jetpack-io.devbox",
        name: "Devbox",
        files: ["devbox.json"],
        settings: [],
        does: "types “devbox shell” into new terminals",
    },
    {
        id: "hverlin.mise-vscode",
        name: "mise",
        files: ["mise.toml", ".mise.toml", ".mise", "mise", ".config/mise", ".tool-versions"],
        settings: [],
        does: "replaces the whole PATH of new terminals by its own",
    },
];

/** One of them, as it was found in the window. */
export interface FoundExtension {
    readonly extension: OtherExtension;
    readonly isActive: boolean;
    /** The files and settings that it goes by in this folder. */
    readonly reasons: readonly string[];
}

export function otherExtensionFindings(found: readonly FoundExtension[]): Finding[] {
    const rivals = found.filter(({ reasons, isActive }) => isActive && reasons.length > 0);
    if (rivals.length > 0) return rivals.map(rivalFinding);
    const idle = found.map(({ extension }) => extension.name).join(", ");
    return [
        {
            level: "good",
            summary: "No other extension changes this folder's environment.",
            detail: idle === "" ? "" : `Installed, and not at work in this folder: ${idle}.`,
            remedies: [runs("Show my extensions", "workbench.extensions.search", "@installed")],
        },
    ];
}

function rivalFinding({ extension, reasons }: FoundExtension): Finding {
    const { id, name, does } = extension;
    return {
        level: "problem",
        summary: `The extension ${name} is at work in this folder as well.`,
        detail:
            `It ${does}. It goes by ${reasons.join(", ")}. Which of the two has the last word on a ` +
            "variable depends on which of them is later, so disable one of them in this workspace.",
        remedies: [runs(`Show ${name}`, "workbench.extensions.search", `@id:${id}`)],
    };
}
