import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed, type Flake } from "./bed";

/** A Rust project in a git repository, with a flake that needs nothing but nix and bash. */
export async function rustProject(folder: string, flake: Flake = {}): Promise<string> {
    const { writeFlake, commit } = await bed();
    await writeFlake(folder, flake);
    writePackage(folder);
    await commit(folder);
    return folder;
}

/** The least that makes a folder one with Rust. */
function writePackage(folder: string): void {
    mkdirSync(join(folder, "src"), { recursive: true });
    writeFileSync(join(folder, "src/main.rs"), "fn main() {}\n");
    writeFileSync(join(folder, "Cargo.toml"), '[package]\nname = "a"\nversion = "0.1.0"\n');
}
