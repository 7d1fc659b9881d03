/**
 * The installable of a dev shell of the flake in the working directory: `.` for its default one.
 *
 * A path never goes into a flake reference: nix reads `#`, `?` and blanks in it in its own way
 * (the reference on nix, section 1.9).
 */
export function shellInstallable(shell: string | undefined): string {
    return shell === undefined ? "." : `.#${attributeName(shell)}`;
}

const PLAIN_NAME = /^[A-Za-z_][\w'-]*$/;

/**
 * An attribute's name as nix's command line wants it: percent-encoded first, quoted then. Nix has no
 * escapes inside the quotes, so it can't be told a name that has a quote itself.
 */
function attributeName(name: string): string {
    return PLAIN_NAME.test(name) ? name : `"${encodeURIComponent(name)}"`;
}
