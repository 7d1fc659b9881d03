import { bind, call, operation, set, type Entry, type Item, type Nix } from "./layout";
import { commentText, isIdentifier, nixName, nixString } from "./nixText";
import type { NeededAttribute, NeededValue, ShellNeeds } from "./plan";

/** How many crates a comment names as the reason of a line. */
const NAMED_CRATES = 3;

type Named = "nativeBuildInputs" | "buildInputs" | "hardeningDisable";

/** The statements that a shell, or a package, has for the project's native needs. */
export function nativeEntries(needs: ShellNeeds): readonly Entry[] {
    const names: readonly Named[] = ["nativeBuildInputs", "buildInputs", "hardeningDisable"];
    return names.flatMap((name) => {
        const value = byPlatform(needs[name], name === "hardeningDisable" ? nixString : attribute);
        return value === undefined ? [] : [bind(name, value)];
    });
}

/** Programs for the dev shell; those of one platform are lists of their own. */
export function toolsOf({ tools }: ShellNeeds): { items: readonly Item[]; lists: readonly Nix[] } {
    return {
        items: items(on("all", tools), attribute),
        lists: platformLists(tools, attribute),
    };
}

/** Variables by the platform that they are for, "all" or "linux". */
export function variables({ environment }: ShellNeeds, platform: "all" | "linux"): Entry[] {
    return on(platform, environment).map(({ name, value, reasons }) =>
        bind(nixName(name), `"${value}"`, `For ${crates(reasons)}.`),
    );
}

const WHY_RUNTIME_PATH =
    "Libraries that are looked up by name when the program runs. All that is started in this shell " +
    "sees them, programs of the system, too: name nothing that is only linked. (The Nix Rust " +
    "extension keeps this variable from the editor's own programs.)";

/**
 * LD_LIBRARY_PATH for what is opened at run time. The variable reaches every program that is
 * started in the shell, so it is there only if need be; the extension keeps it to itself.
 */
export function runtimePath({ runtimeLibraries }: ShellNeeds): Entry | undefined {
    const libraries = runtimeLibraries.filter(({ platform }) => platform !== "darwin");
    if (libraries.length === 0) return undefined;
    const value = call("lib.makeLibraryPath", {
        kind: "list",
        items: items(libraries, attribute),
    });
    return bind("LD_LIBRARY_PATH", value, WHY_RUNTIME_PATH);
}

/** `[ … ] ++ lib.optionals … [ … ]`; undefined where nothing is needed. */
function byPlatform(
    needed: readonly NeededAttribute[],
    write: (name: string) => string,
): Nix | undefined {
    const common = items(on("all", needed), write);
    const lists: Nix[] = common.length > 0 ? [{ kind: "list", items: common }] : [];
    const [first, ...rest] = [...lists, ...platformLists(needed, write)];
    return first === undefined ? undefined : operation("++", first, ...rest);
}

function platformLists(needed: readonly NeededAttribute[], write: (name: string) => string): Nix[] {
    return (["linux", "darwin"] as const).flatMap((platform) => {
        const own = items(on(platform, needed), write);
        const question = platform === "linux" ? "isLinux" : "isDarwin";
        if (own.length === 0) return [];
        return [
            call(`lib.optionals pkgs.stdenv.hostPlatform.${question}`, {
                kind: "list",
                items: own,
            }),
        ];
    });
}

function on<T extends { readonly platform: string }>(platform: string, all: readonly T[]): T[] {
    return all.filter((one) => one.platform === platform);
}

function items(needed: readonly NeededAttribute[], write: (name: string) => string): Item[] {
    return needed.map(({ attribute: name, reasons }) => ({
        value: write(name),
        comment: reasons.length === 0 ? undefined : crates(reasons),
    }));
}

/** An attribute path below pkgs. */
function attribute(path: string): string {
    const names = path.split(".").map((name) => (isIdentifier(name) ? name : nixString(name)));
    return ["pkgs", ...names].join(".");
}

function crates(reasons: NeededValue["reasons"]): string {
    const names = [...new Set(reasons.map(({ crate }) => commentText(crate)))];
    const shown = names.slice(0, NAMED_CRATES);
    return [...shown, ...(names.length > shown.length ? ["…"] : [])].join(", ");
}

/** `{ … } // lib.optionalAttrs isLinux { … }`; undefined where there is no variable. */
export function environment(all: readonly Entry[], linux: readonly Entry[]): Nix | undefined {
    const ofLinux = call("lib.optionalAttrs pkgs.stdenv.hostPlatform.isLinux", set(...linux));
    if (all.length === 0) return linux.length === 0 ? undefined : ofLinux;
    return operation("//", set(...all), ...(linux.length === 0 ? [] : [ofLinux]));
}
