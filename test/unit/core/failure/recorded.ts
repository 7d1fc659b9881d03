import { readFileSync } from "node:fs";

/** One failure as nix left it, with what is to be recognised in it. */
export interface Recorded {
    readonly nix: string;
    readonly format: "plain" | "internal-json";
    readonly exit: number;
    readonly stderr: string;
    readonly kind: string;
    readonly subject: string;
    /** The file's name, line and column: `flake.nix:2:58`. */
    readonly place: string | null;
}

const FILE = "test/fixtures/nix-failures.json";

/** Failures recorded on real nix, by scenario. */
export function recordedFailures(): ReadonlyMap<string, readonly Recorded[]> {
    const { scenarios } = JSON.parse(readFileSync(FILE, "utf8")) as {
        scenarios: Record<string, { runs: Recorded[] }>;
    };
    return new Map(Object.entries(scenarios).map(([name, { runs }]) => [name, runs]));
}
