/**
 * Variables of a dev shell that stay out of the editor, each with its reason.
 *
 * The list comes from what nix's `get-env.sh` and `makeRcScript` export (nix/src/nix/develop.cc),
 * what nix-direnv restores after loading, and what rivals' users reported; see the project's
 * reference on nix, section 1.7.
 */

/** Why a variable was left out; {@link reasonText} has the words. */
export type OmissionReason =
    | "session"
    | "temporary"
    | "builder"
    | "nix"
    | "function"
    | "editor"
    | "reproducible-date"
    | "no-certificates"
    | "not-text"
    | "too-large"
    | "kept-out"
    | "rustup";

export interface Omission {
    readonly name: string;
    readonly reason: OmissionReason;
}

const REASON_TEXTS: Record<OmissionReason, string> = {
    session: "belongs to your login session, not to the dev shell",
    temporary: "points into a temporary folder that only lives while the dev shell is read",
    builder: "internal to Nix's build of the shell, no program needs it",
    nix: "belongs to Nix itself",
    function: "a bash function; other shells and programs can't use it",
    editor: "would take over the editor's own processes",
    "reproducible-date": "would date everything that you build to 1980",
    "no-certificates": "names a file that does not exist, so every HTTPS request would fail",
    "not-text": "its value is not valid UTF-8, so the editor can't carry it",
    "too-large": "larger than what the system accepts when it starts a program",
    "kept-out": "kept out by your setting nixRust.environment.keepOut",
    rustup: "would send rustup to a toolchain of its own; Nix Rust sets it to the dev shell's",
};

/** The reason in words, as the end of a sentence that begins with the variable's name. */
export function reasonText(reason: OmissionReason): string {
    return REASON_TEXTS[reason];
}

/** Whether the dev shell sets RUSTUP_TOOLCHAIN to what would lead rustup elsewhere. */
export function isRustupOverruled(omitted: readonly Omission[]): boolean {
    return omitted.some(({ reason }) => reason === "rustup");
}

const words = (text: string): string[] => text.trim().split(/\s+/);

const REASONS_BY_NAME: ReadonlyMap<string, OmissionReason> = new Map([
    ...words(`HOME USER LOGNAME UID EUID GROUPS TERM TERMINFO TERM_PROGRAM TERM_PROGRAM_VERSION
        COLORTERM COLUMNS LINES TZ SHELL SHLVL PWD OLDPWD _ SHELLOPTS BASHOPTS BASH BASH_VERSION
        BASH_ENV ENV IFS OPTERR OPTIND OPTARG PPID HOSTNAME HOSTTYPE MACHTYPE OSTYPE HISTFILE
        HISTCMD RANDOM SECONDS EPOCHREALTIME EPOCHSECONDS DIRSTACK FUNCNAME PIPESTATUS COMP_WORDBREAKS
        PS1 PS2 PS4 PROMPT_COMMAND DISPLAY WAYLAND_DISPLAY XAUTHORITY DBUS_SESSION_BUS_ADDRESS
        XDG_RUNTIME_DIR XDG_SESSION_ID XDG_SESSION_TYPE SSH_AUTH_SOCK SSH_AGENT_PID SSH_TTY
        SSH_CONNECTION SSH_CLIENT GPG_TTY TMUX STY WINDOWID`).map((n) => [n, "session"] as const),
    ...words("TMPDIR TMP TEMP TEMPDIR NIX_BUILD_TOP").map((n) => [n, "temporary"] as const),
    ...words(`name out outputs dev bin lib man doc info devdoc static debug builder system stdenv
        phases prePhases postPhases shellHook shell args src srcs version pname
        buildPhase checkPhase installPhase configurePhase unpackPhase patchPhase fixupPhase distPhase
        preBuild postBuild preConfigure postConfigure preInstall postInstall preFixup postFixup
        buildInputs nativeBuildInputs propagatedBuildInputs propagatedNativeBuildInputs
        checkInputs nativeCheckInputs installCheckInputs nativeInstallCheckInputs
        depsBuildBuild depsBuildBuildPropagated depsBuildTarget depsBuildTargetPropagated
        depsHostHost depsHostHostPropagated depsTargetTarget depsTargetTargetPropagated
        initialPath defaultNativeBuildInputs defaultBuildInputs passAsFile
        cmakeFlags configureFlags mesonFlags ninjaFlags makeFlags patches
        doCheck doInstallCheck dontAddDisableDepTrack dontBuild dontConfigure dontFixup dontInstall
        dontUnpack strictDeps preferLocalBuild allowSubstitutes enableParallelBuilding
        enableParallelChecking enableParallelInstalling
        NIX_ATTRS_SH_FILE NIX_ATTRS_JSON_FILE __structuredAttrs __impureHostDeps __sandboxProfile
        __darwinAllowLocalNetworking __propagatedImpureHostDeps __propagatedSandboxProfile
        outputHash outputHashAlgo outputHashMode`).map((n) => [n, "builder"] as const),
    ...words(`NIX_ENFORCE_PURITY NIX_LOG_FD NIX_REMOTE NIX_GCROOT NIX_STORE NIX_BUILD_CORES NIX_CONFIG
        NIX_SHELL_LEVEL NIX_PAGER`).map((n) => [n, "nix"] as const),
    ...words("NODE_CHANNEL_FD GIT_ASKPASS SSH_ASKPASS BROWSER").map((n) => [n, "editor"] as const),
    ["SOURCE_DATE_EPOCH", "reproducible-date"],
]);

const REASONS_BY_PREFIX: readonly (readonly [string, OmissionReason])[] = [
    ["BASH_FUNC_", "function"],
    ["VSCODE_", "editor"],
    ["ELECTRON_", "editor"],
];

/** File that nixpkgs' stdenv names so that builds cannot reach the network. */
const NO_CERTIFICATES = "/no-cert-file.crt";

/**
 * The longest `NAME=value` that Linux accepts for a new process, in bytes (MAX_ARG_STRLEN in
 * linux/binfmts.h is 32 pages, with the terminating NUL).
 */
export const LONGEST_VARIABLE = 131_071;

/** Why a variable of the dev shell must stay out, or undefined where it may come in. */
export function omissionReason(name: string, value: string): OmissionReason | undefined {
    const byName = REASONS_BY_NAME.get(name);
    if (byName !== undefined) return byName;
    for (const [prefix, reason] of REASONS_BY_PREFIX) {
        if (name.startsWith(prefix)) return reason;
    }
    if (value === NO_CERTIFICATES) return "no-certificates";
    if (Buffer.byteLength(name) + 1 + Buffer.byteLength(value) > LONGEST_VARIABLE) {
        return "too-large";
    }
    return undefined;
}

const KEPT_FROM_HOST = /^(?:LD_|DYLD_|GIT_|PYTHONPATH$|PYTHONHOME$|NODE_OPTIONS$|NODE_PATH$)/;

/**
 * Whether a variable goes to terminals, tasks and rust-analyzer, but not into the extension host:
 * there it would change programs that the editor itself starts (its git, its Node, the language
 * servers of other extensions), which are not built against the dev shell's libraries.
 */
export function isKeptFromHost(name: string): boolean {
    return KEPT_FROM_HOST.test(name);
}
