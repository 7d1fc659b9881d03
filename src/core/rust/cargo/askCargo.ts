import { dirname } from "node:path";
import type { Environment } from "../../environment/environment";
import type { Run } from "../../process";
import { metadataArguments } from "./metadata";
import type { BuildPlatform } from "./targetPlatform";

export interface CargoCall {
    /** The dev shell's own cargo. */
    readonly cargo: string;
    /** Absolute path of the Cargo.toml. */
    readonly manifest: string;
    /** The environment inside the dev shell. */
    readonly env: Environment;
    readonly run: Run;
}

/** How long cargo may take, in milliseconds: it reads what it has downloaded, and no more. */
const PATIENCE = 15_000;

const PLATFORMS: readonly BuildPlatform[] = ["linux", "darwin"];

/**
 * What `cargo metadata` prints, by platform. Nothing where cargo can't tell: crates that were never
 * downloaded for that platform, or a Cargo.lock that is not up to date.
 */
export async function askCargo(call: CargoCall): Promise<ReadonlyMap<BuildPlatform, string>> {
    const { cargo, manifest, env, run } = call;
    const found = new Map<BuildPlatform, string>();
    // One after the other: cargo locks its own folder.
    for (const platform of PLATFORMS) {
        const result = await run({
            command: cargo,
            args: [...metadataArguments(platform, "x86_64"), "--manifest-path", manifest],
            cwd: dirname(manifest),
            env,
            signal: undefined,
            timeout: PATIENCE,
            output: "keep",
        });
        if (result.kind === "exited" && result.code === 0) found.set(platform, result.stdout);
    }
    return found;
}
