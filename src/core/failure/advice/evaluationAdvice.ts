import type { AdviceTable } from "./advice";
import { needsBuild, NO_TOOLCHAIN } from "./causes";
import { about, at, capital, named, quoted } from "./wording";

/** Failures while nix evaluates. */
export const EVALUATION_ADVICE = {
    unfree: {
        message: (failure) =>
            `${capital(named(failure, "A package"))} has a licence that is not free, and nixpkgs, the collection of packages, refuses those unless told otherwise. Set config.allowUnfree = true where flake.nix imports nixpkgs.`,
        fixes: ["allow-package", "open-flake"],
    },
    insecure: {
        message: (failure) =>
            `${capital(named(failure, "A package"))} has known security problems, so it is refused. Use another version, or list it in config.permittedInsecurePackages where flake.nix imports nixpkgs.`,
        fixes: ["allow-package", "open-flake"],
    },
    broken: {
        message: (failure) =>
            `${capital(named(failure, "A package"))} is marked as broken, so it is refused. Use another version or package, or update nixpkgs.`,
        fixes: ["update-input", "open-flake"],
    },
    "unsupported-platform": {
        message: (failure) =>
            `${capital(named(failure, "A package"))} is not available for this system. Leave it out of the dev shell here.`,
        fixes: ["open-flake"],
    },
    "pure-eval": {
        message: (failure) =>
            `The flake uses something outside of itself${about(failure)}${at(failure)}, which Nix forbids unless impure evaluation is allowed. Change the flake, or allow it.`,
        fixes: ["replace-attribute", "open-place", "open-setting-impure"],
    },
    "missing-attr": {
        message: (failure) =>
            failure.subject === "rust-bin"
                ? `There is no “rust-bin” in pkgs${at(failure)}: it comes from rust-overlay, which is not applied. Add it to the overlays where flake.nix imports nixpkgs.`
                : SYSTEM.test(failure.subject)
                  ? `Something that the flake uses has nothing for the system ${named(failure, "")}${at(failure)}. Update the input that it is from, or leave it out on this system.`
                  : `There is no ${named(failure, "attribute of that name")} where the flake looks for it${at(failure)}. It may be misspelt, or not in the pinned version of an input.`,
        fixes: [
            "add-rust-overlay",
            "replace-attribute",
            "open-place",
            "update-input",
            "open-flake",
        ],
    },
    syntax: {
        message: (failure) =>
            `There is a syntax error${at(failure)}${quoted(failure.detail.replace(/^syntax error, /, ""))}.`,
        fixes: ["replace-attribute", "open-place", "open-flake"],
    },
    "undefined-var": {
        message: (failure) =>
            `The name ${named(failure, "that is used")} is not defined${at(failure)}. It may be misspelt, or missing from the arguments.`,
        fixes: ["replace-attribute", "open-place", "open-flake"],
    },
    "infinite-recursion": {
        message: (failure) =>
            `The flake refers to itself without end${at(failure)}. Look for a value that is defined by itself.`,
        fixes: ["open-place", "open-flake"],
    },
    abort: {
        message: (failure) =>
            `The flake stopped on purpose${at(failure)}${quoted(failure.subject || failure.detail)}.`,
        fixes: ["open-place", "open-flake"],
    },
    assertion: {
        message: (failure) =>
            `A condition that the flake requires does not hold${at(failure)}${quoted(failure.detail)}.`,
        fixes: ["open-place", "open-flake"],
    },
    "eval-other": {
        message: (failure) =>
            failure.detail === ""
                ? "Nix failed without saying why. See the log."
                : NO_GIT_HASH.test(failure.detail)
                  ? `The flake has no hash for “${NO_GIT_HASH.exec(failure.detail)?.[1] ?? ""}”, which Cargo.lock takes from Git. Add it to the outputHashes of importCargoLock, or of cargoLock, in flake.nix.`
                  : NO_TOOLCHAIN.test(failure.detail)
                    ? `rust-overlay does not have the toolchain that the flake asks for${quoted(failure.detail)}. Correct rust-toolchain.toml or flake.nix; a version that is new needs a newer rust-overlay.`
                    : needsBuild(failure)
                      ? `To evaluate the flake${at(failure)}, Nix would have to build something first (import from derivation), which it is told not to do. Set allow-import-from-derivation = true in nix.conf, or leave that package out.`
                      : SPECIAL_FILE.test(failure.detail)
                        ? `Nix can't copy “${SPECIAL_FILE.exec(failure.detail)?.[1] ?? ""}” because it is a socket, a device or a pipe. Remove it, or keep it outside of the flake's folder.`
                        : `${/^fatal: /.test(failure.detail) ? "Git" : "Nix"} stopped with an error${at(failure)}${quoted(failure.detail.replace(/^fatal: /, ""))}.`,
        fixes: [
            "replace-attribute",
            "update-input",
            "open-place",
            "open-flake",
            "open-nix-conf",
            "retry",
        ],
    },
} satisfies AdviceTable;

const SYSTEM = /^(?:x86_64|aarch64|i686|armv7l|riscv64)-(?:linux|darwin)$/;

/** Of nixpkgs' importCargoLock. */
const NO_GIT_HASH = /No hash was found while vendoring the git dependency ([\w.+-]+?)\. /;

/** A socket, a device or a pipe, which has no place in the store. */
const SPECIAL_FILE = /^file '([^'\n]+)' has an unsupported type/;
