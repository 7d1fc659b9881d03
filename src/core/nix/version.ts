/** Which nix, and how new; its command line differs by both. */
export interface NixVersion {
    readonly implementation: "nix" | "lix" | "determinate";
    readonly major: number;
    readonly minor: number;
    /** As nix prints it, such as "2.34.8". */
    readonly text: string;
}

const VERSION = /^nix \((Nix|Lix, like Nix|Determinate Nix [\d.]+)\) ((\d+)\.(\d+)(?:\.\d+)?\S*)/m;

/** Reads the output of `nix --version`; undefined where it is something else's. */
export function parseNixVersion(output: string): NixVersion | undefined {
    const match = VERSION.exec(output);
    if (match === null) return undefined;
    const [, name = "", text = "", major, minor] = match;
    const implementation = name.startsWith("Lix")
        ? "lix"
        : name.startsWith("Determinate")
          ? "determinate"
          : "nix";
    return { implementation, major: Number(major), minor: Number(minor), text };
}

/** The oldest nix with flakes as they are now; `nix develop` came with 2.4. */
export function hasFlakes(version: NixVersion): boolean {
    return (
        version.implementation !== "nix" ||
        version.major > 2 ||
        (version.major === 2 && version.minor >= 4)
    );
}
