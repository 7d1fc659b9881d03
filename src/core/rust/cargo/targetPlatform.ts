/** A platform that a project is built for here: one of those that flakes are written for. */
export type BuildPlatform = "linux" | "darwin";

/** What rustc sets for each platform, apart from what differs between processors. */
const SET: Readonly<Record<BuildPlatform, ReadonlySet<string>>> = {
    linux: new Set([
        "unix",
        'target_os="linux"',
        'target_family="unix"',
        'target_env="gnu"',
        'target_vendor="unknown"',
        'target_endian="little"',
        'target_pointer_width="64"',
        'panic="unwind"',
    ]),
    darwin: new Set([
        "unix",
        'target_os="macos"',
        'target_family="unix"',
        'target_env=""',
        'target_vendor="apple"',
        'target_endian="little"',
        'target_pointer_width="64"',
        'panic="unwind"',
    ]),
};

const PROCESSORS = ["x86_64", "aarch64"];

/**
 * Whether what a manifest has under `[target.WHAT]` is for a platform, on any of its usual
 * processors. What can't be read is: leaving out a library is worse than one too many.
 *
 * @param custom what the project's own rustflags set with `--cfg`
 */
export function isForPlatform(
    target: string,
    platform: BuildPlatform,
    custom: ReadonlySet<string> = new Set(),
): boolean {
    const expression = /^\s*cfg\s*\(([^]*)\)\s*$/.exec(target)?.[1];
    if (expression === undefined) {
        const os = platform === "linux" ? "-linux-gnu" : "-apple-darwin";
        return PROCESSORS.some((processor) => target.startsWith(processor)) && target.includes(os);
    }
    const tokens = expression.match(/"[^"]*"|[\w-]+|[(),=]/g) ?? [];
    return PROCESSORS.some((processor) => {
        const own = new Set([`target_arch="${processor}"`, ...custom]);
        return evaluate(tokens, (option) => SET[platform].has(option) || own.has(option));
    });
}

/** Evaluates `any(…)`, `all(…)`, `not(…)`, `name` and `name = "value"`. */
function evaluate(tokens: readonly string[], isSet: (option: string) => boolean): boolean {
    let at = 0;
    const take = (token: string): boolean => {
        if (tokens[at] !== token) return false;
        at += 1;
        return true;
    };
    const list = (): boolean[] => {
        const values: boolean[] = [];
        while (at < tokens.length && !take(")")) {
            values.push(value());
            take(",");
        }
        return values;
    };
    const value = (): boolean => {
        const name = tokens[at++] ?? "";
        if (take("(")) {
            const values = list();
            if (name === "any") return values.some(Boolean);
            return name === "not" ? values[0] === false : values.every(Boolean);
        }
        if (name === "true" || name === "false") return name === "true";
        return take("=") ? isSet(`${name}=${tokens[at++]}`) : isSet(name);
    };
    return value();
}
