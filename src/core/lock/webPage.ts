import type { FlakeRef } from "./lockFile";

/** Where a repository can be looked at in a browser. */
interface Repository {
    readonly url: string;
    readonly host: "github" | "gitlab" | "sourcehut" | "gitea";
}

/** Hosts whose pages are known, for repositories that are fetched with git itself. */
const GIT_HOSTS: Readonly<Record<string, Repository["host"]>> = {
    "github.com": "github",
    "gitlab.com": "gitlab",
    "git.sr.ht": "sourcehut",
    "codeberg.org": "gitea",
};

/** The page that shows a locked reference at its revision; undefined for hosts without a known one. */
export function revisionPage(locked: FlakeRef | undefined): string | undefined {
    const repository = repositoryOf(locked);
    const revision = commitOf(locked);
    if (repository === undefined || revision === undefined) return undefined;
    const { url, host } = repository;
    switch (host) {
        case "github":
        case "sourcehut":
            return `${url}/tree/${revision}`;
        case "gitlab":
            return `${url}/-/tree/${revision}`;
        case "gitea":
            return `${url}/src/commit/${revision}`;
    }
}

/** The page that compares two revisions of one repository; undefined where there is none. */
export function comparePage(
    before: FlakeRef | undefined,
    after: FlakeRef | undefined,
): string | undefined {
    const [old, now] = [repositoryOf(before), repositoryOf(after)];
    const [from, to] = [commitOf(before), commitOf(after)];
    if (from === undefined || to === undefined || from === to) return undefined;
    if (now === undefined || now.url !== old?.url) return undefined;
    switch (now.host) {
        case "github":
        case "gitea":
            return `${now.url}/compare/${from}...${to}`;
        case "gitlab":
            return `${now.url}/-/compare/${from}...${to}`;
        case "sourcehut":
            return undefined;
    }
}

/** A lock can hold anything: what would not be an address in a link has no page. */
function repositoryOf(ref: FlakeRef | undefined): Repository | undefined {
    if (ref?.["type"] === "git") return gitRepository(ref["url"]);
    const { type, owner, repo, host } = ref ?? {};
    if (!isName(owner) || !isName(repo)) return undefined;
    const at = (usual: string): string | undefined =>
        host === undefined ? usual : isHost(host) ? host : undefined;
    const known: Readonly<Record<string, readonly [Repository["host"], string, string]>> = {
        github: ["github", "github.com", owner],
        // Groups within groups are one owner to nix, with the slashes escaped.
        gitlab: ["gitlab", "gitlab.com", owner.replaceAll(/%2f/gi, "/")],
        sourcehut: ["sourcehut", "git.sr.ht", owner],
    };
    const [kind, usual, path] = known[String(type)] ?? [];
    const server = usual === undefined ? undefined : at(usual);
    if (kind === undefined || server === undefined) return undefined;
    return { url: `https://${server}/${path}/${repo}`, host: kind };
}

function gitRepository(url: unknown): Repository | undefined {
    const [, server = "", path] =
        /^(?:https|ssh):\/\/(?:git@)?([\w.-]+)\/([\w.~/-]+?)(?:\.git)?\/?$/.exec(String(url)) ?? [];
    const host = GIT_HOSTS[server];
    if (host === undefined || path === undefined) return undefined;
    return { url: `https://${server}/${path}`, host };
}

function commitOf(ref: FlakeRef | undefined): string | undefined {
    const revision = ref?.["rev"];
    return typeof revision === "string" && /^[0-9a-f]{40,64}$/.test(revision)
        ? revision
        : undefined;
}

function isName(value: unknown): value is string {
    return typeof value === "string" && /^[\w.~%-]+$/.test(value);
}

function isHost(value: unknown): value is string {
    return typeof value === "string" && /^[\w.-]+(?::\d+)?$/.test(value);
}
