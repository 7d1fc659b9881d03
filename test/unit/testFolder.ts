import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";

/** A folder that each test of a suite has for itself. */
export interface TestFolder {
    readonly path: string;
    /** Writes a file with the folders above it, and tells its path. */
    write(name: string, text?: string | Buffer): string;
    /** The same, executable, for a POSIX shell. */
    script(name: string, body: string): string;
    /** Makes a folder with those above it, and tells its path. */
    folder(name: string): string;
    remove(name: string): void;
}

/** Files and processes can take their time on a busy machine, in milliseconds. */
const PATIENCE = 20_000;

/** Gives each test of the suite that calls this a folder that is removed afterwards. */
export function testFolder(): TestFolder {
    let path = "";
    beforeEach(function () {
        this.currentTest?.timeout(PATIENCE);
        path = realpathSync(mkdtempSync(join(tmpdir(), "nix-rust-test-")));
    });
    afterEach(function () {
        this.timeout(PATIENCE);
        rmSync(path, { recursive: true, force: true, maxRetries: 5 });
    });
    const write = (name: string, text: string | Buffer = ""): string => {
        const file = join(path, name);
        mkdirSync(dirname(file), { recursive: true });
        writeFileSync(file, text);
        return file;
    };
    return {
        get path() {
            return path;
        },
        write,
        script(name, body) {
            const file = write(name, `#!/bin/sh\n${body}\n`);
            chmodSync(file, 0o755);
            return file;
        },
        remove: (name) => rmSync(join(path, name), { recursive: true }),
        folder(name) {
            const folder = join(path, name);
            mkdirSync(folder, { recursive: true });
            return folder;
        },
    };
}
