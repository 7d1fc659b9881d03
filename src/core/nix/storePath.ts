import { createHash } from "node:crypto";

/** Nix's digits of base 32: without e, o, t and u. */
const DIGITS = "0123456789abcdfghijklmnpqrsvwxyz";

/** Bytes of the hash in a store path. */
const HASH_BYTES = 20;

/**
 * The store path of a fetched flake input, from the `narHash` that flake.lock has for it. Nix
 * computes it the same way (`makeFixedOutputPath` in nix/src/libstore/store-dir-config.cc), so it
 * is known without evaluating or fetching anything.
 *
 * @param narHash as in flake.lock, "sha256-…" in base 64
 * @param store the store's folder, such as "/nix/store"
 * @returns undefined where the hash is of another kind
 */
export function sourcePath(narHash: string, store: string): string | undefined {
    const [, base64] = /^sha256-([A-Za-z0-9+/]{43}=)$/.exec(narHash) ?? [];
    if (base64 === undefined) return undefined;
    const hex = Buffer.from(base64, "base64").toString("hex");
    const digest = createHash("sha256").update(`source:sha256:${hex}:${store}:source`).digest();
    return `${store}/${base32(folded(digest))}-source`;
}

/** Shortens a hash by xor, as nix does for store paths. */
function folded(digest: Buffer): Buffer {
    const result = Buffer.alloc(HASH_BYTES);
    digest.forEach((byte, i) => {
        const at = i % HASH_BYTES;
        result[at] = (result[at] ?? 0) ^ byte;
    });
    return result;
}

/** Nix's base 32: five bits a digit, from the last byte's end to the first byte's start. */
function base32(bytes: Buffer): string {
    let text = "";
    for (let n = Math.ceil((bytes.length * 8) / 5) - 1; n >= 0; n--) {
        const bit = n * 5;
        const at = Math.floor(bit / 8);
        const word = (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
        text += DIGITS[(word >> (bit % 8)) & 31];
    }
    return text;
}
