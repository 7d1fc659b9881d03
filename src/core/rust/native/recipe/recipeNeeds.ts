import { basename } from "node:path";
import type { BuildPlatform } from "../../cargo/targetPlatform";
import { LIBRARIES, PKG_CONFIG, PROGRAMS } from "../buildFailureNames";
import type { Match } from "../suggest";
import type { CrateRow, KnownLibraries } from "../table";
import { cargoToolsIn } from "./cargoTools";
import { packagesOfNixShell } from "./nixShell";
import type { Recipe } from "./recipe";
import { systemPackagesIn } from "./systemPackages";

const PLATFORMS: readonly BuildPlatform[] = ["linux", "darwin"];

type Given = Pick<CrateRow, "nativeBuildInputs" | "buildInputs" | "tools" | "runtimeLibraries">;

/** What a recipe says, and how much that tells of a developer's needs. */
interface Said {
    readonly give: Given;
    readonly why: string;
    readonly platform: "all" | "linux";
    /** Whether it is shown only, for the user to take. */
    readonly isOptional: boolean;
}

/**
 * What the project's other files ask for. What people run or had in their dev shell is suggested;
 * what only other machines install is shown, as those lists grow old.
 */
export async function recipeNeeds(
    recipes: readonly Recipe[],
    libraries: KnownLibraries,
): Promise<Match[]> {
    const found = await Promise.all(
        recipes.map(async (recipe) => {
            const said = await saidBy(recipe, libraries);
            return said.flatMap((one) => matchesOf(recipe.file, one));
        }),
    );
    return found.flat();
}

/** The programs that run tasks, by their files; make is in every dev shell. */
const RUNNERS: readonly (readonly [file: RegExp, attribute: string])[] = [
    [/^\.?justfile$/i, "just"],
    [/^makefile\.toml$/i, "cargo-make"],
    [/^taskfile\.ya?ml$/i, "go-task"],
];

async function saidBy({ file, kind, text }: Recipe, libraries: KnownLibraries): Promise<Said[]> {
    const { linuxOnly } = libraries;
    const platformOf = (attribute: string): Said["platform"] =>
        linuxOnly.includes(attribute) ? "linux" : "all";
    if (kind === "shell") {
        const listed = await packagesOfNixShell(text);
        return listed.map(({ attribute, platform, use }) => ({
            give: {
                [use === "runtime" ? "runtimeLibraries" : listFor(attribute, libraries)]: [
                    attribute,
                ],
            },
            why: "The dev shell that the project has had lists it.",
            platform: platform === "linux" ? platform : platformOf(attribute),
            isOptional: false,
        }));
    }
    const isOptional = kind !== "tasks";
    const runners = RUNNERS.filter(([name]) => name.test(basename(file))).map(
        ([, attribute]): Said => ({
            give: { tools: [attribute] },
            why: `${attribute} runs its tasks.`,
            platform: "all",
            isOptional: false,
        }),
    );
    const tools = cargoToolsIn(text).map(({ name, attribute }): Said => ({
        give: { tools: [attribute] },
        why: kind === "tasks" ? `It runs ${name}.` : `It uses ${name}.`,
        platform: "all",
        isOptional,
    }));
    const packages = systemPackagesIn(text, libraries).map(({ name, attribute, list }): Said => ({
        give: { [list]: [attribute] },
        why: `It installs ${name}.`,
        platform: platformOf(attribute),
        isOptional: true,
    }));
    return [...runners, ...tools, ...packages];
}

/** Where a package belongs, as far as it is known; what is not is a tool like others. */
function listFor(
    attribute: string,
    { pkgConfig, linked }: KnownLibraries,
): "nativeBuildInputs" | "buildInputs" | "tools" {
    if (Object.values(PROGRAMS).includes(attribute)) return "nativeBuildInputs";
    const isLibrary = [pkgConfig, linked, PKG_CONFIG, LIBRARIES].some((table) =>
        Object.values(table).includes(attribute),
    );
    return isLibrary ? "buildInputs" : "tools";
}

function matchesOf(file: string, { give, why, platform, isOptional }: Said): Match[] {
    const row: CrateRow = {
        id: "recipe",
        crates: [file],
        certainty: "likely",
        optional: isOptional,
        why,
        source: file,
        ...give,
    };
    const reason = { crate: file, version: undefined, rule: why, path: [file] };
    return PLATFORMS.filter((one) => platform === "all" || platform === one).map((one) => ({
        row,
        version: "",
        reason,
        group: 0,
        platform: one,
    }));
}
