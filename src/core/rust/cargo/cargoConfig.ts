import { dirname, join } from "node:path";
import { readTextFile } from "../../textFile";
import { parseToml, table, texts, type Table } from "./toml";

/** What of cargo's own configuration decides what a build runs. */
export interface CargoConfig {
    /** The targets that are built by default; none for the machine's own. */
    readonly targets: readonly string[];
    /** For each target with settings of its own, and for all (`undefined`). */
    readonly perTarget: readonly TargetConfig[];
    /** What stands before rustc, such as sccache. */
    readonly wrapper: string | undefined;
}

export interface TargetConfig {
    /** A triple or `cfg(…)`; undefined for all. */
    readonly target: string | undefined;
    readonly linker: string | undefined;
    /** The program that runs what was built. */
    readonly runner: string | undefined;
    readonly rustflags: readonly string[];
}

/**
 * Reads `.cargo/config.toml`, or the older `.cargo/config`, of a folder and those above it up to
 * and including `top`; the nearest one counts first.
 */
export async function readCargoConfig(folder: string, top: string): Promise<CargoConfig> {
    const configs: CargoConfig[] = [];
    for (let at = folder; ; at = dirname(at)) {
        const text =
            readTextFile(join(at, ".cargo", "config.toml")) ??
            readTextFile(join(at, ".cargo", "config"));
        const config = text === undefined ? undefined : await parseCargoConfig(text);
        if (config !== undefined) configs.push(config);
        if (at === top || at === dirname(at)) break;
    }
    return {
        targets: configs.find(({ targets }) => targets.length > 0)?.targets ?? [],
        perTarget: configs.flatMap(({ perTarget }) => perTarget),
        wrapper: configs.find(({ wrapper }) => wrapper !== undefined)?.wrapper,
    };
}

/** Reads the text of a configuration; undefined where it is not TOML. */
export async function parseCargoConfig(text: string): Promise<CargoConfig | undefined> {
    const toml = await parseToml(text);
    if (toml === undefined) return undefined;
    const build = table(toml["build"]);
    const targets = Object.entries(table(toml["target"]));
    return {
        targets: words(build["target"]),
        perTarget: [
            { target: undefined, linker: undefined, runner: undefined, ...flags(build) },
            ...targets.map(([target, value]) => {
                const own = table(value);
                const [runner] = words(own["runner"]);
                return { target, linker: words(own["linker"])[0], runner, ...flags(own) };
            }),
        ],
        wrapper: words(build["rustc-wrapper"])[0],
    };
}

/** What the flags set with `--cfg`, as `name` or `name="value"`. */
export function customOptions({ perTarget }: CargoConfig): Set<string> {
    return new Set(
        perTarget.flatMap(({ rustflags }) =>
            rustflags.flatMap((flag, index) => {
                const [, joined] = /^--cfg=(.+)$/.exec(flag) ?? [];
                return joined ?? (flag === "--cfg" ? (rustflags[index + 1] ?? []) : []);
            }),
        ),
    );
}

function flags(value: Table): Pick<TargetConfig, "rustflags"> {
    return { rustflags: words(value["rustflags"]) };
}

/** A list, or one text with spaces between: cargo takes both. */
function words(value: unknown): string[] {
    if (typeof value === "string") return value.split(/\s+/).filter((word) => word !== "");
    return texts(value);
}
