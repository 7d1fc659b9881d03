import type { Failure, FailureKind } from "./failure";
import type { FixId } from "./fix";
import { suggestions } from "./suggestions";

interface Advice {
    readonly message: string | ((failure: Failure) => string);
    readonly fixes?: readonly FixId[];
}

/** What to tell people about a failure, and the buttons that help, best first. */
export function sentenceFor(failure: Failure): { message: string; fixes: readonly FixId[] } {
    const { message, fixes = [] } = ADVICE[failure.kind];
    return {
        message: typeof message === "string" ? message : message(failure),
        fixes: fixes.filter((fix) => isPossible(fix, failure)),
    };
}

function isPossible(fix: FixId, failure: Failure): boolean {
    switch (fix) {
        case "open-place":
            return failure.place !== undefined;
        case "track-file":
            return failure.subject !== "";
        case "open-nix-conf":
            if (failure.kind === "http-404") return /\bgit(?:hub|lab)\./.test(failure.subject);
            return failure.kind !== "eval-other" || needsBuild(failure);
        case "show-builder-log":
            return logDerivation(failure) !== undefined;
        case "update-input":
            if (failure.kind === "builder-failed") return OUTDATED_OVERLAY.test(failure.detail);
            return failure.kind !== "eval-other" || NO_TOOLCHAIN.test(failure.detail);
        case "replace-attribute":
            return suggestions(failure).length > 0 || isKnownMistake(failure);
        case "replace-hash":
            return /specified:\s*\S+\s*got:\s*\S+/.test(failure.detail);
        case "add-rust-overlay":
            return failure.subject === "rust-bin" || failure.subject === "fenix";
        case "add-argument":
        case "allow-package":
            return failure.subject !== "";
        default:
            return true;
    }
}

/** The derivation whose build log there is to see; undefined where the failure names none. */
export function logDerivation({ detail }: Failure): string | undefined {
    return /\/[^\s'"]*\/[0-9a-z]{32}-[^\s'"]+\.drv/.exec(detail)?.[0];
}

/** Mistakes that `problem/repairs.ts` can mend without a suggestion of nix. */
function isKnownMistake({ kind, subject, detail }: Failure): boolean {
    switch (kind) {
        case "missing-attr":
            return subject === "rust";
        case "syntax":
            return /expecting ';'/.test(detail);
        case "pure-eval":
            return subject === "<nixpkgs>";
        case "eval-other":
            return /apple_sdk|cannot coerce a set to a string/.test(detail);
        default:
            return kind === "bad-input-attr" || kind === "bad-input-url";
    }
}

const ADVICE: Record<FailureKind, Advice> = {
    // Outside nix.
    platform: {
        message:
            "Nix does not run on this system itself. On Windows, open the folder in WSL, in a container or over SSH.",
    },
    "folder-missing": { message: "The project's folder does not exist any more." },
    "flake-below": {
        message: ({ subject }) =>
            `This folder has no flake.nix, but “${subject}” in it has one. Open that folder to be in its dev shell.`,
        fixes: ["open-flake-folder", "generate-flake"],
    },
    "nix-unusable": {
        message: ({ detail }) =>
            `The program that should be Nix could not be started${quoted(detail)}. Choose another one, or install Nix again.`,
        fixes: ["choose-nix", "install-nix"],
    },
    "nix-too-old": {
        message: ({ detail }) =>
            `This version of Nix is too old for flakes${quoted(detail)}: version 2.4 or later is needed. Update Nix, or choose another one.`,
        fixes: ["choose-nix", "install-nix"],
    },
    "hook-exited": {
        message: ({ detail }) =>
            `The dev shell's start-up script (shellHook) ended with an error${quoted(detail)}. See the log for what it printed.`,
        fixes: ["open-flake", "retry"],
    },
    "hook-replaced": {
        message:
            "The dev shell's start-up script (shellHook) ended the shell or started another program in its place, so its environment can't be read. Remove the exit or exec from it.",
        fixes: ["open-flake", "retry"],
    },
    "hook-timeout": {
        message:
            "The dev shell's start-up script (shellHook) did not finish in time. It may wait for input, or need a longer limit.",
        fixes: ["raise-hook-timeout", "retry", "open-flake"],
    },
    "git-refused": {
        message: (failure) =>
            `Git did not add ${named(failure, "a file")}${quoted(failure.detail.replace(/^fatal: /, ""))}. If another git was killed in this repository, remove .git/index.lock; then try again.`,
        fixes: ["retry"],
    },
    storage: {
        message: ({ detail }) =>
            `The extension can't write to its own storage${quoted(detail)}. Check free space and permissions, then try again.`,
        fixes: ["retry"],
    },
    internal: {
        message: ({ detail }) =>
            `Something went wrong in the extension itself${quoted(detail)}. Please report it, with the log.`,
        fixes: ["retry"],
    },

    // Nix as a program.
    "nix-missing": {
        message:
            "Nix was not found. Install it, or choose the nix executable if the editor does not find it on its PATH.",
        fixes: ["install-nix", "choose-nix"],
    },
    "nix-command-disabled": {
        message:
            "This Nix does not allow its newer commands. Add “experimental-features = nix-command flakes” to nix.conf.",
        fixes: ["enable-flakes", "open-nix-conf", "retry"],
    },
    "flakes-disabled": {
        message:
            "This Nix does not allow flakes. Add “experimental-features = nix-command flakes” to nix.conf.",
        fixes: ["enable-flakes", "open-nix-conf", "retry"],
    },
    "feature-disabled": {
        message: (failure) =>
            /--extra-deprecated-features/.test(failure.detail)
                ? `Lix no longer accepts what the flake or an input has${at(failure)}. Update that input, or set extra-deprecated-features = ${failure.subject} in nix.conf.`
                : `The flake uses ${named(failure, "a feature", "the feature ")} of Nix that is not switched on${at(failure)}. Enable it in nix.conf, or don't use it.`,
        fixes: ["open-nix-conf", "open-place"],
    },
    interrupted: { message: "Nix was stopped before it was done.", fixes: ["retry"] },
    usage: {
        message: (failure) =>
            `This version of Nix does not understand how it was called${quoted(failure.detail)}. It may be too old or too new: update it, or choose another one.`,
        fixes: ["choose-nix"],
    },
    "nix-conf": {
        message: (failure) =>
            `Nix can't read its configuration${quoted(failure.detail)}. Correct that line in nix.conf.`,
        fixes: ["open-nix-conf", "retry"],
    },
    "no-failure": { message: "Nix did not report an error." },
    "nix-crashed": {
        message:
            "Nix ended unexpectedly, without saying why. The system may have run out of memory; try again.",
        fixes: ["retry"],
    },

    // Daemon and store.
    "daemon-permission": {
        message:
            "You are not allowed to use the Nix daemon, the background service that builds packages. Ask for access (on Debian and Ubuntu: join the group nix-users), then log in again.",
        fixes: ["retry"],
    },
    "daemon-down": {
        message:
            "The Nix daemon, the background service that builds packages, is not running. Start it, then try again.",
        fixes: ["start-daemon", "retry"],
    },
    "daemon-crashed": {
        message:
            "The connection to the Nix daemon, the background service that builds packages, broke off. It may have crashed or run out of memory; try again.",
        fixes: ["retry", "start-daemon"],
    },
    "store-permission": {
        message:
            "Nix may not write to its store, /nix. It may belong to another user: run the Nix daemon, or change the owner of /nix.",
        fixes: ["start-daemon", "retry"],
    },
    "store-busy": {
        message: "Another Nix process is using the Nix store. Try again when it is done.",
        fixes: ["retry"],
    },
    "store-corrupt": {
        message: (failure) =>
            `Something in the Nix store is damaged${about(failure)}. “nix store verify --all” finds what, “nix store repair” restores it.`,
        fixes: ["retry"],
    },
    "untrusted-signature": {
        message: (failure) =>
            `A downloaded package has no signature that this Nix trusts${about(failure)}. An administrator can add the cache's public key to nix.conf.`,
        fixes: ["open-nix-conf", "retry"],
    },
    "disk-full": {
        message:
            "There is no space left on the disk. Free some, for example by removing packages that nothing uses any more.",
        fixes: ["collect-garbage", "retry"],
    },
    "home-unusable": {
        message: (failure) =>
            `Nix can't write to its temporary folder or its cache in your home folder${about(failure)}. Check that HOME and TMPDIR exist and are writable.`,
        fixes: ["retry"],
    },
    "file-permission": {
        message: (failure) =>
            `Nix may not read ${named(failure, "a file")}${at(failure)}. Change its permissions, then try again.`,
        fixes: ["retry"],
    },

    // Git and files.
    "git-owner": {
        message: (failure) =>
            `Git does not trust ${named(failure, "this repository")} because another user owns it. If it is yours, say so to Git.`,
        fixes: ["safe-directory"],
    },
    "git-missing": {
        message: "Git was not found, and this Nix needs it. Install Git, then try again.",
        fixes: ["retry"],
    },
    untracked: {
        message: (failure) =>
            `${capital(named(failure, "A file"))} is not in Git yet, and Nix only sees files that are. Add it to Git; committing is not needed.`,
        fixes: ["track-file"],
    },
    "not-in-source": {
        message: (failure) =>
            `Nix can't find ${named(failure, "a file")}${at(failure)}. If it exists, add it to Git: Nix only sees files that Git knows. ${failure.subject === "flake.nix" ? "If it is an input that has none, set “flake = false” for that input." : "Else correct the path."}`,
        fixes: ["track-file", "open-place"],
    },
    "path-missing": {
        message: (failure) =>
            /'\/{1,2}nix\/store\/[a-z0-9]{32}-[^'/]+'/.test(failure.detail)
                ? `A source that the flake needs is no longer in the Nix store${at(failure)}: it may have been removed as unused. Try again, or update the input that it belongs to.`
                : `${capital(named(failure, "A path that the flake refers to"))} does not exist${at(failure)}. Correct the path, or create it.`,
        fixes: ["open-place", "open-flake", "retry"],
    },
    "no-flake": {
        message: "This folder has no flake.nix. Create one, or open the folder that has it.",
        fixes: ["generate-flake"],
    },
    "flake-symlink": {
        message: (failure) =>
            `This version of Nix can't use ${named(failure, "a folder")} because it is a symbolic link. Open the folder that it points to.`,
    },

    // flake.lock.
    "lock-version": {
        message: (failure) =>
            `flake.lock, which pins the versions of the flake's inputs, has a format${failure.subject && ` (version ${failure.subject})`} that this Nix does not know. Update Nix, or create flake.lock again.`,
        fixes: ["resolve-lock"],
    },
    "lock-node": {
        message: (failure) =>
            `flake.lock is inconsistent${failure.subject && `: it refers to “${failure.subject}”, which is not in it`}. This happens in a merge; restore flake.lock or create it again.`,
        fixes: ["resolve-lock", "open-place"],
    },
    "lock-unlocked": {
        message: (failure) =>
            `An input of the flake is not pinned to a version${about(failure)}. If it is a Git repository of your own, commit its changes; if flake.lock comes from a newer Nix, update Nix.`,
        fixes: ["lock"],
    },
    "lock-needs-update": {
        message:
            "flake.lock, which pins the versions of the flake's inputs, is missing or does not match flake.nix. Lock the flake; the versions that are locked already stay.",
        fixes: ["lock"],
    },
    "lock-write": {
        message:
            "Nix could not write flake.lock, which pins the versions of the flake's inputs. Check that it may be written and that Git does not ignore it.",
        fixes: ["retry"],
    },
    "lock-json": {
        message: (failure) =>
            `flake.lock, which pins the versions of the flake's inputs, can't be read${at(failure)}. It may be cut off or hold merge conflict markers; restore it from Git or create it again.`,
        fixes: ["resolve-lock", "open-place"],
    },
    "input-hash": {
        message: (failure) =>
            `An input of the flake is not what flake.lock says it should be${about(failure)}: it changed since it was pinned. Update that input if you trust the change.`,
        fixes: ["update-input"],
    },
    "env-escape": {
        message:
            "A variable of the dev shell holds a control character (such as a colour code), which Nix can't pass on. Set that variable in the shellHook instead.",
        fixes: ["open-flake"],
    },

    // The flake's shape.
    "no-attr": {
        message: (failure) =>
            `The flake has no dev shell with that name for this system${about(failure)}. Choose another one, or add it to flake.nix.`,
        fixes: ["select-shell", "add-system", "open-flake"],
    },
    "not-derivation": {
        message: (failure) =>
            `${capital(named(failure, "What was chosen"))} is not a dev shell. Choose another one, or correct flake.nix.`,
        fixes: ["select-shell", "open-flake"],
    },
    "not-bash": {
        message:
            "This output of the flake can't be used as a dev shell because it is not built with bash. Choose another one.",
        fixes: ["select-shell", "open-flake"],
    },
    "no-outputs": {
        message: "flake.nix has no “outputs”, which is where a dev shell is defined. Add them.",
        fixes: ["open-flake"],
    },
    "bad-input-attr": {
        message: (failure) => {
            const followed = /follows a non-existent input ['"]([^'"\n]+)['"]/.exec(
                failure.detail,
            )?.[1];
            if (/'submodules' not supported by scheme/.test(failure.detail.replace(/"/g, "'"))) {
                return "An input of the kind “github:” can't have submodules. Write git+https://github.com/OWNER/REPO?submodules=1 in flake.nix, or update the input that asks for them.";
            }
            return followed === undefined
                ? `An input in flake.nix is not written correctly${about(failure)}${at(failure)}. Correct it.`
                : `The input ${named(failure, "of an input")} follows the input “${followed}”, which does not exist${at(failure)}. Correct its “follows” in flake.nix, or update the input that has it.`;
        },
        fixes: ["replace-attribute", "open-place", "open-flake"],
    },
    "bad-input-url": {
        message: (failure) =>
            /because it uses a relative path/.test(failure.detail)
                ? `An input in flake.nix is a folder of the flake itself${about(failure)}${at(failure)}, which this version of Nix can't lock. Update Nix to 2.26 or later, or lock the flake by its whole path.`
                : /^(?:file|path|git\+file):.* /.test(failure.subject)
                  ? `This version of Nix can't use a folder with a space in its path${about(failure)}. Rename the folder, or update Nix.`
                  : `An input in flake.nix has an address that Nix does not understand${about(failure)}${at(failure)}. Correct it.`,
        fixes: ["replace-attribute", "open-place", "open-flake"],
    },
    "unexpected-arg": {
        message: (failure) =>
            `flake.nix declares the input ${named(failure, "that it got")}, but its outputs don't take it${at(failure)}. Add it to the arguments of outputs, or add “...” to them.`,
        fixes: ["add-argument", "open-place", "open-flake"],
    },
    registry: {
        message: (failure) =>
            `Nix does not know what the input ${named(failure, "of the flake")} is: it has no address. Give it a url in flake.nix.`,
        fixes: ["open-flake"],
    },

    // Builds.
    "hash-mismatch": {
        message: (failure) =>
            isPlaceholder(failure.detail)
                ? `The flake does not have the hash of a download yet${about(failure)}${hashes(failure.detail)}. If you trust it, put that hash in the placeholder's place.`
                : `A download is not what the flake expects${about(failure)}${hashes(failure.detail)}. If you trust it, replace the hash in flake.nix${alsoInOtherFiles(failure)}.`,
        fixes: ["replace-hash", "open-flake", "retry"],
    },
    "wrong-system": {
        message: (failure) =>
            `The dev shell needs a build on another kind of system than this one${failure.subject && ` (${failure.subject})`}. Choose the dev shell for this system, or add this system to flake.nix.`,
        fixes: ["select-shell", "open-flake"],
    },
    "no-substituter": {
        message: (failure) =>
            `A package that the dev shell needs is neither in the Nix store nor in a cache in reach${about(failure)}. Try again when you are online.`,
        fixes: ["retry", "retry-offline"],
    },
    "builder-killed": {
        message: (failure) =>
            `The build of ${named(failure, "a package")} was killed; most often the system ran out of memory. Close other programs, then try again.`,
        fixes: ["retry", "show-builder-log"],
    },
    "builder-timeout": {
        message: (failure) =>
            `The build of ${named(failure, "a package")} took longer than Nix is configured to wait. Try again, or raise the limit in nix.conf.`,
        fixes: ["retry", "show-builder-log", "open-nix-conf"],
    },
    "builder-setup": {
        message: (failure) =>
            `Nix could not prepare a build on this system${quoted(failure.detail)}. This concerns the installation of Nix, not your project.`,
        fixes: ["open-nix-conf", "retry"],
    },
    "builder-failed": {
        message: (failure) =>
            /unable to download|cannot download|could not resolve host/i.test(failure.detail)
                ? `A download that the dev shell needs failed${about(failure)}. Check the network connection, then try again.`
                : OUTDATED_OVERLAY.test(failure.detail)
                  ? `rust-overlay is older than nixpkgs, so its Rust can't be unpacked${about(failure)}. Update the input rust-overlay.`
                  : /\(signal: 9, SIGKILL|\bsignal 9\b/.test(failure.detail)
                    ? `A package that the dev shell needs could not be built${about(failure)}: a program of the build was killed, most often because the system ran out of memory. Close other programs, then try again.`
                    : `A package that the dev shell needs could not be built${about(failure)}${quoted(builderError(failure.detail))}. Its build log says why.`,
        fixes: ["update-input", "show-builder-log", "retry"],
    },
    "builder-no-output": {
        message: (failure) =>
            `The build of ${named(failure, "the dev shell")} did not leave the result that it should. A dev shell is best made with pkgs.mkShell.`,
        fixes: ["show-builder-log", "open-flake"],
    },

    // Downloads.
    "rate-limit": {
        message:
            "The server refuses more downloads for now because there were too many. Wait a while, or add an access token for it to nix.conf (access-tokens).",
        fixes: ["retry", "retry-offline", "open-nix-conf"],
    },
    "http-auth": {
        message: (failure) =>
            `The server refused access${about(failure)}. If it is private, add an access token to nix.conf (access-tokens) or a netrc file.`,
        fixes: ["open-nix-conf", "retry"],
    },
    "http-404": {
        message: (failure) =>
            /\.narinfo$|\/nar\/[^/]*$/.test(failure.subject)
                ? `A package is no longer in the cache that had it${about(failure)}. Try again.`
                : failure.subject.startsWith("https://static.rust-lang.org/")
                  ? `There is no such release of Rust${about(failure)}. Correct the channel or its date in rust-toolchain.toml or flake.nix.`
                  : `A download does not exist${about(failure)}. The branch or repository may be renamed or deleted: correct its address in flake.nix. If it is private, add an access token to nix.conf (access-tokens).`,
        fixes: ["open-flake", "open-nix-conf", "retry"],
    },
    "http-5xx": {
        message: (failure) => `The server could not answer${about(failure)}. Try again later.`,
        fixes: ["retry", "retry-offline"],
    },
    network: {
        message: (failure) =>
            `A download failed${about(failure)}. Check the network connection and proxy, then try again.`,
        fixes: ["retry", "retry-offline"],
    },
    "bad-archive": {
        message:
            "A download is not the archive that it should be. A proxy or a log-in page of the network may have answered instead; check it, then try again.",
        fixes: ["retry", "retry-offline"],
    },
    "git-fetch": {
        message: (failure) =>
            `${gitReason(failure)} Check its address and branch in flake.nix, and your access to it.`,
        fixes: ["retry", "open-flake"],
    },

    // Evaluation.
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

    // Rust in the dev shell.
    "native-missing": {
        message: ({ detail }) =>
            `The dev shell lacks what the build needs${quoted(detail)}. Add it to flake.nix.`,
        fixes: ["open-flake"],
    },
    "build-script-failed": {
        message: (failure) =>
            `The build script of ${named(failure, "a crate")} failed${quoted(scriptError(failure.detail))}. It may need a library or program that the dev shell does not have.`,
        fixes: ["open-flake"],
    },
    "link-failed": {
        message: (failure) =>
            /xcrun|active developer path/.test(failure.detail)
                ? "The linker is Apple's, whose command line tools are not installed. Run “xcode-select --install”, or let the dev shell bring its own linker (pkgs.mkShell does, mkShellNoCC does not)."
                : /^error: (?:linker \S+ not found|could not exec)/m.test(failure.detail)
                  ? `The linker ${named(failure, "")} was not found. Make the dev shell with pkgs.mkShell, which has one (mkShellNoCC has not), and build in it.`
                  : notLinked(failure.detail),
        fixes: ["open-flake"],
    },
    "rust-compile": {
        message: (failure) =>
            `${failure.subject === "" ? "The project" : named(failure, "")} does not compile${at(failure)}${quoted(compileError(failure.detail))}.`,
        fixes: ["open-place"],
    },
    "rust-killed": {
        message:
            "The compiler was killed, most often because the system ran out of memory. Close other programs, or build with fewer jobs (cargo build -j 2).",
    },
    "cargo-lock": {
        message: (failure) =>
            /Read-only file system/.test(failure.detail)
                ? /rust(?:lib\/|c-src|-lib-src)/.test(failure.subject)
                    ? "rust-analyzer asked cargo to lock the sources of Rust itself, which are read-only in the Nix store. Use the rust-analyzer of the dev shell's toolchain, unset RUST_SRC_PATH, and leave “rustc-dev” out of the components."
                    : `Cargo would have to write ${named(failure, "Cargo.lock")}, which is read-only. Sources in the Nix store can't be locked there: lock a copy, or leave them out.`
                : /--(?:locked|frozen) was passed/.test(failure.detail)
                  ? `Cargo.lock is older than Cargo.toml, and cargo was told not to change it${about(failure)}. Run “cargo update --workspace”, and commit Cargo.lock.`
                  : `Cargo.lock can't be written or read${about(failure)}. Run “cargo update --workspace”, and commit Cargo.lock.`,
    },
    "cargo-manifest": {
        message: (failure) =>
            /could not find `Cargo\.toml`/.test(failure.detail)
                ? `There is no Cargo.toml${about(failure)} or above it. Run cargo in the folder that has it.`
                : `Cargo can't use a Cargo.toml${about(failure)}${quoted(causeOf(failure.detail))}. Correct it.`,
        fixes: ["open-place"],
    },
    "cargo-dependency": {
        message: (failure) =>
            `Cargo can't get ${failure.subject.includes(":") ? "" : "the dependency "}${named(failure, "of a crate")}${quoted(causeOf(failure.detail))}. ${wayToDependency(failure.detail)}`,
    },
    "rust-missing": {
        message: (failure) =>
            /no such (?:sub)?command/.test(failure.detail)
                ? `The dev shell has no “cargo ${failure.subject}”. Add ${CARGO_COMMANDS[failure.subject] ?? `“cargo-${failure.subject}”`} to flake.nix.`
                : `${capital(named(failure, "Rust"))} was not found or can't run here. Enter the dev shell, and see that flake.nix has a Rust toolchain.`,
        fixes: ["open-flake"],
    },
    "rust-too-old": {
        message: (failure) =>
            `This Rust is too old for the project${failure.subject && ` (it needs ${needed(failure.subject)})`}. Choose a newer one in rust-toolchain.toml or flake.nix, or update the input that it comes from.`,
        fixes: ["update-input", "open-flake"],
    },
    "rust-not-nightly": {
        message:
            "The project uses what only a nightly Rust can do. Choose a nightly, with its date, in rust-toolchain.toml or flake.nix.",
        fixes: ["open-flake"],
    },
    "cargo-other": {
        message: (failure) => `Cargo stopped with an error${quoted(causeOf(failure.detail))}.`,
    },
    "rustc-mismatch": {
        message:
            "cargo, rustc and what was built before are of different versions of Rust. Take all of them from the dev shell, and run “cargo clean” once.",
        fixes: ["open-flake"],
    },
    "glibc-mismatch": {
        message: (failure) =>
            `Something that was built outside the dev shell is used within it, and their C libraries differ${about(failure)}. Run “cargo clean”, and build in the dev shell only.`,
    },
    "target-missing": {
        message: (failure) =>
            `The toolchain has no standard library for the target ${named(failure, "that is built for")}. Add it to “targets” in rust-toolchain.toml or flake.nix; rustup is not needed for it.`,
        fixes: ["open-flake"],
    },
    "rustup-toolchain": {
        message: (failure) =>
            `rustup answered instead of the dev shell, and does not have ${named(failure, "a toolchain to run")}. Use the dev shell's toolchain: add what is missing to its components in rust-toolchain.toml or flake.nix, and don't set RUSTUP_TOOLCHAIN.`,
        fixes: ["open-flake"],
    },
    "rust-src-missing": {
        message: (failure) =>
            `rust-analyzer does not find the source of the standard library${about(failure)}. Add “rust-src” to the toolchain's components in rust-toolchain.toml or flake.nix.`,
        fixes: ["open-flake"],
    },
    "proc-macro-server": {
        message: (failure) =>
            /newer|mismatched ABI/.test(failure.detail)
                ? "rust-analyzer and the toolchain are of different versions, so macros can't be expanded. Use the rust-analyzer of the dev shell's toolchain, or update rust-analyzer."
                : `The toolchain has no server for procedural macros${about(failure)}. Add “rust-src” and “rust-analyzer” to its components in rust-toolchain.toml or flake.nix.`,
        fixes: ["open-flake"],
    },
};

/** What a build script said last that is like an error. */
function scriptError(detail: string): string {
    const lines = detail.split("\n").map((line) => line.trim());
    const panic = lines.findIndex((line) => /^thread '[^']*' .*panicked at/.test(line));
    if (panic < 0) return "";
    const said = /panicked at '(.+?)', /.exec(lines[panic] ?? "")?.[1];
    return said ?? lines.slice(panic + 1).find((line) => line !== "") ?? "";
}

function compileError(detail: string): string {
    return /^error(?:\[E\d{4}\])?: ([^\n]+)/.exec(detail)?.[1] ?? "";
}

const UNKNOWN_LIBRARY =
    /cannot find -l:?([\w.+-]+)|library not found for -l([\w.+-]+)|ld: library '([^'\n]+)' not found/;
const UNKNOWN_SYMBOL =
    /undefined (?:reference to [`']|symbol: )([^'\n]+)|Undefined symbols[^\n]*\n\s*"([^"\n]+)"/;

function notLinked(detail: string): string {
    const library = UNKNOWN_LIBRARY.exec(detail)?.slice(1).find(Boolean);
    if (library !== undefined) {
        return `The linker did not find the library “${library}”. Add the package that has it to flake.nix.`;
    }
    const symbol = UNKNOWN_SYMBOL.exec(detail)?.slice(1).find(Boolean);
    if (symbol !== undefined) {
        return `The linker did not find “${shortLine(symbol)}”. The library that has it is missing in the dev shell, or of another version than the project expects.`;
    }
    return "The linker failed. Its last words say what it did not find; the dev shell has to have it.";
}

/** What to do about a crate that can't be had. */
function wayToDependency(detail: string): string {
    if (/failed to authenticate|no authentication|Permission denied/.test(detail)) {
        return "Check the address of its repository and your access to it; where git itself can read it, set net.git-fetch-with-cli = true in cargo's config.toml.";
    }
    if (/no matching package|failed to select a version/.test(detail)) {
        return "Check its name and version in Cargo.toml; cargo finds only what is there already if it is offline or has a vendored source.";
    }
    if (/\b(?:SSL|certificate|curl|[Tt]imed? ?out|resolve host|network failure)\b/.test(detail)) {
        return "Check the network connection, and the proxy or the certificates that it needs.";
    }
    return "Check its version in Cargo.toml, and the network connection.";
}

/** The innermost of cargo's reasons. */
function causeOf(detail: string): string {
    const causes = [...detail.matchAll(/^Caused by:\n\s*(?:\d+: )?([^\n]+)/gm)];
    return causes.at(-1)?.[1] ?? /^error: ([^\n]+)/.exec(detail)?.[1] ?? "";
}

/** `edition2024` and `4` as people say it. */
function needed(subject: string): string {
    const edition = /^edition(\d{4})$/.exec(subject)?.[1];
    if (edition !== undefined) return `the ${edition} edition`;
    return /^\d+$/.test(subject) ? `version ${subject} of Cargo.lock` : subject;
}

/** What nixpkgs from 25.11 on makes of the archives of an older rust-overlay: files without a name. */
const OUTDATED_OVERLAY = /do not know how to unpack source archive \S+-unknown\b/;

/** The packages, or components, of cargo's own commands. */
const CARGO_COMMANDS: Readonly<Record<string, string>> = {
    clippy: "“clippy”",
    fmt: "“rustfmt”",
    miri: "“miri” (of a nightly toolchain)",
};

const SYSTEM = /^(?:x86_64|aarch64|i686|armv7l|riscv64)-(?:linux|darwin)$/;

/** Of nixpkgs' importCargoLock. */
const NO_GIT_HASH = /No hash was found while vendoring the git dependency ([\w.+-]+?)\. /;

/** A socket, a device or a pipe, which has no place in the store. */
const SPECIAL_FILE = /^file '([^'\n]+)' has an unsupported type/;

/** Whether nix was to build something in order to evaluate, and may not. */
function needsBuild({ detail }: Failure): boolean {
    return /the option 'allow-import-from-derivation' is disabled/.test(detail);
}

/** What rust-overlay says (lib/rust-bin.nix). */
const NO_TOOLCHAIN =
    /^(?:Unknown channel: |(?:Stable|Nightly|Beta) \S+ is not available|No stable \S+ is available|Component resolution failed for |Rust \S+ doesn't have profile )/;

/** ` (flake.nix, line 3)`, as much of it as is known; a file of an input would mislead. */
function at({ place }: Failure): string {
    if (place === undefined || place.file.startsWith("«")) return "";
    const line = place.line === undefined ? "" : `, line ${place.line}`;
    return ` (${fileName(place.file)}${line})`;
}

/** A file as people know it: within its project where nix names a copy, else its last part. */
export function fileName(file: string): string {
    const inStore = /^\/nix\/store\/[a-z0-9]{32}-[^/]*source\/+(.+)$/.exec(file)?.[1];
    return inStore ?? file.slice(file.lastIndexOf("/") + 1);
}

function named({ subject }: Failure, otherwise: string, before = ""): string {
    return subject === "" ? otherwise : `${before}“${subject}”`;
}

function about({ subject }: Failure): string {
    return subject === "" ? "" : ` (${withoutQuery(subject)})`;
}

/** An address without what nix adds to it: `git+ssh://host/r?ref=main&rev=…` → `git+ssh://host/r`. */
function withoutQuery(subject: string): string {
    return /^[a-z][a-z+]*:[./]/.test(subject) ? subject.replace(/[?#].*$/, "") : subject;
}

function capital(text: string): string {
    return text.charAt(0).toUpperCase() + text.slice(1);
}

const STORE_SOURCE = /\/nix\/store\/[a-z0-9]{32}-[^\s/]*source\/+/g;

/** Nix's own first line, for those who know what it means. */
function quoted(detail: string): string {
    const lines = detail.split("\n").map((text) => text.trim());
    const own = lines.find((text) => text !== "" && !/^(?:…|-{3})/.test(text));
    const line = own ?? lines.at(-1)?.replace(/^… /, "") ?? "";
    if (line === "") return "";
    // What a module's assertions are about is a list under a heading.
    const first = lines.slice(lines.indexOf(line) + 1).find((text) => text !== "");
    if (/assertions:$/.test(line) && first?.startsWith("- "))
        return `: ${shortLine(first.slice(2))}`;
    return `: ${shortLine(lines.length === 1 ? line : wholeSentences(line))}`;
}

function shortLine(line: string): string {
    const short = line.length > 200 ? `${line.slice(0, 199)}…` : line;
    return short.replace(STORE_SOURCE, "").replace(/[.!:;]+$/, "");
}

/** Without the sentence that goes on in the next line, where others come before it. */
function wholeSentences(line: string): string {
    const end = line.lastIndexOf(". ");
    return /[.!?]$/.test(line) || end < 0 ? line : line.slice(0, end);
}

/** `lib.fakeHash`, an empty hash, and other hashes of zeros. */
function isPlaceholder(detail: string): boolean {
    return /specified:\s*sha\d+[-:](?:A{40,}=*|0{40,})\s/.test(detail);
}

/** As cargo, rustc, C compilers and git begin it: `error: `, `error[E0425]: `, `a.c:1:2: error: `. */
const BUILD_ERROR = /^(?:\S{1,200}: )?(?:fatal )?(?:error(?:\[\w+\])?|fatal): /i;

/** What cargo, or another program, took for the error, among the last lines of a build. */
function builderError(detail: string): string {
    const lines = detail.split("\n").map((line) => /^\s*> ?(.*)$/.exec(line)?.[1] ?? "");
    const cause = lines.findLastIndex((line) => /^Caused by:/.test(line));
    const isError = (line: string) => BUILD_ERROR.test(line) && !/error: build failed/.test(line);
    const error = lines.find(isError)?.replace(BUILD_ERROR, "") ?? "";
    return (cause < 0 ? error : (lines[cause + 1] ?? error)).trim();
}

function hashes(detail: string): string {
    const match = /specified:\s*(\S+)\s*got:\s*(\S+)/.exec(detail);
    return match === null ? "" : `: expected ${match[1]}, got ${match[2]}`;
}

function alsoInOtherFiles({ subject }: Failure): string {
    return /vendor|cargo/i.test(subject) ? " or the file that names it" : "";
}

function gitReason(failure: Failure): string {
    const { detail } = failure;
    const input = `A Git repository that the flake needs could not be read${about(failure)}`;
    if (
        /Permission denied \(|could not read (?:Username|Password)|Authentication failed|authentication required/.test(
            detail,
        )
    ) {
        return `${input}: access was denied.`;
    }
    if (/cannot run ssh|executing 'ssh'/.test(detail)) {
        return `${input}: the program ssh was not found.`;
    }
    if (/git-lfs|smudge filter lfs/.test(detail)) {
        return `${input}: its large files (Git LFS) could not be fetched.`;
    }
    if (/Host key verification failed/.test(detail)) {
        return `${input}: the server's key is not known to SSH yet.`;
    }
    if (
        /[Cc]ould(?:n't| not) resolve host|[Cc]onnection (?:refused|timed out)|Failed to connect/.test(
            detail,
        )
    ) {
        return `${input}: the server can't be reached.`;
    }
    return `${input}.`;
}
