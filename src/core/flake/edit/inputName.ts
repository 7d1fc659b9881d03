import { isIdentifier } from "../write/nixText";

/** A name for an input, from its reference: the repository's; "" where that tells none. */
export function suggestedInputName(reference: string, taken: readonly string[]): string {
    const [path = ""] = reference.replace(/^[a-z+]+:/, "").split(/[?#]/);
    const parts = path.split("/").filter((part) => part !== "");
    // github:OWNER/REPO/BRANCH, and addresses whose last part is the name.
    const isForge = /^(github|gitlab|sourcehut):/.test(reference);
    const part = isForge ? parts[1] : parts.at(-1);
    const name = (part ?? "").replace(/\.(git|nix|tar\.\w+|zip)$/, "").replace(/[^\w'-]/g, "-");
    return isIdentifier(name) && !taken.includes(name) ? name : "";
}
