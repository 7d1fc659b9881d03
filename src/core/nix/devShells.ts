import { CaptureError } from "../failure/failure";
import { withFlakeReference } from "./flakeReference";
import { callNix, type Nix } from "./nix";
import { currentSystem } from "./system";

/**
 * The names of a flake's dev shells for this system, sorted, "default" first. Evaluates names only.
 *
 * @throws {CaptureError} what nix reported.
 */
export async function listDevShells(
    nix: Nix,
    flakeFolder: string,
    signal: AbortSignal | undefined,
): Promise<string[]> {
    const system = await currentSystem(nix, signal);
    const evaluate = (reference: string): Promise<string> => {
        const args = [
            "eval",
            "--json",
            "--no-write-lock-file",
            ...nix.extraArguments,
            "--apply",
            "builtins.attrNames",
            `${reference}#devShells.${system}`,
        ];
        return callNix(nix, { args, cwd: flakeFolder, signal });
    };
    try {
        const output = await withFlakeReference({ nix, flakeFolder, signal }, evaluate);
        const names = JSON.parse(output) as string[];
        return names.sort((a, b) => Number(b === "default") - Number(a === "default"));
    } catch (error) {
        // A flake without that output still has a shell where it has an old-style or a package one.
        if (error instanceof CaptureError && error.failure.kind === "no-attr") return [];
        throw error;
    }
}
