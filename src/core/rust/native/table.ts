import type { Platform } from "./needs";

/** What must hold for a row, besides that the crate is built. All that is given must. */
export interface Condition {
    /** The crate uses one of these. */
    readonly edges?: readonly string[];
    /** The crate uses none of these. */
    readonly withoutEdges?: readonly string[];
    /** One of these features of the crate is on. */
    readonly features?: readonly string[];
    /** None of these features of the crate is on. */
    readonly withoutFeatures?: readonly string[];
    /** One of these uses the crate. */
    readonly from?: readonly string[];
    /** Something else than these uses the crate. */
    readonly notFrom?: readonly string[];
    /** A package of the project uses the crate itself. */
    readonly direct?: boolean;
    /** One of these is built too. */
    readonly with?: readonly string[];
    /** None of these is built. */
    readonly without?: readonly string[];
    /** Some package has the crate run while building that uses none of these. */
    readonly ranWithout?: readonly string[];
    /** The crate's version, as Cargo.toml would ask for it. */
    readonly version?: string;
    /** One of these signs is in the project (see signs.ts). */
    readonly signs?: readonly string[];
}

/** A row of crates.json: what crates need, and when. README.md beside it tells how to add one. */
export interface CrateRow {
    readonly id: string;
    /** Names as in Cargo.lock. */
    readonly crates: readonly string[];
    readonly when?: Condition;
    /** Where it is needed; everywhere where it is left out. */
    readonly platform?: Platform;
    /** The crate builds without it; such rows are only shown when they are asked for. */
    readonly optional?: boolean;
    /** "likely" where even a build with the crate may not need it. */
    readonly certainty?: "likely";
    readonly nativeBuildInputs?: readonly string[];
    readonly buildInputs?: readonly string[];
    readonly linuxBuildInputs?: readonly string[];
    readonly darwinBuildInputs?: readonly string[];
    readonly runtimeLibraries?: readonly string[];
    readonly tools?: readonly string[];
    readonly packageInputs?: readonly string[];
    readonly environment?: Readonly<Record<string, string>>;
    readonly hardeningDisable?: readonly string[];
    /** The tools must have the crate's own version. */
    readonly exactVersion?: boolean;
    /** What the crate does with it, as a sentence for people. */
    readonly why: string;
    /** Where that is known from. */
    readonly source: string;
}

/** What is known of the manifest of a published crate, as far as it decides about native needs. */
export interface CrateFeatures {
    /** Which versions, as Cargo.toml would ask for them; all where it is left out. */
    readonly version?: string;
    readonly features: Readonly<Record<string, readonly string[]>>;
    /** The dependencies that something depends on; the others count as always there. */
    readonly dependencies: Readonly<Record<string, CrateFeatureDependency>>;
}

export interface CrateFeatureDependency {
    readonly optional?: boolean;
    /**
     * A feature names it weakly (`x?/f`), so that cargo locks it though nobody may ask for it
     * (rust-lang/cargo#10801).
     */
    readonly weak?: boolean;
    readonly features?: readonly string[];
    readonly defaultFeatures?: boolean;
    readonly target?: string;
    /** Its real name, where features call it differently. */
    readonly package?: string;
}

/** What libraries and programs are called outside of nixpkgs, and there. */
export interface KnownLibraries {
    /** By the name of the `.pc` file. */
    readonly pkgConfig: Readonly<Record<string, string>>;
    /** By the name after `-l`. */
    readonly linked: Readonly<Record<string, string>>;
    /** The attributes that are not on macOS. */
    readonly linuxOnly: readonly string[];
    /** By the name of the program. */
    readonly programs: Readonly<Record<string, string>>;
}

export interface NativeTable {
    readonly rows: readonly CrateRow[];
    /** All crates that rows are about, or that their conditions name as used. */
    readonly names: ReadonlySet<string>;
    readonly libraries: KnownLibraries;
    readonly features: ReadonlyMap<string, readonly CrateFeatures[]>;
}

let loaded: Promise<NativeTable> | undefined;

/** The reviewed data, read on first use. */
export function nativeTable(): Promise<NativeTable> {
    return (loaded ??= load());
}

async function load(): Promise<NativeTable> {
    const [crates, features, libraries] = await Promise.all([
        import("./crates.json"),
        import("./crateFeatures.json"),
        import("./libraries.json"),
    ]);
    const rows = crates.default as readonly CrateRow[];
    const known: Readonly<Record<string, CrateFeatures | readonly CrateFeatures[]>> =
        features.default;
    return {
        rows,
        names: new Set(rows.flatMap(namesIn)),
        libraries: libraries.default,
        features: new Map(
            Object.entries(known).map(([name, value]) => [name, [value].flat() as CrateFeatures[]]),
        ),
    };
}

function namesIn({ crates, when }: CrateRow): string[] {
    return [...crates, ...(when?.edges ?? []), ...(when?.withoutEdges ?? [])];
}
