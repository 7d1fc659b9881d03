import assert from "node:assert/strict";
import { join } from "node:path";
import { gitFolder } from "../../../../src/core/lock/gitFolder";
import { testFolder } from "../../testFolder";
import { commitAll, git, initialise } from "./testRepository";

describe("gitFolder", () => {
    const folder = testFolder();

    it("is where git itself has the index, in a worktree and a submodule too", () => {
        const [main, tree] = [join(folder.path, "main"), join(folder.path, "tree")];
        initialise(join(folder.path, "library"));
        commitAll(join(folder.path, "library"));
        initialise(main);
        git(main, "submodule", "--quiet", "add", "../library", "library");
        commitAll(main);
        git(main, "worktree", "add", "-q", "../tree");
        for (const repository of [main, tree, join(main, "library")]) {
            const theirs = git(repository, "rev-parse", "--absolute-git-dir").trim();
            assert.equal(gitFolder(repository), theirs);
        }
    });

    it("is the usual folder where there is none", () => {
        assert.equal(gitFolder(folder.path), join(folder.path, ".git"));
    });
});
