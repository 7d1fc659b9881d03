import type { Failure } from "./failure";
import { renamedPackage } from "./renamedPackages";

/** What nix, nixpkgs or we know to be meant by a name that is not there, best first. */
export function suggestions({ kind, subject, detail }: Failure): string[] {
    const didYouMean = /Did you mean ([^\n?]+)\?/.exec(detail)?.[1] ?? "";
    const nix = didYouMean
        .replace(/^one of /, "")
        .split(/,\s*|\s+or\s+/)
        .map((name) => name.replace(/^['"‘`]|['"’`]$/g, "").trim());
    const renamed =
        /'([\w.-]+)' has been (?:renamed to\/replaced by|renamed to|replaced by|replaced with) '([\w.-]+)'/.exec(
            detail.replace(/[‘’"`]/g, "'"),
        )?.[2];
    const isName = kind === "missing-attr" || kind === "undefined-var";
    const known = isName ? renamedPackage(subject) : undefined;
    return [...new Set([renamed, known, ...nix])].filter(
        (name): name is string => name !== undefined && name !== "",
    );
}

/** The name that a failure is about, as it is written in the flake. */
export function wrongName({ kind, subject, detail }: Failure): string | undefined {
    if (kind === "missing-attr" || kind === "undefined-var") return subject || undefined;
    return /'([\w.-]+)' has been (?:renamed|replaced)/.exec(detail.replace(/[‘’"`]/g, "'"))?.[1];
}
