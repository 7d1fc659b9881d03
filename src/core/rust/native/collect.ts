import type {
    Certainty,
    NativeNeeds,
    NeededPackage,
    NeededVariable,
    Platform,
    Reason,
} from "./needs";
import type { Match } from "./suggest";

/** From the group of roots that asks for it, as `rootsOf` orders them. */
const CERTAINTY: readonly Certainty[] = ["certain", "likely", "likely", "possible"];
const ORDER: readonly Certainty[] = ["certain", "likely", "possible"];

/** Brings together what the rows suggest: everything once, with all of its reasons. */
export function collected(crates: number, found: readonly Match[]): NativeNeeds {
    const lists = {
        nativeBuildInputs: new Map<string, NeededPackage>(),
        buildInputs: new Map<string, NeededPackage>(),
        runtimeLibraries: new Map<string, NeededPackage>(),
        tools: new Map<string, NeededPackage>(),
        packageInputs: new Map<string, NeededPackage>(),
        hardeningDisable: new Map<string, NeededPackage>(),
    };
    const environment = new Map<string, NeededVariable>();
    for (const match of found) {
        const { row, version } = match;
        const add = (list: keyof typeof lists, names: readonly string[] = []): void => {
            for (const name of names) {
                const attribute = filledIn(name, version);
                const exactVersion = row.exactVersion === true ? version : undefined;
                const before = lists[list].get(attribute);
                const suggestion = { attribute, exactVersion, ...suggested(match) };
                lists[list].set(attribute, merged(before, suggestion));
            }
        };
        add("nativeBuildInputs", row.nativeBuildInputs);
        add("buildInputs", row.buildInputs);
        if (match.platform === "linux") {
            add("buildInputs", row.linuxBuildInputs);
            add("runtimeLibraries", row.runtimeLibraries);
        } else {
            add("buildInputs", row.darwinBuildInputs);
        }
        add("tools", row.tools);
        add("packageInputs", row.packageInputs);
        add("hardeningDisable", row.hardeningDisable);
        for (const [key, text] of Object.entries(row.environment ?? {})) {
            const name = filledIn(key, version);
            const value = filledIn(text, version);
            const suggestion = { name, value, ...suggested(match) };
            environment.set(name, merged(environment.get(name), suggestion));
        }
    }
    const sorted = (list: keyof typeof lists): NeededPackage[] =>
        [...lists[list].values()].sort((a, b) => (a.attribute < b.attribute ? -1 : 1));
    return {
        crates,
        nativeBuildInputs: sorted("nativeBuildInputs"),
        buildInputs: sorted("buildInputs"),
        runtimeLibraries: sorted("runtimeLibraries"),
        tools: sorted("tools"),
        packageInputs: sorted("packageInputs"),
        hardeningDisable: sorted("hardeningDisable"),
        environment: [...environment.values()].sort((a, b) => (a.name < b.name ? -1 : 1)),
        notes: [],
    };
}

type Suggestion = Omit<NeededPackage, "attribute" | "exactVersion">;

function suggested({ row, reason, group, platform }: Match): Suggestion {
    const certainty = CERTAINTY[group] ?? "possible";
    return {
        platform,
        certainty: row.certainty === undefined ? certainty : surest("likely", certainty, "least"),
        isOptional: row.optional === true,
        reasons: [reason],
    };
}

function merged<T extends Suggestion>(before: T | undefined, added: T): T {
    if (before === undefined) return added;
    // The reason of a need comes before those that a build does without.
    const [first, second] =
        before.isOptional && !added.isOptional ? [added, before] : [before, added];
    const reasons = [...first.reasons];
    for (const reason of second.reasons) if (!reasons.some(isSame(reason))) reasons.push(reason);
    // An optional reason does not make what others need more certain, nor other way round.
    const isSurer = before.isOptional === added.isOptional;
    const base = before.isOptional && !added.isOptional ? added : before;
    return {
        ...base,
        platform: both(before, added),
        certainty: isSurer ? surest(before.certainty, added.certainty, "most") : base.certainty,
        isOptional: before.isOptional && added.isOptional,
        reasons,
    };
}

/** The platforms of two suggestions; those of an optional one do not widen a need. */
function both(a: Suggestion, b: Suggestion): Platform {
    if (a.isOptional !== b.isOptional) return a.isOptional ? b.platform : a.platform;
    return a.platform === b.platform ? a.platform : "all";
}

function isSame(reason: Reason): (other: Reason) => boolean {
    return ({ crate, version, rule }) =>
        crate === reason.crate && version === reason.version && rule === reason.rule;
}

function surest(a: Certainty, b: Certainty, which: "most" | "least"): Certainty {
    const isBefore = ORDER.indexOf(a) <= ORDER.indexOf(b);
    return isBefore === (which === "most") ? a : b;
}

/** LLVM's version is in the crate's: `221.0.0` is for LLVM 22, in the variable of 221. */
function filledIn(text: string, version: string): string {
    const major = version.split(".")[0] ?? "";
    return text.replaceAll("<MAJOR>", major).replaceAll("<LLVM>", major.slice(0, -1));
}
