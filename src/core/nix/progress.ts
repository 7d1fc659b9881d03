import { Activity, Result, type LogRecord } from "./logRecord";

/** What nix is doing at the moment, as data; {@link progressText} has the words. */
export type Progress =
    | { readonly kind: "evaluating" }
    | { readonly kind: "fetching"; readonly what: string }
    | {
          readonly kind: "downloading";
          readonly what: string;
          /** Bytes; `expected` is 0 while nix does not know yet. */
          readonly done: number;
          readonly expected: number;
          /** The address of the cache. */
          readonly from?: string;
          readonly count?: Count;
      }
    | {
          readonly kind: "building";
          readonly what: string;
          readonly phase: string | undefined;
          readonly machine: string | undefined;
          readonly count?: Count;
      }
    | { readonly kind: "waiting" }
    | { readonly kind: "entering" };

/** How many packages are done, of how many that nix knows of so far. */
export interface Count {
    readonly done: number;
    readonly expected: number;
}

interface OpenActivity {
    readonly type: number;
    /** A file of a binary cache, whose bytes count. */
    readonly isDownload: boolean;
    readonly fields: readonly unknown[];
    readonly text: string;
    phase?: string;
    done: number;
    expected?: number;
}

/** Follows nix's log and tells what it is doing, as nix's own progress bar does. */
export class ProgressFollower {
    readonly #open = new Map<string, OpenActivity>();
    #expectedBytes = 0;
    #finishedBytes = 0;

    /** @returns the new progress where the record changed it. */
    follow(record: LogRecord): Progress | undefined {
        switch (record.action) {
            case "start":
                this.#open.set(record.id, {
                    ...record,
                    isDownload: this.#isDownload(record),
                    done: 0,
                });
                return this.#current();
            case "stop": {
                const activity = this.#open.get(record.id);
                if (activity === undefined) return undefined;
                if (activity.isDownload) this.#finishedBytes += activity.done;
                this.#open.delete(record.id);
                return this.#current();
            }
            case "result":
                return this.#result(record.id, record.type, record.fields);
            case "message":
                return /^waiting for (?:lock on|the big|exclusive)/.test(record.text)
                    ? { kind: "waiting" }
                    : undefined;
        }
    }

    #result(id: string, type: number, fields: readonly unknown[]): Progress | undefined {
        const activity = this.#open.get(id);
        if (activity === undefined) return undefined;
        if (type === Result.setPhase) activity.phase = String(fields[0]);
        else if (type === Result.progress) {
            activity.done = countOf(fields[0]);
            activity.expected = countOf(fields[1]);
        } else if (type === Result.setExpected && fields[0] === Activity.fileTransfer) {
            this.#expectedBytes = countOf(fields[1]);
        } else return undefined;
        return this.#current();
    }

    #current(): Progress {
        let fetching: string | undefined;
        let downloading: string | undefined;
        let bytes = this.#finishedBytes;
        let building: OpenActivity | undefined;
        let from: string | undefined;
        const counts = new Map<number, Count>();
        for (const activity of this.#open.values()) {
            // Reading the shell's environment counts as a build; one of one says nothing.
            const own = activity.type === Activity.builds ? 1 : 0;
            const { done, expected = 0 } = activity;
            if (expected - own > 1) {
                counts.set(activity.type, { done, expected: expected - own });
            }
            if (activity.type === Activity.build && !isShellEnvironment(activity)) {
                building = activity;
            } else if (activity.type === Activity.substitute) {
                downloading = storeName(String(activity.fields[0]));
                from = typeof activity.fields[1] === "string" ? activity.fields[1] : undefined;
            } else if (activity.isDownload) {
                bytes += activity.done;
            } else if (activity.type === Activity.fileTransfer) {
                fetching = String(activity.fields[0]);
            } else if (activity.type === Activity.fetchTree) {
                fetching = activity.text.replace(/^fetching /, "");
            }
        }
        if (building !== undefined) {
            return {
                kind: "building",
                what: storeName(String(building.fields[0])).replace(/\.drv$/, ""),
                phase: building.phase,
                machine: String(building.fields[1] ?? "") || undefined,
                ...withCount(counts.get(Activity.builds)),
            };
        }
        if (downloading !== undefined) {
            return {
                kind: "downloading",
                what: downloading,
                done: bytes,
                // What nix expects is found out bit by bit, and can fall behind.
                expected: this.#expectedBytes && Math.max(this.#expectedBytes, bytes),
                ...(from === undefined ? {} : { from }),
                ...withCount(counts.get(Activity.copyPaths)),
            };
        }
        if (fetching !== undefined) return { kind: "fetching", what: fetching };
        return { kind: "evaluating" };
    }

    /** Downloads of store paths have a copy as parent from 2.18 on; 2.8 tells only the address. */
    #isDownload({ type, parent, fields }: Extract<LogRecord, { action: "start" }>): boolean {
        if (type !== Activity.fileTransfer) return false;
        const isPartOfCopy = this.#open.get(parent)?.type === Activity.copyPath;
        return isPartOfCopy || String(fields[0]).includes("/nar/");
    }
}

/** How often it is news how far something is, in milliseconds. */
const PACE = 100;

/**
 * Which progress is worth showing: another thing that is done always, how far it is now and then. Nix
 * tells that with each piece of a download, thousands of times a second.
 */
export class ProgressNews {
    #what = "";
    #at = 0;

    /** @param now milliseconds, from any beginning */
    isNews(progress: Progress, now: number): boolean {
        const what = JSON.stringify({ ...progress, done: 0, expected: 0, count: 0 });
        if (what === this.#what && now - this.#at < PACE) return false;
        this.#what = what;
        this.#at = now;
        return true;
    }
}

function withCount(count: Count | undefined): { count?: Count } {
    return count === undefined ? {} : { count };
}

function countOf(value: unknown): number {
    return typeof value === "number" && value > 0 ? value : 0;
}

/** The derivation that nix makes to read the shell's environment is no package that is built. */
function isShellEnvironment(activity: OpenActivity): boolean {
    return String(activity.fields[0]).endsWith("-env.drv");
}

/** A store path's name without folder and hash. */
export function storeName(path: string): string {
    return path.replace(/^.*\/[0-9a-z]{32}-/, "");
}

/** What nix is doing, in a few words that need no knowledge of nix. */
export function progressText(progress: Progress): string {
    switch (progress.kind) {
        case "evaluating":
            return "reading the flake";
        case "fetching":
            return `fetching ${progress.what}`;
        case "downloading":
            return progress.expected > 0
                ? `downloading ${progress.what} (${megabytes(progress.done)} of ${megabytes(progress.expected)} MB)`
                : `downloading ${progress.what}`;
        case "building": {
            const phase = progress.phase === undefined ? "" : ` (${progress.phase})`;
            const machine = progress.machine === undefined ? "" : ` on ${progress.machine}`;
            return `building ${progress.what}${phase}${machine}`;
        }
        case "waiting":
            return "waiting for another Nix to finish";
        case "entering":
            return "running the dev shell's shellHook";
    }
}

function megabytes(bytes: number): string {
    return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}

/** How long nothing may be heard before that is worth telling, in milliseconds. */
const QUIET = 20_000;

/**
 * What more there is to tell of what nix is doing: how many packages are done, where they come
 * from, and how long it has been at it.
 *
 * @param running milliseconds since it began
 */
export function progressDetails(progress: Progress, running: number): string[] {
    const details: string[] = [];
    if ("count" in progress && progress.count !== undefined) {
        const { done, expected } = progress.count;
        const what = progress.kind === "building" ? "built" : "downloaded";
        details.push(`${done} of ${expected} packages ${what}`);
    }
    if (progress.kind === "building" && progress.machine === undefined) {
        details.push("built on this machine, not taken from a binary cache");
    }
    if (progress.kind === "downloading" && progress.from !== undefined) {
        details.push(`from ${progress.from.replace(/^https?:\/\//, "")}`);
    }
    details.push(`for ${duration(running)}`);
    if (progress.kind === "evaluating" && running > QUIET) {
        details.push("Nix says nothing while it reads a flake; Cancel always works");
    }
    return details;
}

/** A time in words, as exact as is of use. */
export function duration(milliseconds: number): string {
    const seconds = Math.max(0, Math.round(milliseconds / 1000));
    if (seconds < 60) return `${seconds} s`;
    const minutes = Math.floor(seconds / 60);
    if (minutes < 60) return `${minutes} min ${seconds % 60} s`;
    return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}
