import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { apply } from "../environment/change";
import type { Environment } from "../environment/environment";
import { isRustupOverruled } from "../environment/omission";
import { findRustupSettings, type RustupSetting } from "../flake/rustupToolchain";
import { findExecutable, pathFolders } from "../nix/executable";
import { cargoBin } from "../rust/cargoBin";
import type { Snapshot } from "../snapshot";
import { opensLine, page, runs, type Finding, type Remedy } from "./finding";

/** What is known of rustup, which has proxies for the same commands that a dev shell brings. */
export interface RustupFacts {
    /** The folder of its proxies; undefined where there is none. */
    readonly proxies: string | undefined;
    /** Whether the PATH that VS Code was started with leads to its cargo first. */
    readonly isFirst: boolean;
    /** The toolchain that it uses where nothing else is said. */
    readonly defaultToolchain: string | undefined;
    /** Whether that one has the component rust-analyzer. */
    readonly hasServer: boolean;
    /** RUSTUP_TOOLCHAIN as the user's own environment has it. */
    readonly own: string | undefined;
    readonly shell: RustupInShell | undefined;
}

/** What comes of it in the dev shell that is in use. */
export interface RustupInShell {
    readonly hasRust: boolean;
    readonly hasServer: boolean;
    /** What RUSTUP_TOOLCHAIN is there. */
    readonly answer: string | undefined;
    /** Whether the dev shell itself has another one, which is overruled. */
    readonly isOverruled: boolean;
    /** Where the flake says so. */
    readonly settings: readonly RustupSetting[];
}

export interface RustupQuestion {
    readonly env: Environment;
    readonly home: string;
    readonly untrusted: readonly string[];
    readonly flake: string | undefined;
    readonly snapshot: Snapshot | undefined;
}

/** Reads files only: rustup itself installs toolchains when it is asked the wrong thing. */
export async function lookAtRustup(question: RustupQuestion): Promise<RustupFacts> {
    const { env, home, untrusted, flake, snapshot } = question;
    const folders = pathFolders(env, untrusted);
    const own = cargoBin(env, home);
    const proxies = [own, ...folders].find((folder) => existsSync(join(folder, "rustup")));
    const first = folders.find((folder) => findExecutable("cargo", [folder]) !== undefined);
    const rustupHome = env.get("RUSTUP_HOME") ?? join(home, ".rustup");
    const defaultToolchain = await defaultToolchainOf(rustupHome);
    return {
        proxies,
        isFirst: proxies !== undefined && first === proxies,
        defaultToolchain,
        hasServer:
            defaultToolchain !== undefined &&
            existsSync(join(rustupHome, "toolchains", defaultToolchain, "bin/rust-analyzer")),
        own: env.get("RUSTUP_TOOLCHAIN"),
        shell: snapshot && {
            hasRust: snapshot.toolchain !== undefined,
            hasServer: snapshot.toolchain?.tools["rust-analyzer"] !== undefined,
            answer: apply(snapshot.changes, env).get("RUSTUP_TOOLCHAIN"),
            isOverruled: isRustupOverruled(snapshot.omitted),
            settings: flake === undefined ? [] : await findRustupSettings(flake),
        },
    };
}

async function defaultToolchainOf(rustupHome: string): Promise<string | undefined> {
    try {
        const { parse } = await import("smol-toml");
        const settings = parse(readFileSync(join(rustupHome, "settings.toml"), "utf8"));
        const name = settings["default_toolchain"];
        if (typeof name !== "string") return undefined;
        // "stable" stands for the one of this machine.
        const installed = readdirSync(join(rustupHome, "toolchains"));
        return installed.find((one) => one === name || one.startsWith(`${name}-`)) ?? name;
    } catch {
        return undefined;
    }
}

const PROXIES = page(
    "About rustup's proxies",
    "https://rust-lang.github.io/rustup/concepts/proxies.html",
);
const OVERRIDES = page("What rustup goes by", "https://rust-lang.github.io/rustup/overrides.html");
const COMPONENTS = page(
    "About rustup's components",
    "https://rust-lang.github.io/rustup/concepts/components.html",
);

/** What is to be said of rustup. */
export function rustupFindings(facts: RustupFacts): Finding[] {
    const { proxies, shell } = facts;
    return [
        ...(shell?.isOverruled ? [overruledFinding(shell)] : []),
        ...(proxies === undefined
            ? [
                  {
                      level: "good",
                      summary:
                          "rustup is not on this machine, so nothing is in front of the dev shell.",
                      detail: "",
                      remedies: [PROXIES],
                  } satisfies Finding,
              ]
            : [presentFinding(facts, proxies), ...serverFinding(facts)]),
    ];
}

function presentFinding({ isFirst, own, shell }: RustupFacts, proxies: string): Finding {
    const where = isFirst
        ? `rustup's cargo and rustc come first on your PATH (${proxies}).`
        : `rustup is on this machine (${proxies}).`;
    if (shell === undefined || !shell.hasRust) {
        return {
            level: shell === undefined ? "good" : "note",
            summary: where,
            detail:
                shell === undefined
                    ? "No dev shell is in use, so they run rustup's own toolchains."
                    : "The dev shell in use has no Rust of its own, so rustup's is what runs there.",
            remedies: [PROXIES],
        };
    }
    const isAnswered = shell.answer?.startsWith("/") ?? false;
    if (!isAnswered) {
        return {
            level: "problem",
            summary: `${where} Nothing tells them to run the dev shell's tools.`,
            detail:
                "RUSTUP_TOOLCHAIN should name the dev shell's toolchain; it is kept out by the setting " +
                "nixRust.environment.keepOut, or the dev shell has to be read anew.",
            remedies: [runs("Reload the dev shell", "nixRust.reload"), PROXIES],
        };
    }
    return {
        level: "good",
        summary: `${where} In the dev shell they run its tools.`,
        detail:
            `Nix Rust sets RUSTUP_TOOLCHAIN to ${shell.answer}, which rustup follows before anything ` +
            `else.${own === undefined ? "" : " Your own RUSTUP_TOOLCHAIN counts only outside of the dev shell."}`,
        remedies: [PROXIES, runs("Show the environment", "nixRust.showEnvironment")],
    };
}

function overruledFinding({ settings }: RustupInShell): Finding {
    const [first] = settings;
    const remedies: Remedy[] = [];
    if (first !== undefined) {
        if (settings.some(({ removal }) => removal !== undefined)) {
            remedies.push(runs("Remove it from the flake…", "nixRust.removeRustupToolchain"));
        }
        remedies.push(opensLine(`Open line ${first.line}`, first.file, first.line));
    }
    const places = settings.map(({ file, line, text }) => `${file}, line ${line}: ${text}`);
    return {
        level: "note",
        summary:
            "The dev shell sets RUSTUP_TOOLCHAIN, which sends rustup to a toolchain of its own.",
        detail: [
            "Nix Rust replaces it by the dev shell's toolchain; in a terminal outside of VS Code it still " +
                "misleads cargo, rustc and rust-analyzer wherever rustup is installed. The flake does not " +
                "need it.",
            ...places,
        ].join("\n"),
        remedies: [...remedies, OVERRIDES],
    };
}

function serverFinding({ defaultToolchain, hasServer, shell }: RustupFacts): Finding[] {
    if (defaultToolchain === undefined || hasServer) return [];
    if (shell?.hasServer) {
        return [
            {
                level: "good",
                summary: "rustup has no rust-analyzer of its own; the dev shell's is used.",
                detail: `Outside of the dev shell, rustup's command rust-analyzer only ends with an error (${defaultToolchain} lacks the component).`,
                remedies: [COMPONENTS],
            },
        ];
    }
    return [
        {
            level: "note",
            summary: "rustup's command rust-analyzer only ends with an error.",
            detail:
                `Its toolchain ${defaultToolchain} lacks the component. Add rust-analyzer to the dev ` +
                "shell, or rely on the one that the extension rust-analyzer brings.",
            remedies: [COMPONENTS],
        },
    ];
}
