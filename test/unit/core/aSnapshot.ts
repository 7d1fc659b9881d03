import type { Snapshot } from "../../../src/core/snapshot";

/** A snapshot where a test cares for some of its parts only. */
export function aSnapshot(parts: Partial<Snapshot> = {}): Snapshot {
    return {
        flakeFolder: "/work/app",
        shell: undefined,
        changes: [],
        omitted: [],
        toolchain: undefined,
        root: "/nix/store/x-env",
        storePaths: [],
        fingerprint: "",
        watched: "",
        basis: "",
        nixVersion: "2.34.8",
        takenAt: Date.UTC(2026, 0, 2, 3, 4, 5),
        ...parts,
    };
}
