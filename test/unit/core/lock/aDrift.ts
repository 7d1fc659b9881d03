import type { Drift } from "../../../../src/core/lock/drift";

/** A drift with only what a test is about. */
export function aDrift(part: Partial<Drift> = {}): Drift {
    return {
        state: "clean",
        also: [],
        notes: [],
        invisible: [],
        stale: [],
        trouble: undefined,
        inputs: [],
        ...part,
    };
}
