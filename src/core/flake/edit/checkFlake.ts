import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { CaptureError, type Failure } from "../../failure/failure";
import { callNix, type Nix } from "../../nix/nix";
import { withTemporaryFolder } from "../../temporaryFolder";
import { nixString } from "../write/nixText";

/**
 * Has nix read a flake.nix that is not written yet: undefined where it can, else what is wrong.
 * Nothing of its outputs is evaluated.
 *
 * @param temporary a folder for the text, which is gone when this returns
 * @throws {CaptureError} where nix could not be asked.
 */
export function checkFlake(
    nix: Nix,
    text: string,
    temporary: string,
    signal: AbortSignal | undefined,
): Promise<Failure | undefined> {
    return withTemporaryFolder(temporary, async (folder) => {
        const file = join(folder, "flake.nix");
        writeFileSync(file, text);
        const expression = `builtins.isAttrs (import ${nixString(file)})`;
        try {
            await callNix(nix, {
                args: ["eval", "--impure", "--expr", expression],
                cwd: folder,
                signal,
            });
            return undefined;
        } catch (error) {
            if (!(error instanceof CaptureError)) throw error;
            const { kind } = error.failure;
            if (kind === "syntax" || kind === "undefined-var") return error.failure;
            throw error;
        }
    });
}
