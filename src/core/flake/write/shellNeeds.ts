import type { NativeNeeds } from "../../rust/native/needs";
import { NO_NEEDS, type ShellNeeds } from "./plan";

/**
 * What of a project's native needs goes into its flake: not what a build does without, nor what
 * only parts ask for that `cargo build` leaves out.
 */
export function shellNeeds(needs: NativeNeeds | undefined): ShellNeeds {
    if (needs === undefined) return NO_NEEDS;
    return {
        nativeBuildInputs: needs.nativeBuildInputs.filter(isWanted),
        buildInputs: needs.buildInputs.filter(isWanted),
        runtimeLibraries: needs.runtimeLibraries.filter(isWanted),
        tools: needs.tools.filter(isWanted),
        environment: needs.environment.filter(isWanted),
        hardeningDisable: needs.hardeningDisable.filter(isWanted),
        packageInputs: needs.packageInputs.filter(isWanted),
    };
}

type Suggestion = Pick<NativeNeeds["buildInputs"][number], "isOptional" | "certainty">;

function isWanted({ isOptional, certainty }: Suggestion): boolean {
    return !isOptional && certainty !== "possible";
}
