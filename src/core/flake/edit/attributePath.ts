import { isIdentifier } from "../write/nixText";

/** Whether a text names a package: `openssl`, `python3Packages.numpy`. */
export function isAttributePath(text: string): boolean {
    return text.split(".").every(isIdentifier);
}
