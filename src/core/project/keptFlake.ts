import { createHash } from "node:crypto";
import {
    copyFileSync,
    existsSync,
    mkdirSync,
    readFileSync,
    renameSync,
    rmSync,
    writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { detectProject, type Project } from "./project";

/** Where in the extension's storage the flakes are that no repository has. */
const FLAKES = "flakes";

/** The texts of a kept flake's files, flake.nix first. */
export type KeptTexts = Readonly<Record<"flake.nix", string>> &
    Readonly<Partial<Record<"flake.lock", string>>>;

/**
 * Whether a folder is that of a kept flake. No repository has it, also where the home folder is one,
 * as with people who keep their settings so: nix has to be told.
 */
export function isKeptFolder(folder: string): boolean {
    return basename(dirname(folder)) === FLAKES && /^[0-9a-f]{20}$/.test(basename(folder));
}

/** The flake of a folder which is not to be touched, in the extension's storage. */
export class KeptFlake {
    readonly #folder: string;
    /** Where its files are. */
    readonly #files: string;

    constructor(storage: string, folder: string) {
        const key = createHash("sha256").update(folder).digest("hex").slice(0, 20);
        this.#folder = folder;
        this.#files = join(storage, FLAKES, key);
    }

    /** The folder's project, which has this flake where it has none of its own. */
    get project(): Project {
        const project = detectProject(this.#folder);
        const flake = join(this.#files, "flake.nix");
        if (project.flake !== undefined || !existsSync(flake)) return project;
        // Git knows nothing of it, so nix sees it as it is.
        return { ...project, flake, repository: undefined, isKept: true };
    }

    /** Undefined where none is kept. */
    get texts(): KeptTexts | undefined {
        const read = (name: string): string | undefined => {
            try {
                return readFileSync(join(this.#files, name), "utf8");
            } catch {
                return undefined;
            }
        };
        const [flake, lock] = [read("flake.nix"), read("flake.lock")];
        if (flake === undefined) return undefined;
        const texts = { "flake.nix": flake };
        return lock === undefined ? texts : { ...texts, "flake.lock": lock };
    }

    /** Keeps a flake, with the toolchain file that it reads, from now on. */
    keep(text: string): void {
        mkdirSync(this.#files, { recursive: true, mode: 0o700 });
        this.#copyToolchainFile(detectProject(this.#folder));
        const unfinished = join(this.#files, `flake.nix.${process.pid}`);
        writeFileSync(unfinished, text);
        renameSync(unfinished, join(this.#files, "flake.nix"));
    }

    /** Brings the copy of the toolchain file to what the project's own says now, as far as it can. */
    refresh(project: Project): void {
        if (project.isKept !== true) return;
        try {
            this.#copyToolchainFile(project);
        } catch {
            // It can't be read, or the disk is full: the toolchain stays the one of before.
        }
    }

    /** Forgets it, for example because it is a file of the project now. */
    drop(): void {
        rmSync(this.#files, { recursive: true, force: true });
    }

    /** Only where it differs: a new time would look like a change. */
    #copyToolchainFile({ toolchainFile }: Project): void {
        if (toolchainFile === undefined) return;
        const copy = join(this.#files, basename(toolchainFile));
        mkdirSync(this.#files, { recursive: true });
        const isSame = existsSync(copy) && readFileSync(copy).equals(readFileSync(toolchainFile));
        if (!isSame) copyFileSync(toolchainFile, copy);
    }
}
