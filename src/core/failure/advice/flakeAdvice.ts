import type { AdviceTable } from "./advice";
import { about, at, capital, named } from "./wording";

/** Failures of the flake as files: git, the lock, and its outline. */
export const FLAKE_ADVICE = {
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
} satisfies AdviceTable;
