import { stat } from "node:fs/promises";

/** How many files are looked at: each may be a question over a network. */
const MOST_FILES = 200;

/** Looks at files itself, for a file system that tells nobody of its changes. */
export class FilePoll {
    #files: readonly string[] = [];
    #known: Promise<string> = Promise.resolve("");

    /** Looks at these from now on, and takes them as they are for known. */
    watch(files: readonly string[]): void {
        const wanted = files.slice(0, MOST_FILES);
        if (wanted.join("\0") === this.#files.join("\0")) return;
        this.#files = wanted;
        this.#known = stampsOf(wanted);
    }

    /** Whether one of the files is not what it was when this was asked last. Never rejects. */
    async hasChanged(): Promise<boolean> {
        const known = this.#known;
        this.#known = known.then(() => stampsOf(this.#files));
        return (await known) !== (await this.#known);
    }
}

async function stampsOf(files: readonly string[]): Promise<string> {
    return (await Promise.all(files.map(stampOf))).join("\n");
}

async function stampOf(file: string): Promise<string> {
    try {
        const { mtimeMs, ctimeMs, size, ino } = await stat(file);
        return `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    } catch {
        return "missing";
    }
}
