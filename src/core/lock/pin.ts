import type { LockedInput } from "./lockedInputs";

/** What a revision has to look like, in words for who types one. */
export const REVISION_FORM = "A revision has 40 digits from 0 to 9 and a to f.";

/** Whether a text is a full revision. Nix takes no shorter ones. */
export function isRevision(text: string): boolean {
    return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(text);
}

/**
 * The reference that locks an input at a revision of the repository that it is locked from.
 *
 * @returns undefined where the input comes from no repository, so that it can't be pinned.
 */
export function pinReference({ node }: LockedInput, revision: string): string | undefined {
    const { type, owner, repo, host, url, ref, dir } = { ...node?.locked, ...node?.original };
    const query = (parameters: Readonly<Record<string, unknown>>, first = "?"): string => {
        const given = Object.entries(parameters).flatMap(([name, value]) =>
            typeof value === "string" ? [[name, value] as [string, string]] : [],
        );
        return given.length === 0 ? "" : `${first}${new URLSearchParams(given).toString()}`;
    };
    // An indirect reference has nothing of its own but a name: it is locked from elsewhere.
    const kind = type === "indirect" ? node?.locked?.["type"] : type;
    switch (kind) {
        case "github":
        case "gitlab":
        case "sourcehut":
            if (typeof owner !== "string" || typeof repo !== "string") return undefined;
            return `${kind}:${encode(owner)}/${encode(repo)}/${revision}${query({ host, dir })}`;
        case "git": {
            if (typeof url !== "string") return undefined;
            const first = url.includes("?") ? "&" : "?";
            return `git+${url.replaceAll(" ", "%20")}${query({ ref, rev: revision, dir }, first)}`;
        }
        default:
            return undefined;
    }
}

/** GitLab's groups have slashes, which would begin the next part. */
function encode(part: string): string {
    return encodeURIComponent(part).replaceAll("%7E", "~");
}
