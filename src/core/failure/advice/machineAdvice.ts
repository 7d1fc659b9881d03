import type { AdviceTable } from "./advice";
import { about, at, named, quoted } from "./wording";

/** Failures of the machine: its nix, its daemon and its store. */
export const MACHINE_ADVICE = {
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
} satisfies AdviceTable;
