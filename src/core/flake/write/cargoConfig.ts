import { readFileSync } from "node:fs";
import { join } from "node:path";
import { TARGETS } from "../../rust/distribution";

/** What cargo's own configuration asks of a toolchain, where no toolchain file does. */
export interface CargoDemand {
    /** Targets that `cargo build` builds for, other than the machine itself. */
    readonly targets: readonly string[];
    /** "nightly" where unstable features of cargo are switched on. */
    readonly channel: "stable" | "nightly";
}

/** What a toolchain for these machines has anyway. */
const HOSTS = ["x86_64-unknown-linux-gnu", "aarch64-unknown-linux-gnu", "aarch64-apple-darwin"];

/** Reads `.cargo/config.toml` and `Cargo.toml` in a folder; what can't be read asks for nothing. */
export async function cargoDemand(folder: string): Promise<CargoDemand> {
    const { parse } = await import("smol-toml");
    const read = (name: string): Readonly<Record<string, unknown>> => {
        try {
            return parse(readFileSync(join(folder, name), "utf8"));
        } catch {
            return {}; // Missing, half written, or not TOML.
        }
    };
    // cargo prefers the name without an ending where there are both.
    const config = { ...read(".cargo/config.toml"), ...read(".cargo/config") };
    const target = tableOf(config["build"])["target"];
    const targets = (Array.isArray(target) ? target : [target]).filter(
        (name): name is string =>
            typeof name === "string" && TARGETS.has(name) && !HOSTS.includes(name),
    );
    const features = read("Cargo.toml")["cargo-features"];
    const isUnstable =
        Object.keys(tableOf(config["unstable"])).length > 0 ||
        (Array.isArray(features) && features.length > 0);
    return { targets: [...new Set(targets)], channel: isUnstable ? "nightly" : "stable" };
}

function tableOf(value: unknown): Readonly<Record<string, unknown>> {
    return typeof value === "object" && value !== null
        ? (value as Readonly<Record<string, unknown>>)
        : {};
}
