import type { Failure } from "../failure";

/** What rust-overlay says (lib/rust-bin.nix). */
export const NO_TOOLCHAIN =
    /^(?:Unknown channel: |(?:Stable|Nightly|Beta) \S+ is not available|No stable \S+ is available|Component resolution failed for |Rust \S+ doesn't have profile )/;

/** What nixpkgs from 25.11 on makes of the archives of an older rust-overlay: files without a name. */
export const OUTDATED_OVERLAY = /do not know how to unpack source archive \S+-unknown\b/;

/** Whether nix was to build something in order to evaluate, and may not. */
export function needsBuild({ detail }: Failure): boolean {
    return /the option 'allow-import-from-derivation' is disabled/.test(detail);
}
