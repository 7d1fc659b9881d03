import { userInfo } from "node:os";
import type { Environment } from "../environment/environment";
import { recogniseNix } from "../failure/recognise";
import { CaptureError, failureOf, type Failure } from "../failure/failure";
import { SILENT } from "../log";
import { findExecutable, findNix, pathFolders, type NixSearch } from "../nix/executable";
import { nixVersion } from "../nix/nix";
import { isReachable } from "../nix/substituters";
import type { NixVersion } from "../nix/version";
import type { ProcessResult, Run } from "../process";

/** What is known of the machine's nix. */
export interface NixFacts {
    /** Absolute path; undefined where there is none. */
    readonly executable: string | undefined;
    /** The path that the user set; empty where it is looked for. */
    readonly configured: string;
    /** Whether the PATH that the editor was started with leads to it. */
    readonly isOnPath: boolean;
    /** Which one, or why it can't be used; undefined where there is none. */
    readonly version: NixVersion | Failure | undefined;
    /** Whether the user's own configuration has these on; undefined where that can't be told. */
    readonly features: { readonly command: boolean; readonly flakes: boolean } | undefined;
    readonly store: StoreFacts | Failure | undefined;
    readonly caches: readonly CacheFacts[];
}

export interface StoreFacts {
    /** "daemon", "local", or another store's address. */
    readonly address: string;
    /** Whether the daemon lets this user set what matters to all; undefined where unknown. */
    readonly isTrusted: boolean | undefined;
}

/** A binary cache of nix's configuration. */
export interface CacheFacts {
    readonly address: string;
    /** Undefined where it can't be tried from here. */
    readonly isReachable: boolean | undefined;
}

export interface NixQuestion extends NixSearch {
    readonly run: Run;
    readonly signal: AbortSignal | undefined;
    /** How long each question to nix may take, in milliseconds. */
    readonly patience: number;
}

/** How many binary caches are tried. */
const MOST_CACHES = 8;

/** Asks nix about itself, all at once. Never rejects but on abort, and waits no longer than it says. */
export async function lookAtNix(question: NixQuestion): Promise<NixFacts> {
    const executable = findNix(question);
    const { configured } = question;
    if (executable === undefined) return { ...WITHOUT_NIX, configured };
    const ask = (...args: string[]): Promise<ProcessResult> => askNix(question, executable, args);
    const [version, plain, config, ping, groups] = await Promise.all([
        versionOf(question, executable),
        ask("show-config"),
        ask(...COMMAND, "show-config"),
        ask(...COMMAND, "store", "ping"),
        groupsOf(question),
    ]);
    const settings = settingsOf(config);
    const features = words(settings?.get("experimental-features"));
    const isDeterminate = "implementation" in version && version.implementation === "determinate";
    return {
        executable,
        configured,
        isOnPath: isOnPath(question),
        version,
        features: settings && {
            command: isDeterminate || succeeded(plain),
            flakes: isDeterminate || features.includes("flakes"),
        },
        store: storeOf(ping, words(settings?.get("trusted-users")), groups),
        caches: await lookAtCaches(words(settings?.get("substituters")), question.env),
    };
}

const WITHOUT_NIX: Omit<NixFacts, "configured"> = {
    executable: undefined,
    isOnPath: false,
    version: undefined,
    features: undefined,
    store: undefined,
    caches: [],
};

/** Only this, so that the answer tells whether the user has flakes on. */
const COMMAND = ["--extra-experimental-features", "nix-command"];

function isOnPath({ env, untrusted }: NixSearch): boolean {
    return findExecutable("nix", pathFolders(env, untrusted)) !== undefined;
}

async function versionOf(
    { env, run, signal, patience }: NixQuestion,
    executable: string,
): Promise<NixVersion | Failure> {
    const nix = { executable, env, extraArguments: [], output: "quiet", log: SILENT } as const;
    const limited: Run = (request) => run({ ...request, timeout: patience });
    try {
        return await nixVersion({ ...nix, run: limited }, signal);
    } catch (error) {
        if (error instanceof CaptureError) return error.failure;
        throw error;
    }
}

function askNix(
    { env, run, signal, patience }: NixQuestion,
    command: string,
    args: readonly string[],
): Promise<ProcessResult> {
    return run({ command, args, cwd: "/", env, signal, timeout: patience, output: "keep" });
}

function succeeded(result: ProcessResult): result is ProcessResult & { kind: "exited" } {
    return result.kind === "exited" && result.code === 0;
}

/** The lines "name = value"; nix's JSON has numbers for features in old versions. */
function settingsOf(result: ProcessResult): ReadonlyMap<string, string> | undefined {
    if (!succeeded(result)) return undefined;
    const lines = [...result.stdout.matchAll(/^([\w-]+) =(.*)$/gm)];
    return new Map(lines.map(([, name = "", value = ""]) => [name, value.trim()]));
}

function words(text: string | undefined): string[] {
    return (text ?? "").split(/\s+/).filter((word) => word !== "");
}

function storeOf(
    ping: ProcessResult,
    trusted: readonly string[],
    groups: readonly string[],
): StoreFacts | Failure | undefined {
    if (ping.kind === "timed-out") return failureOf("daemon-down");
    if (ping.kind !== "exited") return undefined;
    if (ping.code !== 0) return recogniseNix({ exitCode: ping.code, stderr: ping.stderr });
    const said = ping.stdout + ping.stderr;
    const address = /^Store URL: (\S+)/m.exec(said)?.[1] ?? "local";
    const told = /^Trusted: ([01])/m.exec(said)?.[1];
    const isMember = [userInfo().username, "*", ...groups.map((group) => `@${group}`)].some(
        (name) => trusted.includes(name),
    );
    const isTrusted = told !== undefined ? told === "1" : trusted.length > 0 ? isMember : undefined;
    return { address, isTrusted };
}

async function groupsOf({ env, run, signal, patience }: NixQuestion): Promise<readonly string[]> {
    const request = { args: ["-Gn"], cwd: "/", env, signal, timeout: patience } as const;
    const result = await run({ ...request, command: "id", output: "keep" });
    return succeeded(result) ? words(result.stdout) : [];
}

/** Behind a proxy names need not resolve here, so nothing is tried. */
async function lookAtCaches(
    addresses: readonly string[],
    env: Environment,
): Promise<readonly CacheFacts[]> {
    const hasProxy = [...env.keys()].some((name) => /^(?:https?|all)_proxy$/i.test(name));
    return Promise.all(
        addresses.slice(0, MOST_CACHES).map(async (address) => {
            const isWeb = /^https?:/.test(address);
            return {
                address,
                isReachable: isWeb && !hasProxy ? await isReachable(address) : undefined,
            };
        }),
    );
}
