import { closeSync, openSync, readdirSync, readSync } from "node:fs";
import { join } from "node:path";
import { sourcePath } from "../nix/storePath";
import { stableAt } from "../rust/distribution";
import { dateText } from "./difference";
import type { LockedInput } from "./lockedInputs";

/** A toolchain that is wanted, and that the locked input which brings toolchains can't have. */
export interface ToolchainGap {
    /** The input's name in flake.nix. */
    readonly input: string;
    /** The toolchain file's name. */
    readonly file: string;
    /** As the toolchain file has it: "1.98.0", "nightly-2026-01-31". */
    readonly channel: string;
    /** The newest of that kind that the input knows, in the same spelling. */
    readonly newest: string;
}

/**
 * Compares the wanted channel with what the locked rust-overlay or fenix knows: by its source where
 * that is in the store, else by its date. Nothing is evaluated or fetched.
 *
 * @param flake the text of flake.nix
 * @param store the store's folder, such as "/nix/store"
 * @returns undefined where the channel is known, or where that can't be told.
 */
export function toolchainGap(
    { file, channel }: { file: string; channel: string },
    inputs: readonly LockedInput[],
    { flake, store }: { flake: string; store: string },
): ToolchainGap | undefined {
    const wanted = releaseOf(channel);
    if (wanted === undefined) return undefined;
    for (const input of inputs) {
        const kind = kindOf(input);
        if (kind === undefined || !isAsked(kind, flake, file)) continue;
        const newest = newestInStore(kind, input, wanted, store) ?? newestByDate(input, wanted);
        if (newest === undefined || !isNewer(wanted, newest)) return undefined;
        return { input: input.name, file, channel, newest: spelling(newest) };
    }
    return undefined;
}

/**
 * Whether the shell's toolchain hangs on what the input knows: rust-overlay's where it reads the
 * toolchain file, fenix's where it does not, for then it takes that from Rust's own server.
 */
function isAsked(kind: Kind, flake: string, file: string): boolean {
    return kind === "fenix" ? !FETCHES.test(flake) : flake.includes(file);
}

const FETCHES = /\b(?:fromToolchainFile|fromToolchainName|toolchainOf|fromManifest(?:File)?)\b/;

type Kind = "rust-overlay" | "fenix";

/** By the repository's name, so that forks and mirrors count, too. */
function kindOf({ node }: LockedInput): Kind | undefined {
    const { repo, url, path } = node?.locked ?? {};
    const text = [repo, url, path].find((it) => typeof it === "string") ?? "";
    const [, kind] = /(?:^|\/)(rust-overlay|fenix)(?:\.git)?(?:$|[/?])/.exec(text) ?? [];
    return kind === "rust-overlay" || kind === "fenix" ? kind : undefined;
}

function newestInStore(
    kind: Kind,
    { node }: LockedInput,
    wanted: Release,
    store: string,
): Release | undefined {
    const hash = node?.locked?.["narHash"];
    const source = typeof hash === "string" ? sourcePath(hash, store) : undefined;
    if (source === undefined) return undefined;
    return kind === "fenix" ? newestOfFenix(source, wanted) : newestOfOverlay(source, wanted);
}

/** `manifests/stable/1.75.0.nix`, `manifests/nightly/2026/2026-01-31.nix`, or without the year. */
function newestOfOverlay(source: string, wanted: Release): Release | undefined {
    if (wanted.kind === "version") {
        const known = namesIn(join(source, "manifests/stable")).flatMap((name) => {
            const release = releaseOf(name);
            return release === undefined ? [] : [release];
        });
        // Of an own minor number a later patch is no reason to call the wanted one unknown.
        return known.find((release) => has(release, wanted)) ?? newestOf(known);
    }
    const folder = join(source, "manifests", wanted.kind);
    const years = namesIn(folder).filter((name) => /^\d{4}$/.test(name));
    const places = [folder, ...years.map((year) => join(folder, year))];
    const dates = places.flatMap(namesIn).filter((name) => /^\d{4}-\d\d-\d\d$/.test(name));
    const date = dates.sort().at(-1);
    return date === undefined ? undefined : { kind: wanted.kind, date };
}

/** `data/stable.json` and its like name their release within the first lines. */
function newestOfFenix(source: string, wanted: Release): Release | undefined {
    const name = wanted.kind === "version" ? "stable" : wanted.kind;
    const text = beginning(join(source, "data", `${name}.json`));
    if (wanted.kind === "version") return releaseOf(/-(1\.\d+\.\d+)-/.exec(text)?.[1] ?? "");
    const date = /"date":\s*"(\d{4}-\d\d-\d\d)"/.exec(text)?.[1];
    return date === undefined ? undefined : { kind: wanted.kind, date };
}

function newestByDate({ lastModified }: LockedInput, wanted: Release): Release | undefined {
    if (lastModified === undefined) return undefined;
    if (wanted.kind !== "version") return { kind: wanted.kind, date: dateText(lastModified) };
    // What patches a version has can't be computed, so all of a known one count as known.
    return { kind: "version", minor: stableAt(lastModified * 1000), patch: undefined };
}

/** One release, as a channel can name it. */
type Release =
    | { readonly kind: "version"; readonly minor: number; readonly patch: number | undefined }
    /** `date` as in the channel, "2026-01-31". */
    | { readonly kind: "nightly" | "beta"; readonly date: string };

/** Reads "1.75", "1.75.0", "nightly-2026-01-31"; undefined for what is another one every day. */
function releaseOf(channel: string): Release | undefined {
    const [, minor, patch] = /^1\.(\d{1,4})(?:\.(\d{1,4}))?$/.exec(channel) ?? [];
    if (minor !== undefined) {
        const number = patch === undefined ? undefined : Number(patch);
        return { kind: "version", minor: Number(minor), patch: number };
    }
    const [, kind, date] = /^(nightly|beta)-(\d{4}-\d\d-\d\d)$/.exec(channel) ?? [];
    if ((kind !== "nightly" && kind !== "beta") || date === undefined) return undefined;
    return { kind, date };
}

function has(known: Release, wanted: Release): boolean {
    if (known.kind !== "version" || wanted.kind !== "version") return false;
    const samePatch = wanted.patch === undefined || known.patch === wanted.patch;
    return known.minor === wanted.minor && samePatch;
}

function isNewer(a: Release, b: Release): boolean {
    if (a.kind !== "version") return b.kind === a.kind && a.date > b.date;
    if (b.kind !== "version") return false;
    if (a.minor !== b.minor) return a.minor > b.minor;
    return a.patch !== undefined && b.patch !== undefined && a.patch > b.patch;
}

function newestOf(releases: readonly Release[]): Release | undefined {
    return releases.reduce<Release | undefined>(
        (newest, release) => (newest === undefined || isNewer(release, newest) ? release : newest),
        undefined,
    );
}

function spelling(release: Release): string {
    if (release.kind !== "version") return `${release.kind}-${release.date}`;
    const { minor, patch } = release;
    return patch === undefined ? `1.${minor}` : `1.${minor}.${patch}`;
}

/** The names in a folder without `.nix`; none where it can't be read. */
function namesIn(folder: string): string[] {
    try {
        return readdirSync(folder).map((name) => name.replace(/\.nix$/, ""));
    } catch {
        return []; // Not in the store, or of another layout.
    }
}

/** The first characters of a file that may be large; "" where it can't be read. */
function beginning(file: string): string {
    let handle: number;
    try {
        handle = openSync(file, "r");
    } catch {
        return "";
    }
    try {
        const bytes = Buffer.alloc(4096);
        return bytes.toString("utf8", 0, readSync(handle, bytes));
    } finally {
        closeSync(handle);
    }
}
