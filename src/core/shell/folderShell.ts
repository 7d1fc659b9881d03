import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import { isDeepStrictEqual } from "node:util";
import { baseEnvironment } from "../environment/baseEnvironment";
import type { Exceptions } from "../environment/delta";
import type { Environment } from "../environment/environment";
import { CaptureError, failureOf, type Failure } from "../failure/failure";
import type { FlakeConfig } from "../flake/flakeConfig";
import type { Drift } from "../lock/drift";
import type { DriftKind } from "../lock/driftText";
import { FolderLock } from "../lock/folderLock";
import type { Git } from "../lock/git";
import type { LockMending } from "../lock/mending";
import type { Log } from "../log";
import type { Nix } from "../nix/nix";
import type { Progress } from "../nix/progress";
import { KeptFlake } from "../project/keptFlake";
import { flakeFolder, repositoryOf, type Project } from "../project/project";
import type { NativeNeeds } from "../rust/native/needs";
import type { WantedToolchain } from "../rust/toolchainFile";
import { readSnapshot, shellStorage, type Snapshot } from "../snapshot";
import {
    acceptedConfig,
    flakelessState,
    isDecided,
    isLeftAlone,
    outsideState,
    type Choice,
} from "./choice";
import { DevShell } from "./devShell";
import { gitOf, nixOf, type NixSettings, type ProgramSearch } from "./programs";
import { ShellFiles, type Fingerprints } from "./shellFiles";
import { currentOf, type ShellState } from "./state";
import { StoredShell } from "./storedShell";

/** What the user set, as far as the core is concerned. */
export interface ShellSettings extends NixSettings {
    /** Whether dev shells of Rust folders are entered without being asked. */
    readonly enter: "automatic" | "manual";
    readonly exceptions: Exceptions;
    /** Milliseconds. */
    readonly hookTimeout: number;
    /** How old an input may be without a warning, in milliseconds; undefined for any age. */
    readonly oldAfter: number | undefined;
}

export interface FolderPorts {
    settings(): ShellSettings;
    choice(): Choice;
    choose(choice: Choice): void;
    /** The files that the user named as read by the shellHook, as absolute paths. */
    watchedFiles(): Promise<readonly string[]>;
    readonly onDidChange: () => void;
    readonly log: Log;
    /** The environment of the editor, before anything of ours was injected. */
    readonly editorEnvironment: Environment;
    /** The extension's own folder, outside every repository. */
    readonly storage: string;
}

/** One workspace folder: its project, its dev shell, and its lock's drift. */
export class FolderShell {
    readonly #ports: FolderPorts;
    readonly #shell: DevShell;
    readonly lock: FolderLock;
    /** A flake for the folder that is no file of it. */
    readonly kept: KeptFlake;
    readonly #stored: StoredShell;
    #project: Project;
    readonly #files = new ShellFiles();
    #listed: { digest: string | undefined; names: readonly string[] } | undefined;
    #isOffline = false;
    #capturingSince: number | undefined;
    /** How often the user left, cancelled or closed it: what was begun before is not wanted. */
    #stops = 0;
    /** Aborted when the folder is closed: what runs for it ends then, whoever asked for it. */
    readonly #closing = new AbortController();

    /** Reads files only, synchronously: the environment of a warm folder is there when this returns. */
    constructor(
        readonly folder: string,
        ports: FolderPorts,
    ) {
        this.#ports = ports;
        this.#stored = new StoredShell(ports.log);
        this.kept = new KeptFlake(ports.storage, folder);
        this.#project = this.kept.project;
        this.#shell = new DevShell(this.#restored(), {
            capture: (known, signal, onProgress) => this.#capture(known, signal, onProgress),
            onDidChange: () => this.#changed(),
            log: ports.log,
        });
        this.lock = new FolderLock({
            project: () => this.#project,
            git: () => this.git(),
            nix: () => this.nix(),
            oldAfter: () => ports.settings().oldAfter,
            storage: ports.storage,
            onDidChange: () => this.#changed(),
        });
    }

    get project(): Project {
        return this.#project;
    }

    get state(): ShellState {
        return this.#shell.state;
    }

    get drift(): Drift | undefined {
        return this.lock.drift;
    }

    get wantedToolchain(): WantedToolchain | undefined {
        return this.lock.wantedToolchain;
    }

    get ignoredDrift(): readonly DriftKind[] {
        return this.choice.ignoredDrift ?? [];
    }

    get choice(): Choice {
        return this.#ports.choice();
    }

    /** When the capture that is under way began, in milliseconds since 1970. */
    get capturingSince(): number | undefined {
        return this.#capturingSince;
    }

    /** The settings of nix that the flake asks for, as far as they need a decision. */
    get flakeConfig(): FlakeConfig | undefined {
        return this.#files.config;
    }

    /** Whether the user has accepted or refused those settings, as they are now. */
    get isConfigDecided(): boolean {
        return isDecided(this.choice, this.flakeConfig);
    }

    /** Remembers the decision for this folder and content, and captures anew with it. */
    async decideConfig({ digest }: FlakeConfig, decision: "accept" | "refuse"): Promise<void> {
        const isAccepted = decision === "accept";
        const wasAccepted = this.choice.flakeConfig?.isAccepted === true;
        this.#ports.choose({ ...this.choice, flakeConfig: { digest, isAccepted } });
        if (isAccepted || wasAccepted) await this.settingsChanged();
        else this.#changed();
    }

    /** Whether this folder may give the window its one environment (decision 5 of the design). */
    get canFeedWindow(): boolean {
        if (currentOf(this.state) !== undefined) return true;
        return this.#project.flake !== undefined && this.#mayAskNix();
    }

    /** Where the dev shell is kept between windows; undefined without a flake. */
    get storage(): string | undefined {
        const folder = flakeFolder(this.#project);
        if (folder === undefined) return undefined;
        const { nixPath: nix } = this.#ports.settings();
        return shellStorage(this.#ports.storage, {
            flakeFolder: folder,
            shell: this.choice.shell,
            nix,
        });
    }

    /** The dev shells as they were listed last, while the files are as they were then. */
    get listedShells(): readonly string[] | undefined {
        return this.#listed?.digest === this.#files.seen?.digest ? this.#listed?.names : undefined;
    }

    /** Where the links are that the environment in use needs; undefined without a flake. */
    get links(): string | undefined {
        return this.#stored.links ?? this.storage;
    }

    /** Why the environment in use can't be kept for the next window; undefined where it is. */
    get unkept(): string | undefined {
        return this.#stored.unkept;
    }

    /** The files that can decide the dev shell, as absolute paths. */
    get inputs(): readonly string[] {
        return this.#files.paths;
    }

    /**
     * Brings the folder to what its files and the user's settings say. Nix is asked when a folder
     * is opened, and when its files are not what they were when it was asked last.
     */
    async refresh(why: "opened" | "files changed"): Promise<void> {
        this.#project = this.kept.project;
        const drift = this.refreshDrift();
        const { storage } = this;
        const isInUse = storage !== undefined && currentOf(this.state) !== undefined;
        // Each time: a window may be open for longer than what is not used is kept.
        const noted = isInUse ? this.#stored.noteUse(storage) : undefined;
        if (this.#project.flake === undefined) {
            this.#files.forget();
            this.#withoutFlake();
        } else {
            const before = this.#files.seen;
            const stops = this.#stops;
            const now = await this.#look();
            if (!this.#mayAskNix()) this.#withoutAsking(now);
            else if (why === "opened" || !isDeepStrictEqual(now, before)) {
                if (stops === this.#stops && !this.#isCancelled()) await this.#shell.check();
            }
        }
        await Promise.all([drift, noted]);
    }

    /** Works out the lock's drift and the wanted toolchain; cheap, so it is done on every hint. */
    async refreshDrift(): Promise<void> {
        await this.lock.refresh();
    }

    /** Warns of anything but these from now on. */
    ignoreDrift(kinds: readonly DriftKind[]): void {
        this.#ports.choose({ ...this.choice, ignoredDrift: kinds });
        this.#changed();
    }

    /** Why nix can't read a text as a flake.nix; undefined where it can, or is not there to say. */
    async checkFlake(text: string): Promise<Failure | undefined> {
        const { checkFlake } = await import("../flake/edit/checkFlake");
        try {
            return await checkFlake(this.nix(), text, tmpdir(), undefined);
        } catch (error) {
            if (!(error instanceof CaptureError)) throw error;
            this.#ports.log.info(`Nix could not check flake.nix: ${error.failure.kind}`);
            return undefined;
        }
    }

    /** Makes git know a file of the flake's folder, so that nix sees it. Adds no content. */
    async track(path: string): Promise<void> {
        this.#project = this.kept.project;
        await this.lock.track(path);
    }

    /** The folder of the folder's `.git`, whichever flake is in use. */
    get repository(): string | undefined {
        return repositoryOf(this.folder);
    }

    /** What the project needs besides Rust; exact where the dev shell's cargo can tell. */
    async nativeNeeds(): Promise<NativeNeeds | undefined> {
        const { nativeNeeds } = await import("./nativeNeeds");
        const base = baseEnvironment(this.#ports.editorEnvironment);
        return nativeNeeds(this.#project, currentOf(this.state), base);
    }

    /** What "Enter Dev Shell" does: the state afterwards tells how it went. */
    async enter(): Promise<ShellState> {
        this.#ports.choose({ ...this.choice, wants: "in" });
        this.#project = this.kept.project;
        if (this.#project.flake === undefined) {
            this.#withoutFlake();
            return this.state;
        }
        const stops = this.#stops;
        const now = await this.#look();
        const { state } = this;
        if (stops !== this.#stops) return state;
        // Looked at anew, as what was saved just now may not have been noticed yet.
        if (state.kind === "inside" && !state.stale && holds(state.current, now)) return state;
        await this.#shell.check();
        return this.state;
    }

    /** Looks at the files and does this, unless the user left or cancelled meanwhile. */
    async #afterLook(work: () => Promise<void>): Promise<ShellState> {
        const stops = this.#stops;
        await this.#look();
        if (stops === this.#stops) await work();
        return this.state;
    }

    #isCancelled(): boolean {
        return this.state.kind === "outside" && this.state.reason === "cancelled";
    }

    /** Captures anew, even if nothing seems to have changed. */
    async reload(): Promise<ShellState> {
        this.#ports.choose({ ...this.choice, wants: "in" });
        this.#project = this.kept.project;
        if (this.#project.flake === undefined) return this.enter();
        return this.#afterLook(() => this.#shell.capture());
    }

    /** What a capture depends on was set anew: the environment in use is read again. */
    async settingsChanged(): Promise<void> {
        if (this.#project.flake === undefined || this.#isLeftAlone) return;
        await this.#afterLook(async () => {
            if (this.#mayAskNix()) await this.#shell.capture();
            else this.#shell.markStale();
        });
    }

    leave(): void {
        this.#stops++;
        this.#ports.choose({ ...this.choice, wants: "out" });
        // Also where the flake is gone and its environment stayed.
        this.#shell.reset(
            this.#project.flake === undefined
                ? flakelessState(this.#project)
                : { kind: "outside", reason: "left" },
        );
    }

    cancel(): void {
        this.#stops++;
        this.#shell.cancel();
    }

    /** Enters another dev shell of the same flake; undefined for the default one. */
    async select(shell: string | undefined): Promise<ShellState> {
        const { shell: before } = this.choice;
        this.#ports.choose({ ...this.choice, shell, wants: "in" });
        const known = this.storage && readSnapshot(this.storage);
        this.#stored.wasRestored();
        if (known) this.#shell.reset({ kind: "inside", current: known, stale: false });
        const state = await this.#afterLook(() => this.#shell.check());
        // Cancelled: the dev shell in use is still the other one, and is to be called so.
        if (state.kind === "inside" && state.current.shell !== shell) {
            this.#ports.choose({ ...this.choice, shell: before });
            this.#changed();
        }
        return state;
    }

    /** Captures anew with what is on this machine. */
    async reloadOffline(): Promise<ShellState> {
        this.#isOffline = true;
        try {
            return await this.reload();
        } finally {
            this.#isOffline = false;
        }
    }

    /**
     * The dev shells to choose from, for this system.
     *
     * @throws {CaptureError} what nix reported.
     */
    async listShells(signal: AbortSignal | undefined): Promise<string[]> {
        const folder = flakeFolder(this.#project);
        if (folder === undefined) throw new CaptureError(failureOf("no-flake", this.folder));
        const { listDevShells } = await import("../nix/devShells");
        const digest = this.#files.seen?.digest;
        const names = await listDevShells(this.nix(), folder, signal);
        this.#listed = { digest, names };
        this.#changed();
        return names;
    }

    /** What changes the lock of the flake that is there now. */
    mending(): Promise<LockMending> {
        this.#project = this.kept.project;
        return this.lock.mending();
    }

    /** What commands run, in the environment and with the settings of this folder. */
    git(): Git {
        return gitOf(this.#programs);
    }

    /**
     * What commands run, in the environment and with the settings of this folder.
     *
     * @throws {CaptureError} where there is no nix.
     */
    nix(): Nix {
        const settings = this.#ports.settings();
        const offline = this.#isOffline ? ["--offline"] : [];
        const extraArguments = [...offline, ...settings.extraArguments];
        return nixOf(this.#programs, { ...settings, extraArguments });
    }

    /** Stops everything. Nothing of the folder is reported any more. */
    async dispose(): Promise<void> {
        this.#stops++;
        this.#closing.abort();
        this.#shell.cancel();
        await this.#shell.idle();
        await this.#stored.dispose();
    }

    /** Nix with what the flake asks for and the user accepted, as it was shown to them. */
    async #nixAsAccepted(): Promise<Nix> {
        const nix = this.nix();
        const accepted = acceptedConfig(this.choice, this.flakeConfig);
        if (accepted === undefined) return nix;
        const { configArguments } = await import("../flake/flakeConfig");
        const extraArguments = [...nix.extraArguments, ...configArguments(accepted)];
        return { ...nix, extraArguments };
    }

    #changed(): void {
        const isCapturing = this.#shell?.state.kind === "capturing";
        this.#capturingSince = isCapturing ? (this.#capturingSince ?? Date.now()) : undefined;
        if (!this.#closing.signal.aborted) this.#ports.onDidChange();
    }

    /** Whether nix may be run for this folder without a command of the user. */
    #mayAskNix(): boolean {
        return this.#ports.settings().enter === "automatic" && !this.#isLeftAlone;
    }

    get #isLeftAlone(): boolean {
        return isLeftAlone(this.choice, this.#project);
    }

    /** A flake that is gone for a moment, or with its branch, must not take the tools away. */
    #withoutFlake(): void {
        const { state } = this;
        if (currentOf(state) !== undefined) {
            const isGone = !existsSync(this.folder);
            this.#shell.fail(failureOf(isGone ? "folder-missing" : "no-flake", this.folder));
            return;
        }
        const flakeless = flakelessState(this.#project);
        if (state.kind !== flakeless.kind) this.#shell.reset(flakeless);
    }

    /** An environment from earlier stays, and says where it may be old. */
    #withoutAsking(now: Fingerprints): void {
        const { kind } = this.state;
        const current = currentOf(this.state);
        if (kind === "inside" && current !== undefined && !holds(current, now)) {
            this.#shell.markStale();
        } else if (kind === "none" || kind === "no-flake") {
            this.#shell.reset(outsideState(this.choice, this.#project));
        }
    }

    #restored(): ShellState {
        if (this.#project.flake === undefined) return flakelessState(this.#project);
        const current = this.#isLeftAlone ? undefined : this.storage && readSnapshot(this.storage);
        if (current) return { kind: "inside", current, stale: false };
        return outsideState(this.choice, this.#project);
    }

    #look(): Promise<Fingerprints> {
        this.kept.refresh(this.#project);
        return this.#files.look(this.#project, this.git(), () => this.#ports.watchedFiles());
    }

    async #capture(
        known: Snapshot | undefined,
        signal: AbortSignal,
        onProgress: (progress: Progress) => void,
    ): Promise<Snapshot> {
        const { settings, editorEnvironment } = this.#ports;
        const folder = flakeFolder(this.#project);
        if (folder === undefined || this.storage === undefined) {
            throw new CaptureError(failureOf("no-flake", this.folder));
        }
        const { exceptions, hookTimeout } = settings();
        const seen = this.#files.seen ?? (await this.#look());
        const nix = await this.#nixAsAccepted();
        return this.#stored.capture(
            {
                nix,
                fingerprint: seen.digest,
                watched: seen.watched,
                watchedNow: () => this.#files.watchedNow(),
                flakeFolder: folder,
                hookFolder: this.#project.isKept === true ? this.folder : folder,
                shell: this.choice.shell,
                base: baseEnvironment(editorEnvironment),
                storage: this.storage,
                exceptions,
                hookTimeout,
                signal,
                onProgress,
            },
            known,
        );
    }

    get #programs(): ProgramSearch {
        const { editorEnvironment, log } = this.#ports;
        return { project: this.#project, editorEnvironment, log, closing: this.#closing.signal };
    }
}

/** Whether an environment is the one of the files as they are now, as far as nix is not needed. */
function holds({ fingerprint, watched }: Snapshot, now: Fingerprints): boolean {
    return fingerprint === now.digest && watched === now.watched;
}
