import { nameInEveryNixpkgs } from "../../rust/native/attributeNames";
import type {
    Certainty,
    NativeNeeds,
    NeededPackage,
    NeededVariable,
    Reason,
} from "../../rust/native/needs";
import type { Project } from "../../project/project";
import type { WantedPart } from "../../rust/native/wantedPart";
import { addHardening } from "./addHardening";
import { addPackages } from "./addPackages";
import { addRuntimeLibraries } from "./addRuntimeLibraries";
import { addVariable } from "./addVariable";
import { inSteps, type FlakeEdit, type FlakeStep } from "./flakeEdit";
import { hasPackage, shellContent, type Platform, type ShellContent } from "./presentPackages";

/** Something that a project needs and its flake's dev shell does not have. */
export interface MissingNeed {
    readonly kind:
        | "packages"
        | "nativeBuildInputs"
        | "buildInputs"
        | "runtimeLibraries"
        | "hardeningDisable"
        | "variable";
    /** The attribute of nixpkgs, the flag, or the variable's name. */
    readonly name: string;
    /** Of a variable: the content of a Nix string. */
    readonly content: string | undefined;
    readonly platform: Platform;
    readonly certainty: Certainty;
    readonly isOptional: boolean;
    /** Why, as a sentence for people: which crate, and what it does. */
    readonly reason: string;
}

/**
 * What a flake's dev shell lacks of a project's needs, the surest first; all of it where the text
 * does not tell what the shell has.
 */
export async function missingNeeds(
    text: string,
    needs: NativeNeeds,
    shell: string | undefined,
): Promise<MissingNeed[]> {
    const contents = new Map<Platform, ShellContent | undefined>();
    for (const platform of ["all", "linux", "darwin"] as const) {
        contents.set(platform, await shellContent(text, shell, platform));
    }
    const lacks = ({ kind, name, platform }: MissingNeed): boolean => {
        const content = contents.get(platform);
        if (content === undefined) return true;
        if (kind === "variable") return !content.variables.has(name);
        if (kind === "hardeningDisable") return !content.hardening.has(name);
        if (kind === "runtimeLibraries") return !hasPackage(content.runtimeLibraries, name);
        return !hasPackage(content.packages, name);
    };
    return [
        ...needs.nativeBuildInputs.map((need) => packageNeed("nativeBuildInputs", need)),
        ...needs.buildInputs.map((need) => packageNeed("buildInputs", need)),
        ...needs.runtimeLibraries.map((need) => packageNeed("runtimeLibraries", need)),
        ...needs.environment.map(variableNeed),
        ...needs.hardeningDisable.map((need) => packageNeed("hardeningDisable", need)),
        ...needs.tools.map((need) => packageNeed("packages", need)),
    ]
        .filter(lacks)
        .sort((a, b) => rank(a) - rank(b));
}

/** What a flake lacks that every build of its project needs, from the project's files. */
export async function certainlyMissing(
    text: string,
    project: Project,
    shell: string | undefined,
): Promise<MissingNeed[]> {
    // Of a flake that can't be understood everything would seem to be missing.
    if ((await shellContent(text, shell, "all")) === undefined) return [];
    const { readNativeNeeds } = await import("../../rust/native/read");
    const needs = await readNativeNeeds(project);
    const missing = needs === undefined ? [] : await missingNeeds(text, needs, shell);
    const kinds = ["nativeBuildInputs", "buildInputs"];
    return missing.filter(
        ({ kind, certainty, isOptional }) =>
            kinds.includes(kind) && certainty === "certain" && !isOptional,
    );
}

/** What is missing, and first of all what a failed build asked for and the flake does not have. */
export async function withWanted(
    missing: readonly MissingNeed[],
    wanted: readonly WantedPart[],
    text: string,
    shell: string | undefined,
): Promise<MissingNeed[]> {
    const content = await shellContent(text, shell, "all");
    const isAsked = ({ name, kind }: MissingNeed): boolean =>
        wanted.some((part) => part.attribute === name && part.kind === kind);
    const others = wanted.filter(({ attribute, kind }) => {
        const present = kind === "runtimeLibraries" ? content?.runtimeLibraries : content?.packages;
        if (present !== undefined && hasPackage(present, attribute)) return false;
        return !missing.some((need) => need.name === attribute && need.kind === kind);
    });
    return [
        ...missing.filter(isAsked),
        ...others.map(({ attribute, kind, name }) => ({
            kind,
            name: attribute,
            content: undefined,
            platform: "all" as const,
            certainty: "likely" as const,
            isOptional: false,
            reason: `The build did not find ${name}.`,
        })),
        ...missing.filter((need) => !isAsked(need)),
    ];
}

/** Adds what was chosen to the flake's dev shell, each where it belongs. */
export function addNeeds(
    text: string,
    needs: readonly MissingNeed[],
    shell: string | undefined,
): Promise<FlakeEdit> {
    const groups = new Map<string, MissingNeed[]>();
    for (const need of needs) {
        const key = need.kind === "variable" ? need.name : `${need.kind} ${need.platform}`;
        groups.set(key, [...(groups.get(key) ?? []), need]);
    }
    return inSteps(
        text,
        [...groups.values()].map((group) => stepOf(group, shell)),
    );
}

function stepOf(group: readonly MissingNeed[], shell: string | undefined): FlakeStep {
    const [first] = group;
    const names = group.map(({ name }) => name);
    return async (text) => {
        if (first === undefined) return { kind: "unchanged" };
        const { kind, platform, name, content } = first;
        switch (kind) {
            case "variable":
                return addVariable(text, { name, content: content ?? "", shell });
            case "hardeningDisable":
                return addHardening(text, { flags: names, shell });
            case "runtimeLibraries":
                return addRuntimeLibraries(text, { attributes: names, platform, shell });
            case "packages":
            case "nativeBuildInputs":
            case "buildInputs":
                return addPackages(text, { attributes: names, kind, platform, shell });
        }
    };
}

function packageNeed(kind: MissingNeed["kind"], need: NeededPackage): MissingNeed {
    const { platform, certainty, isOptional, reasons } = need;
    const name = nameInEveryNixpkgs(need.attribute);
    const reason = reasonText(reasons);
    return { kind, name, content: undefined, platform, certainty, isOptional, reason };
}

function variableNeed(need: NeededVariable): MissingNeed {
    const { name, value: content, platform, certainty, isOptional, reasons } = need;
    const reason = reasonText(reasons);
    return { kind: "variable", name, content, platform, certainty, isOptional, reason };
}

function reasonText(reasons: readonly Reason[]): string {
    const [first] = reasons;
    if (first === undefined) return "";
    const others = new Set(reasons.map(({ crate }) => crate)).size - 1;
    const more = others > 0 ? ` (and ${others} more)` : "";
    return `${first.crate}${more}: ${first.rule}`;
}

const CERTAINTIES: readonly Certainty[] = ["certain", "likely", "possible"];

function rank({ certainty, isOptional }: MissingNeed): number {
    return CERTAINTIES.indexOf(certainty) + (isOptional ? CERTAINTIES.length : 0);
}
