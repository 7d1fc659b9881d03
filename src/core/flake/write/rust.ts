import { FIRST_WITH_PROFILES } from "../../rust/distribution";
import type { Contribution } from "./contribution";
import { bind, call, fn, list, operation, set, type Nix } from "./layout";
import { commentText, isIdentifier, nixPath, nixString } from "./nixText";
import type { ChannelPlan, FlakePlan, ToolchainPlan } from "./plan";

/** What an editor needs of a toolchain besides cargo's needs. */
const EDITOR_COMPONENTS = ["rust-analyzer", "rust-src"];

const OVERLAY = {
    name: "rust-overlay",
    url: "github:oxalica/rust-overlay",
    follows: "nixpkgs",
} as const;

const FENIX = {
    name: "fenix",
    url: "github:nix-community/fenix",
    follows: "nixpkgs",
} as const;

/** Rust itself: how builds get it, and how the dev shell does. */
export interface Rust extends Contribution {
    /** The name of the toolchain that builds use; undefined where they take nixpkgs'. */
    readonly build: string | undefined;
    /** Whether `pkgs` needs rust-overlay's overlay. */
    readonly hasOverlay: boolean;
}

/** The part of a flake that brings Rust. */
export function rust({ toolchain, builder, parts }: FlakePlan): Rust {
    if (toolchain.kind === "nixpkgs") return NIXPKGS;
    const isShared = builder !== undefined || parts.has("hooks") || parts.has("treefmt");
    const runsChecks = (["checks", "hooks", "treefmt"] as const).some((part) => parts.has(part));
    const wanted = runsChecks ? toolchain.missing : [];
    const own =
        toolchain.kind === "overlay-file" || toolchain.kind === "overlay-channel"
            ? overlay(toolchain, isShared, wanted)
            : fenix(toolchain, wanted);
    const tools = own.tools ?? [];
    return toolchain.analyzer === "component"
        ? own
        : { ...own, tools: [...tools, { value: "pkgs.rust-analyzer" }] };
}

/** Why a flake with nixpkgs' own Rust sets RUST_SRC_PATH, as it says itself. */
export const WHY_SOURCE_PATH = "The standard library's source is not next to nixpkgs' rustc.";

const NIXPKGS: Rust = {
    build: undefined,
    hasOverlay: false,
    tools: ["cargo", "clippy", "rust-analyzer", "rustc", "rustfmt"].map((name) => ({
        value: `pkgs.${name}`,
    })),
    environment: [bind("RUST_SRC_PATH", '"${pkgs.rustPlatform.rustLibSrc}"', WHY_SOURCE_PATH)],
};

type OverlayPlan = Extract<ToolchainPlan, { kind: "overlay-file" | "overlay-channel" }>;

/** rust-overlay: one toolchain for all, or where builds use it, too, one with more for the editor. */
function overlay(toolchain: OverlayPlan, isShared: boolean, wanted: readonly string[]): Rust {
    const { notes } = toolchain;
    const extensions = editorComponents(toolchain);
    const isNightly = toolchain.kind === "overlay-channel" && toolchain.channel === "nightly";
    const about =
        toolchain.kind === "overlay-file"
            ? [`The toolchain of ${toolchain.file}, and what an editor needs besides.`]
            : [];
    // The newest nightly with all components may be another one than that with a few.
    const isOne = !isShared || isNightly;
    const definitions = isOne
        ? [
              bind(
                  "rustToolchain",
                  whole(toolchain, [...extensions, ...wanted]),
                  comment([...notes, ...about]),
              ),
          ]
        : [
              bind("rustToolchain", whole(toolchain, wanted), comment(notes)),
              bind(
                  "devToolchain",
                  extended("rustToolchain", extensions),
                  "With what an editor needs, for the dev shell alone.",
              ),
          ];
    return {
        build: "rustToolchain",
        hasOverlay: true,
        inputs: [OVERLAY],
        definitions,
        tools: [{ value: isOne ? "rustToolchain" : "devToolchain" }],
    };
}

function comment(sentences: readonly string[]): string | undefined {
    return sentences.length === 0 ? undefined : commentText(sentences.join(" "));
}

function editorComponents({ analyzer }: ToolchainPlan): readonly string[] {
    return EDITOR_COMPONENTS.filter(
        (component) => component !== "rust-analyzer" || analyzer === "component",
    );
}

function whole(toolchain: OverlayPlan, extensions: readonly string[]): Nix {
    if (toolchain.kind === "overlay-channel") return channelToolchain(toolchain, extensions);
    const file = `pkgs.rust-bin.fromRustupToolchainFile ${nixPath(toolchain.file)}`;
    return extensions.length === 0 ? file : extended(`(${file})`, extensions);
}

/** The form of a function, as a plain set would drop the components that the file asks for. */
function extended(toolchain: string, extensions: readonly string[]): Nix {
    const more = names(sorted(extensions));
    const all = call("lib.unique", operation("++", "old.extensions", more));
    return call(`${toolchain}.override`, fn("old", set(bind("extensions", all))));
}

function channelToolchain(plan: ChannelPlan, more: readonly string[]): Nix {
    const { channel, profile, targets } = plan;
    const extensions = sorted([...plan.components, ...more]);
    const targetBinding = targets.length > 0 ? bind("targets", names(targets)) : undefined;
    const bindings = [
        extensions.length > 0 ? bind("extensions", names(extensions)) : undefined,
        targetBinding,
    ];
    const isBare = bindings.every((binding) => binding === undefined);
    if (channel === "nightly") {
        const head = `toolchain.${profile}`;
        const body = isBare ? head : call(`${head}.override`, set(...bindings));
        return call("pkgs.rust-bin.selectLatestNightlyWith", fn("toolchain", body));
    }
    const [, minor] = /^1\.(\d+)/.exec(channel) ?? [];
    const hasProfiles = minor === undefined || Number(minor) >= FIRST_WITH_PROFILES;
    if (/^\d+\.\d+$/.test(channel) || !hasProfiles) {
        // Only this function finds a release's last correction, and knows those without profiles.
        const isDefault = profile === "default" || !hasProfiles;
        return call(
            "pkgs.rust-bin.fromRustupToolchain",
            set(
                bind("channel", nixString(channel)),
                isDefault ? undefined : bind("profile", nixString(profile)),
                extensions.length > 0 ? bind("components", names(extensions)) : undefined,
                targetBinding,
            ),
        );
    }
    const head = `pkgs.rust-bin.${manifestOf(channel)}.${profile}`;
    return isBare ? head : call(`${head}.override`, set(...bindings));
}

function names(all: readonly string[]): Nix {
    return list(...all.map(nixString));
}

/** Where rust-overlay keeps a channel: `stable.latest`, `stable."1.75.0"`, `nightly."2026-06-01"`. */
function manifestOf(channel: string): string {
    const [, dated, date] = /^(beta|nightly)-(.+)$/.exec(channel) ?? [];
    if (dated !== undefined && date !== undefined) return `${dated}.${nixString(date)}`;
    return /^\d/.test(channel) ? `stable.${nixString(channel)}` : `${channel}.latest`;
}

type FenixPlan = Extract<ToolchainPlan, { kind: "fenix" | "fenix-file" }>;

/** Components of rustup's default profile; the documentation is on the web. */
const DEFAULT_COMPONENTS = ["cargo", "clippy", "rust-std", "rustc", "rustfmt"];
const MINIMAL_COMPONENTS = ["cargo", "rust-std", "rustc"];

function fenix(toolchain: FenixPlan, wanted: readonly string[]): Rust {
    const packages = bind("fenixPkgs", "fenix.packages.${pkgs.stdenv.hostPlatform.system}");
    const value =
        toolchain.kind === "fenix"
            ? fenixChannel(toolchain, [...editorComponents(toolchain), ...wanted])
            : call(
                  "fenixPkgs.fromToolchainFile",
                  set(
                      bind("file", nixPath(toolchain.file)),
                      bind(
                          "sha256",
                          "lib.fakeSha256",
                          "The hash of the list of what the channel holds. Nix tells the right one when it fails with this; it changes with the channel in the file.",
                      ),
                  ),
              );
    return {
        build: "rustToolchain",
        hasOverlay: false,
        inputs: [FENIX],
        definitions: [packages, bind("rustToolchain", value, commentOf(toolchain))],
        tools: [{ value: "rustToolchain" }],
    };
}

function commentOf(toolchain: FenixPlan): string | undefined {
    const about =
        toolchain.kind === "fenix-file"
            ? [
                  `The toolchain of ${toolchain.file}, which should have \`rust-src\` among its components:`,
                  "an editor needs it, and can't be given that of another version.",
              ]
            : [];
    return comment([...toolchain.notes, ...about]);
}

function fenixChannel(plan: ChannelPlan, more: readonly string[]): Nix {
    // `complete` is the last nightly with all components; for other targets there is the newest.
    const nightly = plan.targets.length > 0 ? "latest" : "complete";
    const channel = plan.channel === "nightly" ? nightly : plan.channel;
    const base = plan.profile === "minimal" ? MINIMAL_COMPONENTS : DEFAULT_COMPONENTS;
    const components = sorted([...base, ...plan.components, ...more]);
    const host = call(`fenixPkgs.${channel}.withComponents`, names(components));
    if (plan.targets.length === 0) return host;
    const targets = plan.targets.map(
        (target) => `fenixPkgs.targets.${attribute(target)}.${channel}.rust-std`,
    );
    return call("fenixPkgs.combine", list(host, ...targets));
}

function attribute(name: string): string {
    return isIdentifier(name) ? name : nixString(name);
}

function sorted(names: readonly string[]): string[] {
    return [...new Set(names)].sort();
}
