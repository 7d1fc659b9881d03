import { flakeFolder } from "../project/project";
import type { WantedToolchain } from "../rust/toolchainFile";
import type { TwoLocks } from "./differenceReport";
import type { Drift } from "./drift";
import type { LockMending, LockPorts } from "./mending";

/** One folder's flake.lock: how it stands, and the way to what mends it. */
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

    /** Whether git does not know a file of the flake's folder, so that nix does not see it. */
    async isUntracked(path: string): Promise<boolean> {
        const project = this.#ports.project();
        const { isUntracked } = await import("./git");
        return isUntracked(this.#ports.git(), flakeFolder(project) ?? project.folder, path);
    }

    /** Makes git know a file of the flake's folder, so that nix sees it. Adds no content. */
    async track(path: string): Promise<void> {
        const project = this.#ports.project();
        const { intendToAdd } = await import("./git");
        await intendToAdd(this.#ports.git(), flakeFolder(project) ?? project.folder, path);
    }

    /** flake.lock as it is committed, and as it is now. */
    async sinceCommit(): Promise<TwoLocks> {
        return (await this.mending()).sinceCommit();
    }

    /** Loads what changes, commits and compares the lock: few windows need it. */
    async mending(): Promise<LockMending> {
        const { LockMending } = await import("./mending");
        return new LockMending(this.#ports);
    }
}
