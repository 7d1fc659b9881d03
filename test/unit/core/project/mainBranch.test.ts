import assert from "node:assert/strict";
import { join } from "node:path";
import { mainBranch } from "../../../../src/core/project/mainBranch";
import { testFolder } from "../../testFolder";
import { commitAll, git, initialise } from "../lock/testRepository";

describe("the main branch", () => {
    const folder = testFolder();

    it("is origin's own, else the one that is checked out, else main", () => {
        assert.equal(mainBranch(undefined), "main");
        assert.equal(mainBranch(folder.path), "main");
        folder.write(".git/HEAD", "ref: refs/heads/feature/x\n");
        assert.equal(mainBranch(folder.path), "feature/x");
        folder.write(".git/refs/remotes/origin/HEAD", "ref: refs/remotes/origin/trunk\n");
        assert.equal(mainBranch(folder.path), "trunk");
    });

    it("is origin's own in another work tree of the repository, too", () => {
        const [source, clone] = [join(folder.path, "source"), join(folder.path, "clone")];
        initialise(source, "--initial-branch=trunk");
        commitAll(source);
        git(folder.path, "clone", "-q", source, clone);
        git(clone, "worktree", "add", "-q", "-b", "feature", "../tree");
        assert.equal(mainBranch(clone), "trunk");
        assert.equal(mainBranch(join(folder.path, "tree")), "trunk");
    });

    it("is main where HEAD is a commit", () => {
        folder.write(".git/HEAD", "8bab26f4f1a2b3c4d5e6f708192a3b4c5d6e7f80\n");
        assert.equal(mainBranch(folder.path), "main");
    });
});
