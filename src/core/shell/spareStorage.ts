import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";

/** As much as a large environment takes, in bytes. */
const ROOM = 256 << 10;

/** Why nothing can be kept in a folder, which is made where it is missing; undefined where it can. */
export function storageTrouble(storage: string): string | undefined {
    const probe = join(storage, `probe.${process.pid}`);
    try {
        mkdirSync(storage, { recursive: true, mode: 0o700 });
        try {
            writeFileSync(probe, Buffer.alloc(ROOM), { mode: 0o600 });
        } finally {
            rmSync(probe, { force: true });
        }
        return undefined;
    } catch (error) {
        return error instanceof Error ? error.message : String(error);
    }
}

/** Storage for one window alone, where the extension's own can't be written. */
export class SpareStorage {
    #folder: string | undefined;

    /**
     * What stands in for a shell's storage. Made when it is asked for first; throws as that does,
     * where there is no room for temporary files either.
     */
    for(storage: string): string {
        this.#folder ??= mkdtempSync(join(tmpdir(), "nix-rust-"));
        return join(this.#folder, basename(storage));
    }

    remove(): void {
        if (this.#folder !== undefined) rmSync(this.#folder, { recursive: true, force: true });
    }
}
