import {
    isSuggested,
    type NativeNeeds,
    type NeededPackage,
    type NeededVariable,
    type Platform,
    type Reason,
} from "./needs";

/** A line of a quick pick: something that a project needs, or may need, with the reason. */
export interface NeedChoice {
    /** An attribute of nixpkgs, or a variable's name. */
    readonly id: string;
    /** Which crates ask for it, and on which platform. */
    readonly description: string;
    /** Why, as a sentence, and how sure that is. */
    readonly detail: string;
    /** Whether it is taken unless the user says no. */
    readonly isSuggested: boolean;
}

/** The lists that a user chooses from; what only a package needs follows from them. */
const LISTS = [
    "nativeBuildInputs",
    "buildInputs",
    "runtimeLibraries",
    "tools",
    "environment",
    "hardeningDisable",
] as const satisfies readonly (keyof NativeNeeds)[];

type Need = NeededPackage | NeededVariable;

/** Everything to choose from, each once, the sure ones first. */
export function needChoices(needs: NativeNeeds): NeedChoice[] {
    const byId = new Map<string, Need[]>();
    for (const list of LISTS) {
        for (const need of needs[list]) {
            byId.set(idOf(need), [...(byId.get(idOf(need)) ?? []), need]);
        }
    }
    return [...byId]
        .map(([id, same]) => choiceOf(id, same))
        .sort((a, b) => Number(b.isSuggested) - Number(a.isSuggested));
}

/** The needs without those that were not chosen. */
export function chosenNeeds(needs: NativeNeeds, ids: ReadonlySet<string>): NativeNeeds {
    const chosen = <T extends Need>(list: readonly T[]): T[] =>
        list.filter((need) => ids.has(idOf(need)));
    return {
        ...needs,
        nativeBuildInputs: chosen(needs.nativeBuildInputs),
        buildInputs: chosen(needs.buildInputs),
        runtimeLibraries: chosen(needs.runtimeLibraries),
        tools: chosen(needs.tools),
        environment: chosen(needs.environment),
        hardeningDisable: chosen(needs.hardeningDisable),
        // Nobody is asked about those.
        packageInputs: needs.packageInputs.filter(isSuggested),
    };
}

function idOf(need: Need): string {
    return "attribute" in need ? need.attribute : need.name;
}

const CERTAINTIES = {
    certain: "",
    likely: " Likely.",
    possible: " Only for a part that is not built by default.",
};

const WHERE: Readonly<Record<Platform, string>> = {
    all: "",
    linux: ", on Linux",
    darwin: ", on macOS",
};

function choiceOf(id: string, same: readonly Need[]): NeedChoice {
    const required = same.filter(({ isOptional }) => !isOptional);
    const surest =
        required.find(({ certainty }) => certainty === "certain") ?? same.find(isSuggested);
    const shown = surest ?? required[0] ?? same[0];
    const reasons = same.flatMap((need) => need.reasons);
    const platforms = new Set(same.map(({ platform }) => platform));
    const [platform] = platforms;
    const where = platforms.size === 1 ? WHERE[platform ?? "all"] : "";
    const isOfCrate = reasons.some(({ version }) => version !== undefined);
    const without = isOfCrate ? " Without it, the crate builds a copy of its own." : "";
    const doubt = required.length === 0 ? without : CERTAINTIES[shown?.certainty ?? "certain"];
    return {
        id,
        description: `${isOfCrate ? "for" : "from"} ${cratesOf(reasons)}${where}`,
        detail: (shown?.reasons[0]?.rule ?? "") + doubt,
        isSuggested: same.some(isSuggested),
    };
}

/** How many crates are named: a longer line is cut off anyway. */
const MOST_CRATES = 3;

function cratesOf(reasons: readonly Reason[]): string {
    const crates = [...new Set(reasons.map(({ crate }) => crate))];
    const more = crates.length - MOST_CRATES;
    const named = crates.slice(0, MOST_CRATES).join(", ");
    return more > 0 ? `${named} and ${more} more` : named;
}
