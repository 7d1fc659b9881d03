import { nameInEveryNixpkgs } from "./attributeNames";
import type { NativeNeeds, NeededPackage, NeededVariable } from "./needs";

/** What `core needs DIR` prints (decision 17 of the design); its shape stays stable. */
export interface NeedsDescription {
    readonly crates: number;
    readonly nativeBuildInputs: readonly DescribedPackage[];
    readonly buildInputs: readonly DescribedPackage[];
    readonly runtimeLibraries: readonly DescribedPackage[];
    readonly tools: readonly DescribedPackage[];
    readonly environment: readonly DescribedVariable[];
    readonly notes: readonly string[];
}

interface DescribedPackage extends Described {
    readonly attribute: string;
}

interface DescribedVariable extends Described {
    readonly name: string;
    readonly value: string;
}

interface Described {
    readonly neededBy: readonly string[];
    readonly platform: NeededPackage["platform"];
    readonly certainty: NeededPackage["certainty"];
    readonly why: readonly string[];
}

/** Describes what is needed; what a build does without is left out. */
export function describeNeeds(needs: NativeNeeds): NeedsDescription {
    const packages = (list: readonly NeededPackage[]): DescribedPackage[] =>
        list
            .filter(({ isOptional }) => !isOptional)
            .map((need) => ({ attribute: nameInEveryNixpkgs(need.attribute), ...described(need) }));
    const variables = needs.environment
        .filter(({ isOptional }) => !isOptional)
        .map((need) => ({ name: need.name, value: need.value, ...described(need) }));
    // It is an attribute of the shell, which nix hands on as an environment variable.
    const hardening = packages(needs.hardeningDisable).map(({ attribute, ...rest }) => ({
        name: "hardeningDisable",
        value: attribute,
        ...rest,
    }));
    return {
        crates: needs.crates,
        nativeBuildInputs: packages(needs.nativeBuildInputs),
        buildInputs: packages(needs.buildInputs),
        runtimeLibraries: packages(needs.runtimeLibraries),
        tools: packages(needs.tools),
        environment: [...hardening, ...variables],
        notes: needs.notes,
    };
}

function described({ reasons, platform, certainty }: NeededPackage | NeededVariable): Described {
    return {
        neededBy: [...new Set(reasons.map(({ crate }) => crate))],
        platform,
        certainty,
        why: reasons.map(({ rule, path }) => `${path.join(" → ")}: ${rule}`),
    };
}
