import type { Failure } from "../failure/failure";
import type { Progress } from "../nix/progress";
import type { Snapshot } from "../snapshot";

/** What is the case with one folder's dev shell. `current` is the environment that is in use. */
export type ShellState =
    /** Nothing of ours. */
    | { readonly kind: "none" }
    /** A Rust folder that has no flake. */
    | { readonly kind: "no-flake" }
    /** There is a dev shell, and nobody is in it. */
    | { readonly kind: "outside"; readonly reason: OutsideReason }
    | {
          readonly kind: "capturing";
          readonly progress: Progress;
          readonly current: Snapshot | undefined;
      }
    | {
          readonly kind: "inside";
          readonly current: Snapshot;
          /** Files changed since, and nix was not asked because it is to be asked by hand only. */
          readonly stale: boolean;
      }
    | {
          readonly kind: "failed";
          readonly failure: Failure;
          readonly current: Snapshot | undefined;
      };

/** Why nobody is in the dev shell: the folder has no Rust, or the user has it so. */
export type OutsideReason = "not-rust" | "manual" | "left" | "cancelled";

/** The environment that is in use in this state. */
export function currentOf(state: ShellState): Snapshot | undefined {
    return "current" in state ? state.current : undefined;
}
