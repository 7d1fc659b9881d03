import { isSuggested, type NativeNeeds } from "../../rust/native/needs";
import { NO_NEEDS, type ShellNeeds } from "./plan";

/** What of a project's native needs goes into its flake where nobody is asked. */
export function shellNeeds(needs: NativeNeeds | undefined): ShellNeeds {
    if (needs === undefined) return NO_NEEDS;
    return {
        nativeBuildInputs: needs.nativeBuildInputs.filter(isSuggested),
        buildInputs: needs.buildInputs.filter(isSuggested),
        runtimeLibraries: needs.runtimeLibraries.filter(isSuggested),
        tools: needs.tools.filter(isSuggested),
        environment: needs.environment.filter(isSuggested),
        hardeningDisable: needs.hardeningDisable.filter(isSuggested),
        packageInputs: needs.packageInputs.filter(isSuggested),
    };
}
