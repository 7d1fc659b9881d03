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
      }
    | {
          readonly kind: "building";
          readonly what: string;
          readonly phase: string | undefined;
          readonly machine: string | undefined;
      }
    | { readonly kind: "waiting" }
    | { readonly kind: "entering" };

interface OpenActivity {
    readonly type: number;
    /** A file of a binary cache, whose bytes count. */
    readonly isDownload: boolean;
    readonly fields: readonly unknown[];
    readonly text: string;
    phase?: string;
    done: number;
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
        else if (type === Result.progress) activity.done = countOf(fields[0]);
        else if (type === Result.setExpected && fields[0] === Activity.fileTransfer) {
            this.#expectedBytes = countOf(fields[1]);
        } else return undefined;
        return this.#current();
    }

    #current(): Progress {
        let fetching: string | undefined;
        let downloading: string | undefined;
        let bytes = this.#finishedBytes;
        let building: OpenActivity | undefined;
        for (const activity of this.#open.values()) {
            if (activity.type === Activity.build && !isShellEnvironment(activity)) {
                building = activity;
            } else if (activity.type === Activity.substitute) {
                downloading = storeName(String(activity.fields[0]));
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
            };
        }
        if (downloading !== undefined) {
            return {
                kind: "downloading",
                what: downloading,
                done: bytes,
                // What nix expects is found out bit by bit, and can fall behind.
                expected: this.#expectedBytes && Math.max(this.#expectedBytes, bytes),
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
