import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { join } from "node:path";

/** Gives `use` a folder that only this user can read, and removes it afterwards, whatever happens. */
export async function withTemporaryFolder<T>(
    parent: string,
    use: (folder: string) => Promise<T>,
): Promise<T> {
    const folder = realpathSync(mkdtempSync(join(parent, "nix-rust-")));
    try {
        return await use(folder);
    } finally {
        rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    }
}
