/** The system that nix builds for on a machine, in nix's words, such as "aarch64-darwin". */
export function hostSystem(platform: string, arch: string): string {
    const processor = { arm64: "aarch64", x64: "x86_64", ia32: "i686" }[arch] ?? arch;
    return `${processor}-${platform}`;
}
