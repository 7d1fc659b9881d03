import type { NixFailureKind } from "./failure";

/** Where a pattern is looked for. */
export type Scope =
    /** The error's message, with all quotes turned into `'`. */
    | "cause"
    /** The message with the frames that led to it. */
    | "whole"
    /** What git, ssh and others wrote, after an error that names no more than an exit code. */
    | "others";

export interface Rule {
    readonly kind: NixFailureKind;
    /** The first group that took part is what the failure is about. */
    readonly pattern: RegExp;
    readonly scope?: Scope;
}

const STORE_FILE = String.raw`\/nix\/store\/[a-z0-9]{32}-[^\/'\n]*source\/+`;
const DOWNLOAD = String.raw`unable to (?:download|fetch) '([^'\n]*)'`;

/**
 * How nix says it, from 2.8 to 2.36-pre, Lix 2.90 to 2.95 and Determinate 3.22. The first rule that
 * matches wins, so the order is part of it: what explains comes before what follows from it. No
 * pattern has two unbounded repetitions that can match the same text.
 */
export const RULES: readonly Rule[] = [
    // Cancelled: whatever else went wrong went wrong because of it.
    { kind: "interrupted", pattern: /^interrupted by the user/ },

    // Command line and configuration.
    {
        kind: "nix-command-disabled",
        pattern: /experimental (?:\w+ )?feature 'nix-command' is disabled/i,
    },
    { kind: "flakes-disabled", pattern: /experimental (?:\w+ )?feature 'flakes' is disabled/i },
    // Without flakes, Nix does not have this function.
    { kind: "flakes-disabled", pattern: /^attribute 'getFlake' missing/ },
    {
        kind: "feature-disabled",
        pattern:
            /(?:experimental|deprecated) (?:\w+ )?features? '([^'\n]+)' (?:is|are) (?:not enabled|disabled)/i,
    },
    {
        kind: "feature-disabled",
        pattern: /--extra-(?:experimental|deprecated)-features '?([\w-]+)/,
    },
    {
        kind: "feature-disabled",
        pattern: /^(Pipe operator|URL literals)[^\n]{0,500} (?:is|are) disabled/i,
    },
    {
        kind: "nix-conf",
        pattern: /(?:illegal|syntax error in) configuration line '([^\n]{0,500}?)' in/,
    },
    {
        kind: "nix-conf",
        pattern:
            /^(?:configuration )?setting '([^'\n]+)' (?:has invalid|is a path and|should be|has unknown)/,
    },
    {
        kind: "nix-conf",
        pattern:
            /^(?:invalid value|'[^'\n]*' is not a valid value) for (?:the )?setting '([^'\n]+)'/i,
    },
    { kind: "nix-conf", pattern: /^file '([^'\n]*nix\.conf)' included from/ },
    {
        kind: "nix-conf",
        pattern:
            /^option '([^'\n]+)' has invalid value|^file '([^'\n]+)' included from '[^'\n]+' not found|^don't know how to open Nix store/,
    },
    {
        kind: "usage",
        pattern:
            /^unrecognised (?:flag|option) '([^'\n]+)'|^option '([^'\n]+)' has an invalid value|^'([^'\n]+)' is not a recognised command/,
    },
    { kind: "usage", pattern: /^'([^\n]{0,500})' has been replaced by '/ },
    {
        kind: "usage",
        pattern:
            /^(?:flag|option) '([^'\n]+)' requires|^'(--[^'\n]+)' requires an? |^unexpected (?:command line )?arguments?:?(?: '|$)|^no subcommand|^no command specified/,
    },
    {
        kind: "usage",
        pattern:
            /daemon version is too old|[Dd]aemon protocol (?:version|mismatch)|nix-daemon protocol mismatch/,
    },

    // The daemon and the store.
    {
        kind: "daemon-permission",
        pattern:
            /daemon-socket[^\n]{0,500}Permission denied|user '([^'\n]*)' is not allowed to connect to the \w+ daemon/,
    },
    {
        kind: "daemon-permission",
        pattern:
            /connect\w* to (?:socket|daemon)[^\n]{0,500}(?:Permission denied|Operation not permitted)/,
    },
    {
        kind: "daemon-crashed",
        pattern:
            /^cannot open connection to remote store '(?:daemon|unix:|local)[^\n]{0,500}(?:reset by peer|Broken pipe|end-of-file)/,
    },
    // A store on another machine.
    { kind: "network", pattern: /^cannot open connection to remote store '(ssh[^'\n]+)'/ },
    {
        kind: "daemon-down",
        pattern:
            /cannot (?:connect|open connection) to (?:socket|daemon|remote store)|daemon-socket[^\n]{0,500}(?:No such file|Connection refused)|could not connect to any \w+ socket/,
    },
    {
        kind: "daemon-crashed",
        pattern:
            /daemon disconnected unexpectedly|^unexpected end-of-file|daemon out of memory|error reading daemon response|unexpected \w+ daemon error|from Nix daemon$|exception on the \w+ daemon/,
    },
    {
        kind: "daemon-crashed",
        pattern:
            /^(?:writing to|reading from|read of|write of)[^\n]{0,500}(?:Broken pipe|Connection reset)/,
    },
    {
        kind: "disk-full",
        pattern:
            /No space left on device|database or disk is full|lack of free disk space|Disk quota exceeded/i,
        scope: "whole",
    },
    { kind: "nix-crashed", pattern: /^(?:out of memory|std::bad_alloc)|Cannot allocate memory/ },
    { kind: "store-busy", pattern: /SQLite database '([^'\n]+)' is busy|database is locked/ },
    {
        kind: "store-permission",
        pattern:
            /could not set permissions on '([^'\n]*)'|no write access to the \w+ store|attempt to write a readonly database|remounting '?\/nix\/store|the store is not owned by this user|permission to lock \w+ database in '([^'\n]+)'/i,
    },
    {
        kind: "store-permission",
        pattern:
            /^opening lock file '(\/nix\/[^'\n]+)'[^\n]{0,500}(?:Permission denied|Operation not permitted|Read-only file system)/,
    },
    {
        kind: "store-permission",
        pattern:
            /'(\/nix(?:\/var\/[^'\n]*|\/store(?:\/\.[^'\n]*)?|))'[^\n]{0,500}(?:Permission denied|Operation not permitted|Read-only file system|unable to open database)/,
    },

    // Git, before the files that it hides.
    { kind: "git-owner", pattern: /repository path '([^'\n]+)' is not owned by/ },
    {
        kind: "git-owner",
        pattern: /is not owned by current user|dubious ownership in repository(?: at '([^'\n]+)')?/,
    },
    // Git's sentence may be translated; the command that it suggests is not.
    {
        kind: "git-owner",
        pattern: /safe\.directory '?([^'\n]+)|dubious ownership in repository at '([^'\n]+)'/,
        scope: "others",
    },
    // Nix up to 2.19 hides git's reason; git then takes the folder for none of its own.
    { kind: "git-owner", pattern: /git diff --no-index/, scope: "others" },
    { kind: "git-missing", pattern: /executing 'git'/, scope: "others" },
    {
        kind: "git-refused",
        pattern: /'[^'\n]*\/\.git\/(?:[^'\n]*\/)?index\.lock'/,
        scope: "others",
    },
    {
        kind: "git-missing",
        pattern:
            /(?:executing|run(?:ning)?|find|exec(?:ute)?(?: program)?) 'git'[^\n]{0,500}(?:No such file|not found)|^program 'git' not found/,
    },
    {
        kind: "untracked",
        pattern: /[Pp]ath '([^'\n]+)' in the repository '[^'\n]*' is not tracked by Git/,
    },
    {
        kind: "untracked",
        pattern: /path '([^'\n]+)' is forbidden because it is not under Git control/,
    },

    // Failed builds, before the downloads that they may have tried.
    {
        kind: "hash-mismatch",
        pattern:
            /hash mismatch in (?:fixed-output derivation|file downloaded from) '([^'\n]+)'|^store path mismatch in [^\n]{0,500}'([^'\n]*)'/,
    },
    {
        kind: "wrong-system",
        pattern:
            /^an? '([^'\n]*)' with features \{[^\n]{0,500}\} is required to build|Required system: '([^'\n]*)'/,
    },
    {
        kind: "wrong-system",
        pattern:
            /platform mismatch|required system or feature not available|remote machines may not have all required|missing system features/,
    },
    // A builder of another system that Nix was told to run here.
    { kind: "wrong-system", pattern: /^executing '[^'\n]+': Exec format error/ },
    {
        kind: "builder-timeout",
        pattern:
            /^building of '([^'\n]+)'[^\n]{0,500} timed out after|^(?:'?([^'\n]*?)'? ?)timed out after \d+ seconds|^Cannot build '([^'\n]+)'\.\s+Reason: [^\n]{0,500}timed out/,
    },
    {
        kind: "builder-no-output",
        pattern: /^(?:builder for|Cannot build) '([^'\n]+)'[^]{0,200}?failed to produce output/,
    },
    { kind: "builder-no-output", pattern: /failed to produce (?:output|an environment)/ },
    {
        kind: "builder-killed",
        pattern:
            /^(?:builder for '([^'\n]+)'|Cannot build '([^'\n]+)'\.\s+Reason: builder) failed due to signal/,
    },
    { kind: "builder-killed", pattern: /failed due to signal \d+/ },
    {
        kind: "builder-setup",
        pattern:
            /sandboxed build because user namespaces|kernel namespaces that are required|local builds are disabled|build users group '([^'\n]+)' has no members|pseudoterminal|unable to start (?:any build|build process)|cloning builder process|failed to configure sandbox|(?:unable to load|add) seccomp|(?:in )?'build-users-group'(?:!| does not exist)/,
    },
    {
        kind: "builder-setup",
        pattern:
            /^mounting \/|^unable to (?:bind mount|make filesystem|unshare)|^cannot (?:set host name|pivot old root|unmount real root)|sandbox \w+ namespace|private mount namespace/,
    },
    { kind: "builder-setup", pattern: /while setting up the build environment/, scope: "whole" },
    {
        kind: "builder-failed",
        pattern: /^building (?:of|derivation) '([^'\n]+)'[^\n]{0,500} killed after/,
    },
    {
        kind: "builder-failed",
        pattern:
            /^builder for '([^'\n]+)' failed|^Cannot build '([^'\n]+)'\.\s+Reason: (?!\d+ dependenc)|^build (?:of|hook)[^\n]{0,500}'([^'\n]+\.drv)?'[^\n]{0,500} failed/,
    },
    {
        kind: "builder-failed",
        pattern:
            /derivation '([^'\n]+)' may not be deterministic|^(?:illegal path references in )?fixed.output derivations? (?:'([^'\n]+)' )?(?:must not|is not allowed)|^output '([^'\n]+)' is not allowed to refer/,
    },

    // The lock file, before JSON in general.
    {
        kind: "lock-needs-update",
        pattern: /(?:flake '([^'\n]+)' )?requires lock file changes but they're not allowed/,
    },
    { kind: "lock-write", pattern: /cannot write modified lock file of flake '([^'\n]+)'/ },
    {
        kind: "lock-write",
        pattern:
            /'([^'\n]*flake\.lock)'[^\n]{0,500}(?:Read-only file system|Permission denied|Operation not permitted)|is 'flake\.lock' under version control/,
    },
    { kind: "lock-write", pattern: /^flake\.lock$/m, scope: "others" },
    // Git refused to add or to commit it, and its own words are lost.
    {
        kind: "lock-write",
        pattern:
            /program 'git' failed with exit code 1\b(?:(?!while fetching)[^]){0,2000}?while updating the lock file of flake '([^'\n]+)'|while updating the lock file of flake '([^'\n]+)'(?:(?!while fetching)[^]){0,2000}?program 'git' failed with exit code 1\b/,
        scope: "whole",
    },
    { kind: "lock-version", pattern: /lock file '[^\n]{0,500}' has unsupported version (\d+)/ },
    // What a newer nix writes down of an input; nobody writes these into flake.nix.
    {
        kind: "lock-version",
        pattern:
            /^unsupported \w+ input attribute '(?:rev|revCount|lastModified|narHash|dirtyRev|dirtyShortRev|__final)'/,
    },
    {
        kind: "lock-node",
        pattern:
            /lock file references (?:missing|unknown|non-existent) node '([^'\n]*)'|lock file contains cycle to root/i,
    },
    // A missing root node ends nix up to 2.17 like this.
    { kind: "lock-node", pattern: /nlohmann[^\n]+Assertion/, scope: "others" },
    {
        kind: "lock-unlocked",
        pattern:
            /lock ?file contains (?:a )?(?:mutable lock|unlocked input) '?([^\n]{0,500}?)'?(?:\. Use|$)/im,
    },
    {
        kind: "lock-unlocked",
        pattern:
            /(?:will not write|not writing) lock file of flake [^\n]{0,500}unlocked input(?: \('([^'\n]*)'\))?/i,
    },
    {
        kind: "input-hash",
        pattern:
            /NAR hash mismatch in input '([^'\n]+)'|mismatch in field '\w+' of input '([^\n]+?)', (?:got|expected)|'(?:lastModified|revCount|rev|narHash)' attribute mismatch in input '([^'\n]+)'/,
    },
    // JSON in the flake's own expressions (`builtins.fromJSON`) is neither lock nor environment.
    {
        kind: "eval-other",
        pattern:
            /while decoding a JSON string|the 'fromJSON' builtin|^error: \[json\.exception[^]{0,4000}\(use '--show-trace'/,
        scope: "whole",
    },
    { kind: "lock-json", pattern: /[Cc]ould not parse '[^'\n]*flake\.lock'|^parsing lock file/ },
    {
        kind: "lock-json",
        pattern: /while (?:parsing|reading) the lock file at|while parsing '[^'\n]*flake\.lock'/,
        scope: "whole",
    },
    // Bash escapes the line breaks and tabs of a variable, and no other control characters.
    {
        kind: "env-escape",
        pattern:
            /parse_error\.101\][^\n]{0,500}(?:control character U\+(?!000[9AD])|ill-formed UTF-8)|type_error\.316\]/,
    },
    {
        kind: "lock-json",
        pattern:
            /\[json\.exception\.\w+\.\d+\]|^Expected JSON (?:object|value)|(?:attribute '[^'\n]*' missing|unsupported input attribute type) in lock file/,
    },

    // The flake's shape, and what was asked of it.
    {
        kind: "no-flake",
        pattern:
            /could not find a flake\.nix file|'([^'\n]+)' is not (?:part of a flake|a flake \(because it doesn't contain)|unable to find a flake before encountering/,
    },
    {
        kind: "flake-symlink",
        pattern:
            /(?:path )?'([^'\n]+)' is not a flake \(because it's not a directory\)|because it's not a directory/,
    },
    {
        kind: "no-attr",
        pattern: /flake '[^'\n]+' does not provide attribute '([^'\n]+)'/,
    },
    {
        kind: "no-attr",
        pattern:
            /does not provide attribute|attribute '[^'\n]*' in selection path '([^'\n]*)' not found|cannot find flake attribute '(?:[^'\n#]*#)?([^'\n#]*)'/,
    },
    {
        kind: "not-derivation",
        pattern:
            /flake (?:output )?attribute '([^'\n]+)' (?:is not a derivation|to be a derivation)|entries in its context\. It should/,
    },
    {
        kind: "not-derivation",
        pattern:
            /(?:needs? to evaluate to|requires) a single derivation|evaluates to \d+ derivations|^expected a derivation|^(?:attribute )?'([^'\n]*)' is not a derivation/,
    },
    { kind: "not-bash", pattern: /only works on derivations that use 'bash' as their builder/ },
    { kind: "no-outputs", pattern: /flake '([^'\n]+)' lacks attribute 'outputs'/ },
    {
        kind: "bad-input-attr",
        pattern:
            /unexpected flake input attribute '([^'\n]+)'|flake '[^'\n]+' has an unsupported attribute '([^'\n]+)'|flake input attribute '([^'\n]+)' is|flake input has both a flake reference and a follows/,
    },
    {
        kind: "bad-input-attr",
        pattern:
            /follow cycle detected|^input '([^'\n]+)' follows a non-existent input|flake 'self' attribute '([^'\n]+)' is not supported|invalid flake input (?:attribute )?path element '([^'\n]*)'|'(self)' input attribute|unsupported (?:\w+ )?input attribute '([^'\n]+)'|input attribute '([^'\n]+)' not supported by scheme|input attribute '([^'\n]+)' is (?:not|missing)/i,
    },
    {
        kind: "bad-input-url",
        pattern:
            /^input '([^\n]+)' is unsupported|'([^'\n]*)' is not a valid (?:URL|flake ?reference)|^(?:\S+ )?URL '([^'\n]+)' (?:is invalid|contains|has)|^invalid (?:flakeref|flake reference) '([^'\n]*)'|^(?:input|flake reference) '([^'\n]+)' is (?:not|invalid|relative)/,
    },
    {
        kind: "bad-input-url",
        pattern:
            /cannot apply both a commit hash [^\n]{0,500} to input '([^'\n]*)'|flake URL '([^'\n]+)' has|doesn't have a commit hash|'([^'\n]+)' is not an absolute path|^invalid (?:Git )?branch\/tag name '([^'\n]*)'/,
    },
    {
        kind: "bad-input-url",
        pattern:
            /unexpected fragment '[^'\n]*' in flake reference '([^'\n]*)'|found circular import of flake '([^'\n]*)'|cannot fetch unsupported input '([^\n]{0,500})'|cannot fetch input '([^'\n]+)' because it uses a relative path|^hash '([^'\n]*)' has wrong length for hash [^\n]{0,100}'sha1'/,
    },
    // Nix from 2.26 on takes an address that it does not understand for a path within the flake.
    {
        kind: "bad-input-url",
        pattern: new RegExp(`'${STORE_FILE}([a-z][a-z+]*:[^'\\n]*)\\/flake\\.nix' does not exist`),
    },
    {
        kind: "unexpected-arg",
        pattern:
            /function 'outputs' [^\n]{0,500}with unexpected arguments? '([^'\n]+)'|'outputs' at [^\n]{0,500} called with unexpected arguments? '([^'\n]+)'/,
    },
    {
        kind: "registry",
        pattern:
            /cannot find flake '(?:flake:)?([^'\n]+)' in the flake registries|(?:cannot (?:read|parse) )?flake registry '([^'\n]+)'|'([^'\n]+)' is an indirect flake reference/,
    },

    // Files of the flake.
    {
        kind: "not-in-source",
        pattern: new RegExp(
            `'${STORE_FILE}([^'\\n]+)'[^\\n]*(?:does not exist|No such file|Not a directory)`,
        ),
    },
    { kind: "not-in-source", pattern: /[Pp]ath '([^'\n]+)' does not exist in Git repository/ },
    {
        kind: "not-in-source",
        pattern: /source tree referenced by '[^'\n]+' does not contain a '\/*([^'\n]+)' file/,
    },
    // Lix from 2.94 on.
    {
        kind: "not-in-source",
        pattern:
            /'([^'\n]+)' in directory '\/nix\/store\/[^'\n]*-source[^'\n]*'[^\n]{0,500}No such file/,
    },
    // Determinate Nix and nix 2.36 name a file that was not copied to the store yet like this.
    {
        kind: "not-in-source",
        pattern:
            /«[^»\n]+»\/*([^'\n]+)'[^\n]{0,500}(?:does not exist|No such file|Not a directory)/,
    },

    // Downloads.
    {
        kind: "rate-limit",
        pattern: new RegExp(
            `(?:${DOWNLOAD}[^]{0,500}?)?HTTP error (?:403|429)[^]{0,4000}?rate limit`,
            "i",
        ),
    },
    { kind: "rate-limit", pattern: new RegExp(`(?:${DOWNLOAD}[^]{0,500}?)?HTTP error 429`) },
    {
        kind: "http-auth",
        pattern: new RegExp(`(?:${DOWNLOAD}[^]{0,500}?)?HTTP error (?:401|403|407)`),
    },
    {
        kind: "http-404",
        pattern: new RegExp(`(?:${DOWNLOAD}[^]{0,500}?)?HTTP error (?:404|410|422)`),
    },
    { kind: "http-5xx", pattern: new RegExp(`(?:${DOWNLOAD}[^]{0,500}?)?HTTP error [45]\\d\\d`) },
    { kind: "network", pattern: new RegExp(DOWNLOAD) },
    {
        kind: "network",
        pattern:
            /^download of '([^'\n]*)' was interrupted|some substitutes for the outputs of derivation '[^'\n]*' failed|(?:failed to start|cannot open) SSH connection to '([^'\n]*)'|^SSH to '([^'\n]*)' failed|[Cc]ould(?:n't| not) (?:resolve|connect)/,
    },
    // The archive is what git makes of a repository.
    { kind: "git-fetch", pattern: /archive \([^\n]{0,200}program 'git' failed with exit code/ },
    {
        kind: "bad-archive",
        pattern:
            /(?:open|extract|close) archive|Unrecognized archive format|archive '([^'\n]+)' is empty|tarball '([^'\n]+)' contains|failed to read (?:header|compressed data)/i,
    },
    {
        kind: "no-substituter",
        pattern:
            /'([^'\n]+)' is required, but there is no substituter|path '([^'\n]+)' does not exist and cannot be created|don't know how to recreate store derivation '([^'\n]+)'|'([^'\n]+)' of '[^'\n]*' does not exist, and substitution is disabled|cannot build missing derivation '([^'\n]+)'|^path '(\/nix\/store\/[^'\n]+)' is not valid|'([^'\n]+)' could not be substituted/,
    },
    {
        kind: "untrusted-signature",
        pattern:
            /(?:path|realisation) '([^'\n]+)' because it lacks a (?:valid )?signature|'([^'\n]+)' is untrusted|is not signed by any of the keys/,
    },
    {
        kind: "store-corrupt",
        pattern:
            /'([^'\n]+)' is corrupt(?:ed or missing|$)|NAR info file '([^'\n]+)' is corrupt|malformed database|disk image is malformed|'([^'\n]+)' was modified! expected|size mismatch importing path '([^'\n]+)'|bad archive: /,
    },
    // The library that nix from 2.20 on reads Git repositories with.
    { kind: "file-permission", pattern: /'([^'\n]+)' is locked: Permission denied/ },
    {
        kind: "git-fetch",
        pattern:
            /^[Ff]ailed to fetch git repository '?([^'\n]+?)'?(?: :|$)|^[Gg]it repository '([^'\n]+)' does not exist|[Cc]annot find Git revision '([^'\n]+)'|resolving Git reference '([^'\n]+)'|getting Git object '([^'\n]+)'|HEAD of the Git tree '([^'\n]+)'/m,
    },
    {
        kind: "git-fetch",
        pattern:
            /^(?:program |command )?'?(?:git|ssh|hg)'? failed|'([^'\n]+)' is (?:not a|a shallow) Git repository|Git repository|Git revision|Git input '([^'\n]+)'|libgit2|^program 'git[^\n]{0,500} failed/i,
    },

    // Other files.
    {
        kind: "home-unusable",
        pattern:
            /^creating (?:temporary )?(?:file|directory) '([^'\n]*)'|'([^'\n]*\/\.cache\/nix[^'\n]*)'[^\n]{0,500}(?:denied|Read-only|No such file|not permitted|unable to open)|home directory|cannot figure out user name/,
    },
    { kind: "home-unusable", pattern: /\(in '([^'\n]*\/nix\/[\w-]+cache[\w-]*\.sqlite)'\)/ },
    {
        kind: "path-missing",
        pattern:
            /^[Pp]ath '([^'\n]+)' does not exist|^[Tt]he path '([^'\n]+)' does not exist|^tarball '([^'\n]+)' does not exist/,
    },
    {
        kind: "path-missing",
        pattern:
            /^(?:getting (?:status|attributes) of(?: path)?|opening (?:file|directory)|reading (?:file|directory|symbolic link)|cannot (?:read|open)(?: directory| file)?|changing directory to) '([^'\n]+)'[^\n]{0,500}(?:No such file|does not exist|Not a directory)/,
    },
    {
        kind: "file-permission",
        pattern: /'(\/[^'\n]+)'[^\n]{0,500}(?:Permission denied|Operation not permitted)/,
    },

    // Evaluation: nixpkgs' policies, what the language forbids, and mistakes.
    {
        kind: "unfree",
        pattern:
            /[Pp]ackage '([^'\n]+)'[^]{0,1000}?(?:has an unfree license|a blocklisted license)/,
    },
    { kind: "unfree", pattern: /has an unfree license|unfree license \('unfree/ },
    { kind: "insecure", pattern: /[Pp]ackage '([^'\n]+)'[^]{0,1000}?is marked as insecure/ },
    {
        kind: "insecure",
        pattern: /is marked as insecure|has problems:[^]{0,500}?- (?:insecure|vulnerab)/,
    },
    {
        kind: "broken",
        pattern: /[Pp]ackage '([^'\n]+)'[^]{0,1000}?(?:is marked as broken|broken: This package)/,
    },
    {
        kind: "broken",
        pattern:
            /is marked as broken|broken: This package is broken|has problems:[^]{0,500}?- broken/,
    },
    {
        kind: "unsupported-platform",
        pattern:
            /[Pp]ackage '([^'\n]+)'[^]{0,1000}?is not (?:available|supported) on (?:the requested|this|your|')/,
    },
    { kind: "unsupported-platform", pattern: /is not available on the requested hostPlatform/ },
    {
        kind: "pure-eval",
        pattern:
            /(?:path|URI) '([^'\n]+)' is (?:forbidden|not allowed) in (?:pure|restricted)|cannot look up '([^'\n]+)' in pure eval/,
    },
    {
        kind: "pure-eval",
        pattern:
            /unlocked flake reference '([^'\n]+)'|in pure eval(?:uation)? mode, '([^'\n]+)'|'([^'\n]+)' [^\n]{0,500}in pure (?:eval(?:uation)? )?mode|attribute '(currentSystem|currentTime)' missing|in pure eval(?:uation)? mode/,
    },
    { kind: "missing-attr", pattern: /^attribute '{1,2}([^'\n]+)'{1,2} missing/ },
    {
        kind: "syntax",
        pattern:
            /^syntax error, ([^\n]+)|^(?:attribute '[^'\n]*' already defined|dynamic attribute|duplicate formal function argument|invalid (?:integer|float)|path has a trailing slash)/,
    },
    { kind: "undefined-var", pattern: /^undefined variable '([^'\n]+)'/ },
    {
        kind: "infinite-recursion",
        pattern: /^infinite recursion encountered|stack overflow|max-call-depth exceeded/,
    },
    {
        kind: "abort",
        pattern: /^evaluation aborted with the following error message:?\s*'?([^\n]{0,500}?)'?$/m,
    },
    { kind: "assertion", pattern: /^assertion '([^\n]{0,500})' failed|^assertion failed/ },
    {
        kind: "assertion",
        pattern:
            /while evaluating the condition of the assertion '([^\n]{0,500})'\n[^]*\n\s+error: [^\n]{0,500}(?:is not equal to|missing|different|contained in|cannot compare)/,
        scope: "whole",
    },
    // From 2.24 on it says what differs; what was asserted is in a frame, which may be left out.
    {
        kind: "assertion",
        pattern:
            /^(?:an? (?:integer|float|Boolean|string|path|list|set|null|function|derivation)\b[^\n]{0,2000}|string '[^\n]{0,2000}|(?:list of size|path|null)[^\n]{0,500}) is not equal to |^attribute names of attribute set [^\n]{0,2000} differs? from attribute set|^derivation '[^\n]{0,500}' is not equal to/,
    },

    // Git on its own.
    {
        kind: "git-fetch",
        pattern:
            /^fatal: (?:could not read (?:Username|Password) for '([^'\n]+)'|repository '([^'\n]+)' not found|unable to access '([^'\n]+)'|Could not read from remote repository|Authentication failed for '([^'\n]+)')|^\S+@\S+: Permission denied \(publickey/m,
        scope: "others",
    },
];
