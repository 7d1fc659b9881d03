/** Where in a file a failure comes from; lines and columns count from 1. */
export interface Place {
    /** A path as nix names it: in the user's tree, or in the store. */
    readonly file: string;
    readonly line: number | undefined;
    readonly column: number | undefined;
}

/** A step on the way to a failure, as nix tells it. */
export interface Frame extends Place {
    /** What was done there, such as "while evaluating derivation 'x'". */
    readonly text: string;
}

/** What can go wrong outside nix itself, while a dev shell is looked for and entered. */
export type OwnFailureKind =
    /** The platform has no nix (Windows outside WSL). */
    | "platform"
    /** The project's folder is gone. */
    | "folder-missing"
    /** The folder has no flake, and one in it has. */
    | "flake-below"
    /** `nix` is there but can't be started, or is something else. */
    | "nix-unusable"
    /** Older than nix 2.4, the first with flakes. */
    | "nix-too-old"
    /** The shellHook ended the shell, with an exit code other than 0. */
    | "hook-exited"
    /** The shellHook ended without an error, or started another program in its place. */
    | "hook-replaced"
    | "hook-timeout"
    /** The extension's own storage can't be written. */
    | "storage"
    /** A bug of ours. */
    | "internal";

/** What nix reports; the texts behind each are in the reference on nix, section 3. */
export type NixFailureKind =
    | "nix-missing"
    | "nix-command-disabled"
    | "flakes-disabled"
    | "feature-disabled"
    | "interrupted"
    | "usage"
    | "nix-conf"
    | "daemon-permission"
    | "daemon-down"
    | "daemon-crashed"
    | "store-permission"
    | "disk-full"
    | "store-busy"
    | "git-owner"
    | "untracked"
    | "not-in-source"
    | "no-flake"
    | "flake-symlink"
    | "git-missing"
    | "lock-version"
    | "lock-node"
    | "lock-unlocked"
    | "lock-needs-update"
    | "lock-write"
    | "env-escape"
    | "lock-json"
    | "input-hash"
    | "no-attr"
    | "not-derivation"
    | "no-outputs"
    | "bad-input-attr"
    | "bad-input-url"
    | "unexpected-arg"
    | "not-bash"
    | "registry"
    | "hash-mismatch"
    | "wrong-system"
    | "no-substituter"
    | "builder-killed"
    | "builder-failed"
    | "builder-no-output"
    | "rate-limit"
    | "http-auth"
    | "http-404"
    | "http-5xx"
    | "network"
    | "bad-archive"
    | "git-fetch"
    | "path-missing"
    | "unfree"
    | "insecure"
    | "broken"
    | "unsupported-platform"
    | "pure-eval"
    | "missing-attr"
    | "syntax"
    | "undefined-var"
    | "infinite-recursion"
    | "abort"
    | "assertion"
    | "eval-other"
    /** Nix was ended by a signal, or ended without a word. */
    | "nix-crashed"
    /** Git was to add a file, and did not. */
    | "git-refused"
    /** A builder took longer than nix was told to wait. */
    | "builder-timeout"
    /** The sandbox, the build users or the like; nothing of the package's own. */
    | "builder-setup"
    | "untrusted-signature"
    | "store-corrupt"
    /** HOME, its cache or the temporary folder can't be used. */
    | "home-unusable"
    /** A file outside the store that may not be read. */
    | "file-permission"
    /** Exit code 0 and no error: warnings at most. */
    | "no-failure";

/** What cargo, rustc, rustup and rust-analyzer report in a dev shell. */
export type RustFailureKind =
    /** A library or program outside of Rust that a build asked for. */
    | "native-missing"
    | "build-script-failed"
    | "link-failed"
    | "rust-compile"
    /** The system ended the compiler. */
    | "rust-killed"
    | "cargo-lock"
    | "cargo-manifest"
    /** A crate, or a version of one, can't be had. */
    | "cargo-dependency"
    /** No cargo, rustc or rust-analyzer where they are looked for. */
    | "rust-missing"
    /** The crate, its lock file or an edition needs a newer Rust. */
    | "rust-too-old"
    /** What only a nightly Rust can do. */
    | "rust-not-nightly"
    /** Parts of different versions of Rust. */
    | "rustc-mismatch"
    /** Parts that were built with the system's C library, and others with the dev shell's. */
    | "glibc-mismatch"
    | "target-missing"
    /** rustup answers, and has not what is asked for. */
    | "rustup-toolchain"
    | "rust-src-missing"
    | "proc-macro-server"
    /** An error of cargo's that none of the above is. */
    | "cargo-other";

export type FailureKind = OwnFailureKind | NixFailureKind | RustFailureKind;

/** A failure as data; `sentence.ts` has the words and the ways out. */
export interface Failure {
    readonly kind: FailureKind;
    /** What it is about: an attribute, input, file, address or derivation; "" where nothing is. */
    readonly subject: string;
    /** Nix's own last words, without control sequences; may be several lines. */
    readonly detail: string;
    readonly place: Place | undefined;
    /** The steps that led there, outermost first, as far as nix names their places. */
    readonly frames: readonly Frame[];
    /** The input that nix was at, by its name in the flake; "" where it does not say. */
    readonly input: string;
}

/** A {@link Failure} on its way up. The only error that the core throws on purpose. */
export class CaptureError extends Error {
    constructor(
        readonly failure: Failure,
        options?: ErrorOptions,
    ) {
        super(`${failure.kind}: ${failure.detail}`, options);
        this.name = "CaptureError";
    }
}

/** A failure of a kind with no more to say about it than that. */
export function failureOf(kind: FailureKind, subject = "", detail = ""): Failure {
    return { kind, subject, detail, place: undefined, frames: [], input: "" };
}
