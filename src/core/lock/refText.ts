import type { FlakeRef } from "./lockFile";

/** A flake reference as a person would write it, for showing only; undefined where it is none. */
export function refText(ref: FlakeRef | undefined): string | undefined {
    if (ref === undefined || typeof ref["type"] !== "string") return undefined;
    const { type, owner, repo, ref: branch, rev, host, id, url, path, dir } = ref;
    const suffix = [branch, rev].flatMap((part) => (part === undefined ? [] : `/${String(part)}`));
    const query = (parameters: Readonly<Record<string, unknown>>): string => {
        const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
        return given.map(([key, value], i) => `${i ? "&" : "?"}${key}=${String(value)}`).join("");
    };
    switch (type) {
        case "github":
        case "gitlab":
        case "sourcehut":
            return `${type}:${String(owner)}/${String(repo)}${suffix.join("")}${query({ host, dir })}`;
        case "indirect":
            return `${String(id)}${suffix.join("")}${query({ dir })}`;
        case "path":
            return `path:${String(path)}${query({ dir })}`;
        case "git":
        case "hg":
            return `${type}+${String(url)}${query({ ref: branch, rev, dir })}`;
        default:
            return typeof url === "string" ? url : JSON.stringify(ref);
    }
}

/** The branch or tag that a reference names; undefined where it takes what is the default. */
export function branchOf(ref: FlakeRef | undefined): string | undefined {
    const branch = ref?.["ref"];
    return typeof branch === "string" ? branch.replace(/^refs\/(?:heads|tags)\//, "") : undefined;
}

/** Where a reference points, in a few words: "NixOS/nixpkgs", or an address. */
export function sourceText(ref: FlakeRef | undefined): string | undefined {
    const { type, owner, repo, id } = ref ?? {};
    if (typeof owner === "string" && typeof repo === "string") return `${owner}/${repo}`;
    if (type === "indirect" && typeof id === "string") return id;
    const address = ref?.["url"] ?? ref?.["path"];
    return typeof address === "string" ? address : undefined;
}
