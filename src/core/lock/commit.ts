import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { askGit, callGit, type Git } from "./git";

/** What came of it when git was to stage or commit a file. */
export type CommitOutcome =
    { readonly kind: "done" } | { readonly kind: "refused"; readonly sentence: string };

/** Hooks and signing can take their time, and ask for a finger on a key. In milliseconds. */
const PATIENCE = 10 * 60_000;

/**
 * Commits one file of a folder as it is on disk, and nothing else, whatever is staged. Only ever
 * called when the user asks for it.
 */
export async function commitFile(
    git: Git,
    folder: string,
    { path, message }: { path: string; message: string },
    signal?: AbortSignal,
): Promise<CommitOutcome> {
    const facts = await askGit(git, folder, [path]);
    const known = typeof facts === "string" ? undefined : facts.get(path);
    if (known === undefined) return refused("git can't be asked about this folder");
    const options = { signal, timeout: PATIENCE, lacking: "fetched" } as const;
    if (known.index === undefined) {
        // A commit of a path alone is only possible once git knows the path.
        const force = known.ignored ? ["--force"] : [];
        const args = ["add", "--intent-to-add", ...force, "--", path];
        const added = await callGit(git, folder, args, options);
        if (added.kind !== "exited" || added.code !== 0) return refusedBy(added);
    }
    const args = ["commit", "--quiet", "--only", `--message=${message}`, "--", path];
    const result = await callGit(git, folder, args, options);
    if (result.kind === "exited" && result.code === 0) return { kind: "done" };
    const hook = await hookOf(git, folder);
    return refusedBy(result, hook);
}

/** The paths that are staged besides one, as far as they are different from HEAD. */
export async function stagedBesides(git: Git, folder: string, path: string): Promise<string[]> {
    const args = ["diff", "--cached", "--name-only", "--no-ext-diff", "-z", "--"];
    const others = [":/", `:(exclude,literal)${path}`];
    const result = await callGit(git, folder, [...args, ...others]);
    if (result.kind !== "exited" || result.code !== 0) return [];
    return result.stdout.split("\0").filter((name) => name !== "");
}

/** Puts one file's content into the index, for the user to commit. Only when the user asks. */
export async function stageFile(git: Git, folder: string, path: string): Promise<CommitOutcome> {
    const args = ["add", "--force", "--", path];
    const result = await callGit(git, folder, args, { lacking: "fetched" });
    return result.kind === "exited" && result.code === 0 ? { kind: "done" } : refusedBy(result);
}

type GitResult = Awaited<ReturnType<typeof callGit>>;

function refusedBy(result: GitResult, hook?: string): CommitOutcome {
    switch (result.kind) {
        case "exited":
            return refused(reasonOf(result.stderr, result.stdout) ?? unknownReason(result, hook));
        case "timed-out":
            return refused("it did not end, perhaps because it waits for a password");
        case "not-found":
            return refused("git was not found");
        default:
            return refused("git could not be run");
    }
}

function refused(reason: string): CommitOutcome {
    return { kind: "refused", sentence: `flake.lock was not committed: ${reason}.` };
}

/** Git's own ways to say no, and what they mean to a person. */
const REASONS: readonly (readonly [RegExp, string])[] = [
    [
        /index\.lock': File exists|Another git process/i,
        "another git is at work in this repository, or was killed in it (then remove .git/index.lock)",
    ],
    [
        /gpg failed to sign|failed to sign the data|error: .*sign(?:ing)? key|ssh-keygen|gpg\.ssh/i,
        "git could not sign the commit; check user.signingKey, or commit in a terminal where it can ask",
    ],
    [
        /tell me who you are|empty ident name|no email was given|unable to auto-detect/i,
        "git does not know who you are; set user.name and user.email",
    ],
    [
        /partial commit during a (?:merge|rebase|cherry-pick)/i,
        "a merge or rebase is under way; end that first",
    ],
    [/nothing (?:added )?to commit|no changes added/i, "it is what was committed last"],
    [/not a git repository/i, "its folder is in no git repository"],
    [/dubious ownership/i, "the repository belongs to another user; see git's safe.directory"],
    [/Permission denied|Read-only file system/i, "the repository can't be written to"],
];

function reasonOf(stderr: string, stdout: string): string | undefined {
    const said = `${stderr}\n${stdout}`;
    return REASONS.find(([pattern]) => pattern.test(said))?.[1];
}

/** A hook says what it wants; its last line is the nearest to a reason. */
function unknownReason(
    { stderr, stdout }: { stderr: string; stdout: string },
    hook: string | undefined,
): string {
    const line = `${stdout}\n${stderr}`
        .split("\n")
        .map((text) => text.trim())
        .filter((text) => text !== "")
        .at(-1);
    const quoted = line === undefined ? "" : ` (“${line.slice(0, 200)}”)`;
    return hook === undefined ? `git refused it${quoted}` : `the ${hook} hook refused it${quoted}`;
}

/** The first hook of the repository that can refuse a commit. */
async function hookOf(git: Git, folder: string): Promise<string | undefined> {
    for (const hook of ["pre-commit", "prepare-commit-msg", "commit-msg"]) {
        const result = await callGit(git, folder, ["rev-parse", "--git-path", `hooks/${hook}`]);
        const path = result.kind === "exited" ? result.stdout.trim() : "";
        if (path !== "" && existsSync(resolve(folder, path))) return hook;
    }
    return undefined;
}
