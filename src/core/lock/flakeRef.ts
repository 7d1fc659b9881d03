import type { FlakeRef } from "./lockFile";

/** Hosts of repositories that have a short form, such as `github:owner/repo/ref`. */
const FORGE = /^(github|gitlab|sourcehut):([^/?#]+)\/([^/?#]+)(?:\/([^?#]+))?$/;

const INDIRECT = /^(?:flake:)?([A-Za-z][\w-]*)(?:\/([^/?#]+))?(?:\/([^/?#]+))?$/;

const REVISION = /^[0-9a-f]{40}$/;

/** What nix unpacks; anything else at an address is a file. */
const ARCHIVE = /\.(?:zip|tar|tgz|tar\.(?:gz|xz|bz2|zst))$/;

/**
 * A flake reference as the attributes that flake.lock has for it under `original`.
 *
 * @returns undefined for a form that this does not know, so that nobody has to guess.
 */
export function parseFlakeRef(reference: string): FlakeRef | undefined {
    const [address = "", query = ""] = reference.split(/\?(.*)/s);
    const parameters = parametersOf(query);
    const forge = FORGE.exec(address);
    if (forge !== null) {
        const [, type, owner, repo, rest] = forge;
        return {
            type,
            owner: decode(owner),
            repo: decode(repo),
            ...(rest !== undefined && revisionOrRef(decode(rest))),
            ...parameters,
        };
    }
    if (address.startsWith("path:")) {
        return { type: "path", path: decode(address.slice("path:".length)), ...parameters };
    }
    if (/^\.{0,2}\//.test(address) || address === "." || address === "..") {
        return { type: "path", path: decode(address), ...parameters };
    }
    const git = /^git\+((?:https?|ssh|file|git):.*)$/.exec(address);
    if (git !== null) return { type: "git", url: git[1], ...parameters };
    if (address.startsWith("git://")) return { type: "git", url: address, ...parameters };
    const web = /^(?:(tarball|file)\+)?((?:https?|file):\/\/.*)$/.exec(address);
    if (web !== null) {
        const [, kind, url = ""] = web;
        const type = kind ?? (ARCHIVE.test(url) ? "tarball" : "file");
        return { type, url: query === "" ? url : `${url}?${query}` };
    }
    const indirect = INDIRECT.exec(address);
    if (indirect !== null) {
        const [, id, first, second] = indirect;
        return {
            type: "indirect",
            id,
            ...(first !== undefined && revisionOrRef(first)),
            ...(second !== undefined && { rev: second }),
            ...parameters,
        };
    }
    return undefined;
}

/** Whether two references ask for the same; undefined where that can't be told. */
export function sameReference(a: FlakeRef, b: FlakeRef): boolean | undefined {
    // Versions of nix differ in what they write for a path that is relative.
    if (a["type"] === "path" && b["type"] === "path") {
        const relative = [a, b].some(({ path }) => !String(path).startsWith("/"));
        return relative ? undefined : a["path"] === b["path"];
    }
    // Whether an address is an archive or a file, nix may know from the server.
    const isWeb = (ref: FlakeRef): boolean => ref["type"] === "tarball" || ref["type"] === "file";
    if (isWeb(a) && isWeb(b)) return a["url"] === b["url"];
    const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
    return [...keys].every((key) => normal(key, a[key]) === normal(key, b[key]));
}

/** Spellings that mean the same. */
function normal(key: string, value: unknown): string {
    const text = value === undefined ? "" : String(value);
    if (key === "ref") return text.replace(/^refs\/heads\//, "");
    if (text === "false" || text === "0") return "";
    return text === "1" ? "true" : text;
}

function parametersOf(query: string): Record<string, string> {
    return Object.fromEntries(new URLSearchParams(query));
}

function revisionOrRef(text: string): Record<string, string> {
    return REVISION.test(text) ? { rev: text } : { ref: text };
}

function decode(text: string | undefined): string {
    try {
        return decodeURIComponent(text ?? "");
    } catch {
        return text ?? ""; // No valid escape: nix takes it as it is, or complains itself.
    }
}
