import assert from "node:assert/strict";
import { join } from "node:path";
import { commitFile, stagedBesides, stageFile } from "../../../../src/core/lock/commit";
import type { Git } from "../../../../src/core/lock/git";
import { testFolder } from "../../testFolder";
import { commitAll, git, GIT, initialise } from "./testRepository";

describe("commitFile", () => {
    const folder = testFolder();

    function committed(): void {
        initialise(folder.path);
        folder.write("flake.lock", "1\n");
        folder.write("other", "1\n");
        commitAll(folder.path);
        folder.write("flake.lock", "2\n");
        folder.write("other", "2\n");
    }

    const commit = (using: Git = GIT, at = folder.path): ReturnType<typeof commitFile> =>
        commitFile(using, at, { path: "flake.lock", message: "flake.lock: update" });
    const refusal = async (using: Git = GIT): Promise<string> => {
        const outcome = await commit(using);
        assert.equal(outcome.kind, "refused");
        return outcome.kind === "refused" ? outcome.sentence : "";
    };
    const log = (...args: string[]): string => git(folder.path, "log", "-1", ...args).trim();

    it("commits the file alone, whatever else is staged", async () => {
        committed();
        git(folder.path, "add", "other");
        assert.deepEqual(await stagedBesides(GIT, folder.path, "flake.lock"), ["other"]);
        assert.deepEqual(await commit(), { kind: "done" });
        assert.equal(log("--format=%s", "--name-only"), "flake.lock: update\n\nflake.lock");
        assert.equal(git(folder.path, "diff", "--cached", "--name-only"), "other\n");
    });

    it("commits one that git does not know, or is told to ignore, or that comes first", async () => {
        initialise(folder.path);
        folder.write("flake.lock");
        assert.deepEqual(await commit(), { kind: "done" });
        git(folder.path, "rm", "-q", "--cached", "flake.lock");
        folder.write(".gitignore", "*.lock\n");
        commitAll(folder.path);
        assert.deepEqual(await commit(), { kind: "done" });
        assert.equal(log("--format=", "--name-only"), "flake.lock");
    });

    it("works in a subfolder, where others may be staged, too", async () => {
        initialise(folder.path);
        folder.write("app/flake.lock", "1");
        folder.write("flake.lock", "1");
        git(folder.path, "add", "--all");
        const app = join(folder.path, "app");
        assert.deepEqual(await stagedBesides(GIT, app, "flake.lock"), ["flake.lock"]);
        assert.deepEqual(await commit(GIT, app), { kind: "done" });
        assert.equal(log("--format=", "--name-only"), "app/flake.lock");
    });

    it("takes every message as it is", async () => {
        committed();
        const message = "-n $(touch x) `y`\n\nbody\n# not a comment";
        await commitFile(GIT, folder.path, { path: "flake.lock", message });
        assert.equal(log("--format=%B"), message);
    });

    it("says that another git is at work, and leaves the index alone", async () => {
        committed();
        folder.write(".git/index.lock");
        assert.match(await refusal(), /^flake\.lock was not committed: another git is at work/);
        const staged = await stageFile(GIT, folder.path, "flake.lock");
        assert.match(staged.kind === "refused" ? staged.sentence : "", /another git is at work/);
    });

    it("says which hook refused, and its last words", async () => {
        committed();
        folder.script(".git/hooks/pre-commit", "echo 'not on a Friday' >&2; exit 1");
        assert.equal(
            await refusal(),
            "flake.lock was not committed: the pre-commit hook refused it (“not on a Friday”).",
        );
        assert.equal(log("--format=%s"), "x");
    });

    it("says that signing failed", async () => {
        committed();
        const gpg = folder.script("gpg", "echo 'gpg: no secret key' >&2; exit 2");
        git(folder.path, "config", "commit.gpgSign", "true");
        git(folder.path, "config", "gpg.program", gpg);
        assert.match(await refusal(), /git could not sign the commit; check user\.signingKey/);
    });

    it("says that git does not know who commits", async () => {
        committed();
        const env = new Map([...GIT.env].filter(([name]) => !/^GIT_(AUTHOR|COMMITTER)/.test(name)));
        git(folder.path, "config", "user.useConfigOnly", "true");
        assert.match(await refusal({ ...GIT, env }), /git does not know who you are/);
    });

    it("says that a merge has to be ended first", async () => {
        committed();
        git(folder.path, "checkout", "-q", "-f", "-b", "side");
        folder.write("other", "side\n");
        commitAll(folder.path);
        git(folder.path, "checkout", "-q", "-");
        folder.write("other", "main\n");
        commitAll(folder.path);
        assert.throws(() => git(folder.path, "merge", "-q", "side"));
        folder.write("flake.lock", "3\n");
        assert.match(await refusal(), /a merge or rebase is under way/);
    });

    it("says that there is nothing to commit, and no git", async () => {
        committed();
        folder.write("flake.lock", "1\n");
        assert.match(await refusal(), /it is what was committed last/);
        assert.match(await refusal({ ...GIT, executable: "/no/git" }), /git can't be asked/);
    });
});
