import type { FlakeFacts } from "./besides";
import { factsOf, planFlake, suggestedTemplate, type FlakeSource } from "./choose";

/**
 * What the files beside a flake have to know of one that somebody wrote. Its outputs are taken from
 * its text: a name that is there by accident gives a file with a step too many, which says so.
 */
export function factsOfFlake(text: string, source: FlakeSource, branch: string): FlakeFacts {
    const { plan } = planFlake(source, suggestedTemplate(source), new Set());
    const facts = factsOf({ plan, source }, branch);
    const code = text.replace(/\/\*[^]*?\*\//g, "").replace(/(^|\s)#.*$/gm, "$1");
    const outputs = (["packages", "checks"] as const).filter((name) =>
        new RegExp(`(?:^|[\\s{;])${name}(?:\\.[\\w$"{}.-]+)?\\s*=(?!=)(?!\\s*\\[)`, "m").test(code),
    );
    return {
        ...facts,
        watched: facts.watched.filter((path) => code.includes(path)),
        outputs: new Set(outputs),
        formatter: /\btreefmt\b/.test(code) ? "all" : "nix",
    };
}
