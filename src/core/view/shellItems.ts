import { codeText } from "../markdown";
import { currentOf } from "../shell/state";
import type { ViewFacts } from "./viewFacts";
import type { ViewItem } from "./viewItem";

/** The section on the flake's dev shells. The others than the chosen one have to be asked of nix. */
export function shellSection(facts: ViewFacts): ViewItem {
    const chosen = facts.shell ?? "default";
    return {
        id: "shells",
        label: "Dev Shells",
        description: chosen,
        tooltip:
            "The sets of tools and variables that flake.nix offers; one of them is in use at a time.",
        icon: "terminal",
        abilities: [],
        target: { folder: facts.uri },
        children: () => [
            shellItem(chosen, facts),
            ...(facts.shells === undefined ? [othersItem(facts)] : otherItems(facts.shells, facts)),
        ],
    };
}

/** The dev shells besides the chosen one. */
function otherItems(shells: readonly string[], facts: ViewFacts): ViewItem[] {
    const chosen = facts.shell ?? "default";
    const others = shells.filter((name) => name !== chosen);
    if (others.length > 0) return others.map((name) => shellItem(name, facts));
    return [
        {
            id: "shells/none",
            label: "No others",
            description: "",
            tooltip: "flake.nix has no other dev shells for this system.",
            abilities: [],
            target: { folder: facts.uri },
        },
    ];
}

function shellItem(name: string, facts: ViewFacts): ViewItem {
    const isChosen = name === (facts.shell ?? "default");
    const isUsed = isChosen && currentOf(facts.state) !== undefined;
    return {
        id: `shell/${encodeURIComponent(name)}`,
        label: name,
        description: isUsed ? "in use" : isChosen ? "chosen, not entered" : "",
        tooltip: `The dev shell ${codeText(name)}${isUsed ? ", which is in use" : ""}`,
        icon: isUsed ? "check" : "terminal",
        abilities: isUsed ? [] : ["enterShell"],
        target: { folder: facts.uri, shell: name },
    };
}

/** What stands below "Others" where nix could not tell. */
export function unlistedItem({ uri }: ViewFacts): ViewItem {
    return {
        id: "shells/unlisted",
        label: "Not known",
        description: "asks Nix again",
        tooltip: "Nix could not tell which dev shells the flake has.",
        icon: "refresh",
        abilities: [],
        action: "listShells",
        target: { folder: uri },
    };
}

/** Where nix runs only when asked, opening a line is not asking. */
function othersItem({ manual, uri }: ViewFacts): ViewItem {
    const others: ViewItem = {
        id: "shells/others",
        label: "Others",
        description: "asks Nix when opened",
        tooltip: "Nix evaluates the flake to tell which dev shells it has.",
        icon: "ellipsis",
        abilities: [],
        target: { folder: uri },
        children: "on demand",
    };
    if (!manual) return others;
    const { children: _, ...line } = others;
    return { ...line, label: "List the others", description: "runs Nix", action: "listShells" };
}
