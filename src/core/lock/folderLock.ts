import { CaptureError, failureOf } from "../failure/failure";
import type { Nix } from "../nix/nix";
import type { Progress } from "../nix/progress";
import { flakeFolder, type Project } from "../project/project";
import type { WantedToolchain } from "../rust/toolchainFile";
import type { LockChange } from "./change";
import type { InputDifference } from "./difference";
import type { Drift } from "./drift";
import type { TwoLocks } from "./differenceReport";
import type { Git } from "./git";
import { lockText, parseLock, type LockFile } from "./lockFile";

export interface LockPorts {
    project(): Project;
    git(): Git;
    /** @throws {CaptureError} where there is no nix. */
    nix(): Nix;
    /** How old an input may be, in milliseconds; undefined for any age. */
    oldAfter(): number | undefined;
    readonly onDidChange: () => void;
}

/** One folder's flake.lock: how it stands, and what is done to it when the user asks for it. */
export class FolderLock {
    readonly #ports: LockPorts;
    #drift: Drift | undefined;
    #wantedToolchain: WantedToolchain | undefined;

    constructor(ports: LockPorts) {
        this.#ports = ports;
    }

    get drift(): Drift | undefined {
        return this.#drift;
    }

    get wantedToolchain(): WantedToolchain | undefined {
        return this.#wantedToolchain;
    }

    /** Works out the drift and the wanted toolchain; cheap, so it is done on every hint. */
    async refresh(): Promise<void> {
        const [{ findDrift }, { wantedToolchain }] = await Promise.all([
            import("./drift"),
            import("../rust/toolchainFile"),
        ]);
        const project = this.#ports.project();
        this.#wantedToolchain = await wantedToolchain(project.toolchainFile);
        this.#drift = await findDrift(project, this.#ports.git(), {
            oldAfter: this.#ports.oldAfter(),
            now: Date.now(),
        });
        this.#ports.onDidChange();
    }

    /** flake.lock as HEAD has it, and as it is on disk. */
    async sinceCommit(): Promise<TwoLocks> {
        const folder = flakeFolder(this.#ports.project());
        if (folder === undefined) return { before: undefined, after: undefined };
        const { committedText } = await import("./git");
        const before = await committedText(this.#ports.git(), folder, "flake.lock");
        return { before, after: lockText(folder) };
    }

    /** Makes git know a file of the flake's folder, so that nix sees it. Adds no content. */
    async track(path: string): Promise<void> {
        const project = this.#ports.project();
        const { intendToAdd } = await import("./git");
        await intendToAdd(this.#ports.git(), flakeFolder(project) ?? project.folder, path);
    }

    /**
     * Changes flake.lock through nix.
     *
     * @returns what that changed in it, input by input.
     * @throws {CaptureError} what nix reported; the lock is then what it was.
     */
    async change(
        change: LockChange,
        signal: AbortSignal,
        onProgress: (progress: Progress) => void,
    ): Promise<readonly InputDifference[]> {
        const project = this.#ports.project();
        const folder = flakeFolder(project);
        if (folder === undefined) throw new CaptureError(failureOf("no-flake", project.folder));
        const [{ changeLock }, { lockDifference }] = await Promise.all([
            import("./change"),
            import("./difference"),
        ]);
        const call = { nix: this.#ports.nix(), flakeFolder: folder, signal, onProgress };
        const { before, after } = await changeLock(call, change);
        const [old, now] = [before, after].map((text) => lockOf(text));
        return now === undefined ? [] : lockDifference(old, now);
    }
}

function lockOf(text: string | undefined): LockFile | undefined {
    const lock = text === undefined ? undefined : parseLock(text);
    return lock !== undefined && "nodes" in lock ? lock : undefined;
}
