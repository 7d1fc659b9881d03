import { within } from "./within";
import {
    comparisonFindings,
    type ComparisonContext,
    type Observation,
    type Place,
} from "./comparison";
import { diskFindings, type DiskFacts } from "./disk";
import { page, runs, type Finding, type Section } from "./finding";
import { launchFindings, type LaunchFacts } from "./launch";
import type { NixFacts } from "./nixFacts";
import { nixFindings } from "./nixFindings";
import { otherExtensionFindings, type FoundExtension } from "./otherExtensions";
import { projectFindings, type ProjectFacts } from "./project";
import { rustupFindings, type RustupFacts } from "./rustup";
import { settingFindings, type SettingFacts } from "./settings";
import { toolchainFindings, type ToolchainFacts } from "./toolchain";
import type { Change } from "../environment/change";

/** All that was gathered; undefined for what was not known in time. */
export interface Facts {
    readonly project: ProjectFacts | undefined;
    /** What the dev shell in use changes; undefined where none is. */
    readonly changes: readonly Change[] | undefined;
    readonly nix: NixFacts | undefined;
    readonly disks: readonly DiskFacts[] | undefined;
    readonly launch: LaunchFacts;
    readonly rustup: RustupFacts | undefined;
    readonly toolchain: ToolchainFacts | undefined;
    readonly settings: SettingFacts;
    readonly extensions: readonly FoundExtension[];
    readonly observations: ReadonlyMap<Place, Observation>;
    readonly comparison: Pick<ComparisonContext, "feeding" | "isHuge" | "endsMatter">;
}

/** How long the gathering of one kind of facts may take in all, in milliseconds. */
const PATIENCE = 15_000;

/** Facts in time, or none: a report with a gap is better than none. Rejects as the promise does. */
export function inTime<T>(facts: Promise<T>): Promise<T | undefined> {
    return within(PATIENCE, facts);
}

/** The findings that the facts lead to. */
export function diagnose(facts: Facts): Section[] {
    const sections: Section[] = [
        { title: "Project", findings: projectFindings(facts.project) },
        { title: "Nix", findings: known(facts.nix, nixFindings) },
        { title: "Disk", findings: known(facts.disks, diskFindings) },
        { title: "VS Code", findings: launchFindings(facts.launch) },
        { title: "rustup", findings: known(facts.rustup, rustupFindings) },
    ];
    if (facts.changes === undefined) return [...sections, ...settingSections(facts, [])];
    const context: ComparisonContext = {
        ...facts.comparison,
        settings: facts.settings,
        isRustupAnswered: facts.rustup?.shell?.answer?.startsWith("/") ?? false,
    };
    return [
        ...sections,
        { title: "Rust in the dev shell", findings: known(facts.toolchain, toolchainFindings) },
        {
            title: "The same environment everywhere",
            findings: comparisonFindings(facts.observations, context),
        },
        ...settingSections(facts, facts.changes),
    ];
}

function settingSections(
    { settings, extensions }: Facts,
    changes: readonly Change[],
): readonly Section[] {
    return [
        { title: "Settings", findings: settingFindings(settings, changes) },
        { title: "Other extensions", findings: otherExtensionFindings(extensions) },
    ];
}

function known<T>(facts: T | undefined, findings: (facts: T) => Finding[]): Finding[] {
    if (facts !== undefined) return findings(facts);
    return [
        {
            level: "note",
            summary: "This could not be found out in time.",
            detail: "",
            remedies: [
                runs("Check again", "nixRust.checkSetup"),
                page("About Nix's problems", "https://nix.dev/guides/troubleshooting"),
            ],
        },
    ];
}
