import { callNix, type Nix } from "./nix";

const answers = new Map<string, string>();

/** The system that this nix builds for, such as "x86_64-linux". Asked once for each nix. */
export async function currentSystem(nix: Nix, signal: AbortSignal | undefined): Promise<string> {
    const known = answers.get(nix.executable);
    if (known !== undefined) return known;
    const args = ["eval", "--impure", "--raw", "--expr", "builtins.currentSystem"];
    const system = await callNix(nix, { args, cwd: "/", signal });
    answers.set(nix.executable, system);
    return system;
}
