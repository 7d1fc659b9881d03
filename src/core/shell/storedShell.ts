import { tmpdir } from "node:os";
import { CaptureError, failureOf } from "../failure/failure";
import type { Log } from "../log";
import type { Snapshot } from "../snapshot";
import { SpareStorage, storageTrouble } from "./spareStorage";
import type { SnapshotRequest } from "./takeSnapshot";

export type StoredRequest = Omit<SnapshotRequest, "temporary" | "onUnkept">;

/** One folder's dev shell on disk: for the next window, and out of the garbage collector's reach. */
export class StoredShell {
    readonly #log: Log;
    readonly #spare = new SpareStorage();
    #unkept: string | undefined;
    #links: string | undefined;
    #rooting: Promise<void> = Promise.resolve();

    constructor(log: Log) {
        this.#log = log;
    }

    /** Where the links are that a captured environment needs; undefined for a restored one. */
    get links(): string | undefined {
        return this.#links;
    }

    /** Why the environment can't be kept for the next window; undefined where it is. */
    get unkept(): string | undefined {
        return this.#unkept;
    }

    /** The environment in use is one that was restored: its links are where it was. */
    wasRestored(): void {
        this.#links = undefined;
    }

    /**
     * Captures a dev shell and keeps it. Where the storage can't be written, it is kept for this
     * window alone.
     *
     * @returns `known` where nothing changed.
     * @throws {CaptureError} what failed; the snapshot on disk is then the old one.
     */
    async capture(request: StoredRequest, known: Snapshot | undefined): Promise<Snapshot> {
        const storage = this.#usable(request.storage);
        // What lies in a spare folder goes with it: no other storage may rely on that.
        const isThere = this.#links === undefined || this.#links === storage;
        const { takeSnapshot } = await import("./takeSnapshot");
        const snapshot = await takeSnapshot(
            {
                ...request,
                storage,
                temporary: tmpdir(),
                onUnkept: (reason) => (this.#unkept = reason),
            },
            isThere ? known : undefined,
        );
        if (snapshot.takenAt !== known?.takenAt) this.#links = storage;
        // One after the other: they make the same links.
        this.#rooting = this.#rooting.then(() =>
            this.#keepFromCollector({ ...request, storage }, snapshot),
        );
        return snapshot;
    }

    /** Notes that the dev shell in this storage is in use. */
    async noteUse(storage: string): Promise<void> {
        try {
            const { touchRoots } = await import("./roots");
            touchRoots(storage);
        } catch (error) {
            this.#log.warn(`The use of the dev shell can't be noted: ${String(error)}`);
        }
    }

    /** Waits for what is under way, and removes what was for this window alone. */
    async dispose(): Promise<void> {
        await this.#rooting;
        this.#spare.remove();
    }

    #usable(storage: string): string {
        this.#unkept = storageTrouble(storage);
        if (this.#unkept === undefined) return storage;
        this.#log.warn(`The dev shell can't be kept for the next window: ${this.#unkept}`);
        try {
            return this.#spare.for(storage);
        } catch (error) {
            throw new CaptureError(failureOf("storage", storage, this.#unkept), { cause: error });
        }
    }

    /** Not waited for: the environment can be used meanwhile. */
    async #keepFromCollector({ nix, storage }: StoredRequest, snapshot: Snapshot): Promise<void> {
        try {
            const { rootInputs, touchRoots } = await import("./roots");
            touchRoots(storage);
            await rootInputs(nix, storage, snapshot);
        } catch (error) {
            this.#log.warn(`The flake's inputs are not kept from collection: ${String(error)}`);
        }
    }
}
