import type { Failure } from "../failure";
import type { AdviceTable } from "./advice";
import { OUTDATED_OVERLAY } from "./causes";
import { about, named, quoted } from "./wording";

/** Failures of builds, and of what is downloaded for them. */
export const BUILD_ADVICE = {
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
} satisfies AdviceTable;

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
