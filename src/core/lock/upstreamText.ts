import { shortRevision } from "./difference";
import type { InputUpstream, Unknown } from "./upstream";

/** What came of asking, in a line: who is behind, and who could not be asked and why. */
export function upstreamText(results: readonly InputUpstream[]): string {
    const behind = results.flatMap(({ input, state }) =>
        state.kind === "behind"
            ? [
                  `${input.name} (${shortRevision(input.revision ?? "")} → ${shortRevision(state.newest)})`,
              ]
            : [],
    );
    const unknown = results.flatMap(({ input, state }) =>
        state.kind === "unknown" ? [{ name: input.name, why: state.why }] : [],
    );
    const known = results.length - unknown.length;
    const parts: string[] = [];
    if (behind.length > 0) parts.push(`There is something newer for ${behind.join(", ")}.`);
    else if (known > 0) parts.push("Nothing newer was found.");
    for (const why of new Set(unknown.map((it) => it.why))) {
        const names = unknown.flatMap((it) => (it.why === why ? [it.name] : []));
        parts.push(`${names.join(", ")} could not be asked: ${REASONS[why]}.`);
    }
    return parts.join(" ") || "This flake has no inputs to ask about.";
}

const REASONS: Record<Unknown, string> = {
    "no-repository": "what it comes from is no git repository that is known",
    network: "the network or the server did not answer",
    refused: "the server refused to answer",
    "no-branch": "its branch or tag is gone",
    "no-git": "git was not found",
    "timed-out": "the server took too long",
};
