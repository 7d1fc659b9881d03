import { callGit, type Git } from "./git";
import type { LockedInput } from "./lockedInputs";

/** How an input stands to the place that it comes from. */
export type UpstreamState =
    | { readonly kind: "current" }
    | { readonly kind: "behind"; readonly newest: string }
    /** flake.nix names a revision, or the input follows another one: there is nothing newer. */
    | { readonly kind: "fixed" }
    | { readonly kind: "unknown"; readonly why: Unknown };

export type Unknown =
    /** It comes from no git repository, or from one that only nix's registry knows. */
    "no-repository" | "network" | "refused" | "no-branch" | "no-git" | "timed-out";

export interface InputUpstream {
    readonly input: LockedInput;
    readonly state: UpstreamState;
}

/** How long one repository may take to answer, in milliseconds. */
const PATIENCE = 20_000;

/** How many are asked at the same time. */
const AT_ONCE = 4;

/**
 * Asks the repositories of the inputs for their newest revisions, by `git ls-remote`: one small
 * question each, and nothing is fetched. Only ever called when the user asks for it.
 *
 * Rejects with the signal's reason, and only with that, on abort.
 */
export async function askUpstream(
    git: Git,
    inputs: readonly LockedInput[],
    signal: AbortSignal,
    onDone: (done: number) => void,
): Promise<InputUpstream[]> {
    const results = new Map<LockedInput, UpstreamState>();
    const waiting = [...inputs];
    const work = async (): Promise<void> => {
        for (let input = waiting.shift(); input !== undefined; input = waiting.shift()) {
            results.set(input, await askOne(git, input, signal));
            onDone(results.size);
        }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return inputs.map((input) => ({
        input,
        state: results.get(input) ?? { kind: "unknown", why: "no-repository" },
    }));
}

async function askOne(git: Git, input: LockedInput, signal: AbortSignal): Promise<UpstreamState> {
    const { original } = input.node ?? {};
    if (input.follows !== undefined || original?.["rev"] !== undefined) return { kind: "fixed" };
    const place = placeOf(input);
    if (place === undefined) return { kind: "unknown", why: "no-repository" };
    const { address, ref } = place;
    // Not in the repository's folder: its configuration has no say in where this goes.
    const patterns = /^(?:HEAD$|refs\/)/.test(ref)
        ? [ref]
        : [`refs/heads/${ref}`, `refs/tags/${ref}`];
    const peeled = patterns.flatMap((name) => (name === "HEAD" ? [name] : [name, `${name}^{}`]));
    const result = await callGit(withBatchSsh(git), "/", ["ls-remote", "--", address, ...peeled], {
        signal,
        timeout: PATIENCE,
    });
    if (result.kind === "timed-out") return { kind: "unknown", why: "timed-out" };
    if (result.kind === "not-found") return { kind: "unknown", why: "no-git" };
    if (result.kind !== "exited") return { kind: "unknown", why: "refused" };
    if (result.code !== 0) {
        return { kind: "unknown", why: NETWORK.test(result.stderr) ? "network" : "refused" };
    }
    const lines = result.stdout.split("\n").filter((line) => line !== "");
    // A tag with a message is an object of its own; what it is of comes last, marked so.
    const line = lines.find((text) => text.endsWith("^{}")) ?? lines[0];
    const newest = line?.split("\t")[0];
    if (newest === undefined) return { kind: "unknown", why: "no-branch" };
    return newest === input.revision ? { kind: "current" } : { kind: "behind", newest };
}

const NETWORK =
    /could not resolve|unable to access|unable to connect|connection (?:refused|timed out|reset)|network is unreachable|no route to host|could not connect|temporary failure/i;

const HOSTS: Readonly<Record<string, string>> = {
    github: "github.com",
    gitlab: "gitlab.com",
    sourcehut: "git.sr.ht",
};

/** A repository's address for git, and the branch or tag that is wanted of it. */
function placeOf({ node }: LockedInput): { address: string; ref: string } | undefined {
    const { original, locked } = node ?? {};
    // What a name of the registry stands for may have a branch that the lock does not tell.
    if (original === undefined || original["type"] === "indirect") return undefined;
    const { type, owner, repo, host, url } = original;
    const given = original["ref"] ?? (type === "git" ? undefined : locked?.["ref"]);
    const ref = typeof given === "string" ? given : "HEAD";
    const known = typeof type === "string" ? HOSTS[type] : undefined;
    if (known !== undefined && typeof owner === "string" && typeof repo === "string") {
        const server = typeof host === "string" ? host : known;
        return { address: `https://${server}/${owner}/${repo}`, ref };
    }
    // Other kinds of address could name a program for git to run.
    const isPlain = typeof url === "string" && /^(?:https?|ssh|git|file):\/\//.test(url);
    return type === "git" && isPlain ? { address: url, ref } : undefined;
}

/** ssh must not ask at a terminal that isn't there. */
function withBatchSsh(git: Git): Git {
    if (git.env.has("GIT_SSH_COMMAND") || git.env.has("GIT_SSH")) return git;
    const ssh = "ssh -oBatchMode=yes -oConnectTimeout=10";
    return { ...git, env: new Map([...git.env, ["GIT_SSH_COMMAND", ssh]]) };
}
