import { join } from "node:path";
import type { Environment } from "../environment/environment";

/** Cargo's own folder, which has what `cargo install` and rustup put into its `bin`. */
export function cargoHome(env: Environment, home: string): string {
    return env.get("CARGO_HOME") || join(home, ".cargo");
}
