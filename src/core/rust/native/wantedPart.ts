import { isAttributePath } from "../../flake/edit/attributePath";
import { nameInEveryNixpkgs } from "./attributeNames";
import type { MissingPart, NeedKind } from "./buildFailure";

/** A package of nixpkgs that a failed build asked for, and the list in which it belongs. */
export interface WantedPart {
    readonly attribute: string;
    readonly kind: NeedKind;
    /** What the build named: `alsa.pc`. */
    readonly name: string;
}

export function wantedParts(missing: readonly MissingPart[]): WantedPart[] {
    return missing.flatMap(({ name, packages }) =>
        packages.map(({ attribute, kind }) => ({
            attribute: nameInEveryNixpkgs(attribute),
            kind,
            name,
        })),
    );
}

const KINDS: readonly string[] = ["nativeBuildInputs", "buildInputs", "runtimeLibraries"];

/** The parts in a command's argument; anybody can run a command with anything. */
export function wantedPartsIn(argument: unknown): WantedPart[] {
    if (!Array.isArray(argument)) return [];
    return argument.flatMap((item: unknown) => {
        if (typeof item !== "object" || item === null) return [];
        const { attribute, kind, name } = item as Record<string, unknown>;
        if (typeof attribute !== "string" || !isAttributePath(attribute)) return [];
        if (typeof kind !== "string" || !KINDS.includes(kind)) return [];
        return [{ attribute, kind: kind as NeedKind, name: typeof name === "string" ? name : "" }];
    });
}
