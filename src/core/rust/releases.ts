const DAY = 86_400;

/** Rust 1.1.0; every version since came six weeks after the one before it, on a Thursday. */
const FIRST = { minor: 1, at: Date.UTC(2015, 5, 25) / 1000 };

const CYCLE = 42 * DAY;

/** When Rust 1.MINOR.0 came or is to come, in seconds since 1970, at the beginning of that day. */
export function releaseTime(minor: number): number {
    return FIRST.at + (minor - FIRST.minor) * CYCLE;
}

/** The minor number of the newest stable Rust at a time in seconds since 1970. */
export function newestMinor(time: number): number {
    return Math.max(0, FIRST.minor + Math.floor((time - FIRST.at) / CYCLE));
}

/** What a toolchain file's channel asks for, as far as it names one release; else undefined. */
export type Release =
    | { readonly kind: "version"; readonly minor: number; readonly patch: number | undefined }
    /** `date` as in the channel, "2026-01-31". */
    | { readonly kind: "nightly" | "beta"; readonly date: string };

/** Reads "1.75", "1.75.0", "nightly-2026-01-31" or "beta-2026-01-31". */
export function releaseOf(channel: string): Release | undefined {
    const [, minor, patch] = /^1\.(\d{1,4})(?:\.(\d{1,4}))?$/.exec(channel) ?? [];
    if (minor !== undefined) {
        const number = patch === undefined ? undefined : Number(patch);
        return { kind: "version", minor: Number(minor), patch: number };
    }
    const [, kind, date] = /^(nightly|beta)-(\d{4}-\d\d-\d\d)$/.exec(channel) ?? [];
    if ((kind !== "nightly" && kind !== "beta") || date === undefined) return undefined;
    return { kind, date };
}
