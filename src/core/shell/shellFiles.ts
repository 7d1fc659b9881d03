import { readFile } from "node:fs/promises";
import type { FlakeConfig } from "../flake/flakeConfig";
import type { Git } from "../lock/git";
import type { Project } from "../project/project";

/** How the files that decide a dev shell are, as far as that can be told without nix. */
export interface Fingerprints {
    /** Of the flake's own files. */
    readonly digest: string;
    /** Of what the user named as read by the shellHook. */
    readonly watched: string;
}

/** The files that can decide a folder's dev shell, and how they were when they were looked at last. */
export class ShellFiles {
    #paths: readonly string[] = [];
    #seen: Fingerprints | undefined;
    #config: FlakeConfig | undefined;
    #named: readonly string[] = [];

    /** Absolute paths. */
    get paths(): readonly string[] {
        return this.#paths;
    }

    /** Undefined before the first look, and where there is no flake. */
    get seen(): Fingerprints | undefined {
        return this.#seen;
    }

    /** The settings of nix that the flake asks for, as far as they need a decision. */
    get config(): FlakeConfig | undefined {
        return this.#config;
    }

    /**
     * Looks at them, before nix is asked: they may change while it is at work.
     *
     * @param named the files that the user named, as absolute paths
     */
    async look(
        project: Project,
        git: Git,
        named: () => Promise<readonly string[]>,
    ): Promise<Fingerprints> {
        const { contentDigest, fingerprint } = await import("./fingerprint");
        const { files, digest } = await fingerprint(project, git);
        this.#config = await readConfig(project);
        const watched = await named();
        this.#named = watched;
        this.#paths = [...files, ...watched];
        this.#seen = { digest, watched: contentDigest(watched) };
        return this.#seen;
    }

    /** The digest of what the user named, as it is now. */
    async watchedNow(): Promise<string> {
        const { contentDigest } = await import("./fingerprint");
        return contentDigest(this.#named);
    }

    /** There is no flake any more, so the next one counts as new. */
    forget(): void {
        this.#seen = undefined;
    }
}

/** Most flakes have none, so that its reader is loaded for few. */
async function readConfig({ flake }: Project): Promise<FlakeConfig | undefined> {
    if (flake === undefined) return undefined;
    let text: string;
    try {
        text = await readFile(flake, "utf8");
    } catch {
        return undefined; // It has just gone, which nix will tell.
    }
    if (!text.includes("nixConfig")) return undefined;
    const { flakeConfig } = await import("../flake/flakeConfig");
    return flakeConfig(text);
}
