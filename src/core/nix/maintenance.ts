import { stripControls } from "./logRecord";
import { callNix, type Nix } from "./nix";
import type { Progress } from "./progress";

/**
 * What a builder wrote, as far as the store or a cache has it. Control sequences are left out: it
 * is text, whatever the builder meant.
 *
 * @param derivation the store path that ends in .drv
 * @throws {CaptureError} what nix reported.
 */
export async function buildLog(
    nix: Nix,
    derivation: string,
    signal: AbortSignal | undefined,
): Promise<string> {
    const log = await callNix(nix, { args: ["log", derivation], cwd: "/", signal });
    const text = log.length > LONGEST_LOG ? `…\n${log.slice(-LONGEST_LOG)}` : log;
    return text.split(/\r?\n/).map(stripControls).join("\n");
}

/** More than an editor shows well; the end is what tells. In characters. */
const LONGEST_LOG = 5_000_000;

/**
 * Deletes what nothing on this machine uses any more.
 *
 * @returns nix's own last words, such as "1234 store paths deleted, 567.8 MiB freed"
 * @throws {CaptureError} what nix reported.
 */
export async function collectGarbage(
    nix: Nix,
    signal: AbortSignal | undefined,
    onProgress: (progress: Progress) => void,
): Promise<string> {
    let freed = "";
    await callNix(nix, {
        args: ["store", "gc"],
        cwd: "/",
        signal,
        onProgress,
        onRecord: (record) => {
            if (record.action === "message" && / freed/.test(record.text)) freed = record.text;
        },
        onText: (line) => {
            if (/ freed/.test(line)) freed = line;
        },
    });
    return freed;
}
