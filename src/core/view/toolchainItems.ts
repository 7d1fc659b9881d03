import { basename } from "node:path";
import { codeText } from "../markdown";
import type { Toolchain } from "../rust/toolchain";
import { currentOf } from "../shell/state";
import type { ViewFacts } from "./viewFacts";
import type { ViewItem } from "./viewItem";

/** The section on the Rust that is in use, and on what the toolchain file asks for. */
export function toolchainSection(facts: ViewFacts): ViewItem {
    const { state, project, uri } = facts;
    const current = currentOf(state);
    const toolchain = current?.toolchain;
    return {
        id: "toolchain",
        label: "Rust Toolchain",
        description:
            toolchain !== undefined
                ? versionNumber(toolchain)
                : current !== undefined
                  ? "none in this dev shell"
                  : "not known yet",
        tooltip: "The compiler and its tools that the dev shell brings.",
        icon: "tools",
        abilities: project.toolchainFile === undefined ? [] : ["openToolchain"],
        target: { folder: uri },
        children: () =>
            [
                ...(current === undefined ? [notEntered(facts)] : []),
                ...(toolchain === undefined ? [] : installed(toolchain, facts)),
                ...asked(facts),
            ].map((item) => ({ ...item, id: `toolchain/${item.label}` })),
    };
}

function notEntered({ uri }: ViewFacts): ViewItem {
    return {
        id: "",
        label: "Enter the dev shell to see its Rust",
        description: "",
        tooltip: "",
        icon: "sign-in",
        abilities: [],
        action: "enter",
        target: { folder: uri },
    };
}

function installed(toolchain: Toolchain, facts: ViewFacts): ViewItem[] {
    const version = toolchain.version.replace(/^rustc /, "");
    const tools = Object.keys(toolchain.tools).filter((name) => name !== "rustc");
    return [
        line("Version", version, facts),
        line("Channel", channelOf(version), facts),
        line("Comes from", originOf(toolchain, facts), facts),
        line("Tools", tools.join(", ") || "rustc only", facts),
        line("Targets", facts.targets.join(", ") || "not known", facts),
        line("Sysroot", toolchain.sysroot, facts, "The folder with the compiler's own libraries"),
        toolchain.hasSource
            ? line("Standard library source", "there", facts)
            : {
                  ...line(
                      "Standard library source",
                      "missing",
                      facts,
                      "Without it (the component rust-src) rust-analyzer can't show or complete what `std` has",
                  ),
                  icon: "warning",
                  isWarning: true,
              },
    ];
}

function asked(facts: ViewFacts): ViewItem[] {
    const { request, project } = facts;
    if (project.toolchainFile === undefined) return [];
    const file = basename(project.toolchainFile);
    const open = (label: string, description: string): ViewItem => ({
        ...line(label, description, facts, `As ${file} asks`),
        abilities: ["openToolchain"],
        action: "openToolchainFile",
    });
    if (request === undefined) return [open(file, "can't be read")];
    const { channel, components, targets, path } = request;
    return [
        open("Channel asked for", channel ?? path ?? `none in ${file}`),
        ...(components.length === 0 ? [] : [open("Components asked for", components.join(", "))]),
        ...(targets.length === 0 ? [] : [open("Targets asked for", targets.join(", "))]),
    ];
}

/** What decides which Rust it is, as far as the files tell. */
function originOf({ sysroot }: Toolchain, { project, flakeText }: ViewFacts): string {
    // nixpkgs names its own compiler so; those of rust-overlay and fenix are called rust-….
    if (/^[0-9a-z]{32}-rustc-/.test(basename(sysroot))) return "nixpkgs";
    const file = project.toolchainFile && basename(project.toolchainFile);
    const isRead = file !== undefined && withoutComments(flakeText).includes(file);
    return isRead ? `${file}, which flake.nix reads` : "flake.nix";
}

/** Roughly: a # in a string counts as a comment, too, and no name of a file comes after one. */
function withoutComments(flakeText: string): string {
    return flakeText.replace(/#.*/g, "");
}

/** The release channel that a compiler is of, as its version tells. */
function channelOf(version: string): string {
    return /^\d[\d.]*-(nightly|beta|dev)/.exec(version)?.[1] ?? "stable";
}

function versionNumber({ version }: Toolchain): string {
    return /\d+\.\d+\.\d+\S*/.exec(version)?.[0] ?? version;
}

function line(label: string, description: string, { uri }: ViewFacts, about = label): ViewItem {
    return {
        id: "",
        label,
        description,
        tooltip: `${about}: ${codeText(description)}`,
        abilities: [],
        target: { folder: uri },
    };
}
