import assert from "node:assert/strict";
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { CaptureError } from "../../../../src/core/failure/failure";
import {
    askGit,
    committedText,
    intendToAdd,
    repositoryToTrust,
    upstreamBlob,
} from "../../../../src/core/lock/git";
import { testFolder } from "../../testFolder";
import { commitAll, git, GIT, initialise } from "./testRepository";

describe("askGit", () => {
    const folder = testFolder();

    it("tells the index, HEAD and what is ignored of each path apart", async () => {
        initialise(folder.path);
        folder.write(".gitignore", "ignored\n");
        folder.write("clean", "1");
        folder.write("staged", "1");
        commitAll(folder.path);
        folder.write("staged", "2");
        folder.write("added", "1");
        git(folder.path, "add", "staged", "added");
        folder.write("ignored");
        folder.write("untracked");
        folder.write("intended", "text");
        git(folder.path, "add", "--intent-to-add", "intended");

        const names = ["clean", "staged", "added", "ignored", "untracked", "intended", "missing"];
        const facts = await askGit(GIT, folder.path, names);
        assert.ok(typeof facts !== "string");
        const of = (name: string) => facts.get(name);
        assert.equal(of("clean")?.index, of("clean")?.head);
        assert.notEqual(of("staged")?.index, of("staged")?.head);
        assert.ok(of("added")?.index !== undefined && of("added")?.head === undefined);
        assert.deepEqual([of("ignored")?.ignored, of("ignored")?.index], [true, undefined]);
        assert.deepEqual([of("untracked")?.ignored, of("untracked")?.index], [false, undefined]);
        assert.equal(of("intended")?.intentToAdd, true);
        assert.equal(of("clean")?.intentToAdd, false);
        assert.deepEqual(of("missing")?.index, undefined);
    });

    it("understands paths with blanks, tabs, newlines, quotes and other letters", async () => {
        const names = ["a b", "a\tb", "a\nb", 'say "hi"', "é", "-n", "*", ":x"];
        initialise(folder.path);
        for (const name of names) folder.write(name, name);
        commitAll(folder.path);
        for (const name of names.filter((each) => !each.startsWith(":") && each !== "*")) {
            const facts = await askGit(GIT, folder.path, [name]);
            assert.ok(typeof facts !== "string");
            assert.notEqual(facts.get(name)?.index, undefined, JSON.stringify(name));
            assert.equal(facts.get(name)?.index, facts.get(name)?.head, JSON.stringify(name));
        }
    });

    it("understands paths below and above the folder", async () => {
        initialise(folder.path);
        folder.write("top");
        folder.write("sub/here");
        folder.write("sub/deep/below");
        commitAll(folder.path);
        const facts = await askGit(GIT, join(folder.path, "sub"), ["../top", "here", "deep/below"]);
        assert.ok(typeof facts !== "string");
        for (const [path, { index, head }] of facts) {
            assert.ok(index !== undefined && index === head, path);
        }
    });

    it("tells a merge that nobody resolved", async () => {
        initialise(folder.path);
        folder.write("file", "base\n");
        commitAll(folder.path);
        git(folder.path, "checkout", "-q", "-b", "other");
        folder.write("file", "theirs\n");
        commitAll(folder.path);
        git(folder.path, "checkout", "-q", "main");
        folder.write("file", "ours\n");
        commitAll(folder.path);
        assert.throws(() => git(folder.path, "merge", "-q", "other"));
        const facts = await askGit(GIT, folder.path, ["file"]);
        assert.ok(typeof facts !== "string");
        assert.equal(facts.get("file")?.conflicted, true);
    });

    it("says so where there is no repository, no git, or git does not work", async () => {
        assert.equal(await askGit(GIT, folder.path, ["file"]), "no-git");
        const missing = { ...GIT, executable: join(folder.path, "no-git") };
        assert.equal(await askGit(missing, folder.path, ["file"]), "git-missing");
        const broken = { ...GIT, executable: folder.script("broken-git", "exit 128") };
        assert.equal(await askGit(broken, folder.path, ["file"]), "unknown");
        assert.equal(await askGit(GIT, join(folder.path, "gone"), ["file"]), "unknown");
    });

    it("runs no program that the repository's configuration names", async () => {
        initialise(folder.path);
        folder.write("file");
        commitAll(folder.path);
        const trap = folder.script("trap", `echo run >> '${folder.path}/trapped'`);
        git(folder.path, "config", "core.fsmonitor", trap);
        git(folder.path, "config", "core.pager", trap);
        assert.notEqual(await askGit(GIT, folder.path, ["file"]), "unknown");
        await assert.rejects(
            import("node:fs/promises").then((fs) => fs.stat(join(folder.path, "trapped"))),
        );
    });
});

describe("committedText", () => {
    const folder = testFolder();

    it("is what HEAD has at a path of the folder, whatever is on disk, however long", async () => {
        initialise(folder.path);
        const text = "1\r\n".repeat(2_000_000);
        folder.write("sub/flake.lock", text);
        assert.equal(await committedText(GIT, join(folder.path, "sub"), "flake.lock"), undefined);
        commitAll(folder.path);
        folder.write("sub/flake.lock", "2");
        assert.equal(await committedText(GIT, join(folder.path, "sub"), "flake.lock"), text);
        assert.equal(await committedText(GIT, folder.path, "flake.lock"), undefined);
    });
});

describe("upstreamBlob", () => {
    const folder = testFolder();

    it("fetches nothing in a clone that lacks the upstream's files", async () => {
        const [source, clone] = [join(folder.path, "source"), join(folder.path, "clone")];
        initialise(source);
        git(source, "config", "uploadpack.allowFilter", "true");
        folder.write("source/sub/flake.lock", "1");
        commitAll(source);
        git(folder.path, "clone", "-q", "--filter=tree:0", `file://${source}`, "clone");
        const now = git(clone, "rev-parse", "HEAD:sub/flake.lock").trim();
        assert.equal(await upstreamBlob(GIT, join(clone, "sub"), "flake.lock"), now);
        folder.write("source/sub/flake.lock", "2");
        commitAll(source);
        git(clone, "fetch", "-q");
        const trap = folder.script(
            "trap",
            `: > '${folder.path}/fetched'; exec git-upload-pack "$@"`,
        );
        git(clone, "config", "remote.origin.uploadpack", trap);
        assert.equal(await upstreamBlob(GIT, join(clone, "sub"), "flake.lock"), undefined);
        assert.ok(!existsSync(join(folder.path, "fetched")));
    });
});

describe("repositoryToTrust", () => {
    const folder = testFolder();

    it("is a folder that is there, and nothing that means more to git", () => {
        const other = folder.folder("other");
        assert.equal(repositoryToTrust(other, folder.path), other);
        const odd = ["", "*", "/*", `${folder.path}/*`, "other", folder.write("file")];
        for (const named of odd) assert.equal(repositoryToTrust(named, folder.path), folder.path);
    });
});

describe("intendToAdd", () => {
    const folder = testFolder();

    it("makes git know the path, and commits no content", async () => {
        initialise(folder.path);
        folder.write("a new file", "text");
        await intendToAdd(GIT, folder.path, "a new file");
        const facts = await askGit(GIT, folder.path, ["a new file"]);
        assert.ok(typeof facts !== "string");
        assert.equal(facts.get("a new file")?.intentToAdd, true);
        assert.equal(git(folder.path, "diff", "--cached", "--name-only"), "");
    });

    it("makes git know no other path, whatever signs are in this one", async () => {
        initialise(folder.path);
        for (const name of ["[ab].nix", "a.nix", "b.nix"]) folder.write(name);
        await intendToAdd(GIT, folder.path, "[ab].nix");
        assert.equal(git(folder.path, "ls-files"), "[ab].nix\n");
        await assert.rejects(intendToAdd(GIT, folder.path, ":/"));
        await intendToAdd(GIT, folder.path, join(folder.path, "b.nix"));
        assert.equal(git(folder.path, "ls-files"), "[ab].nix\nb.nix\n");
    });

    it("waits while another git holds the index", async () => {
        initialise(folder.path);
        folder.write("file");
        const lock = folder.write(".git/index.lock");
        const added = intendToAdd(GIT, folder.path, "file", 60_000);
        setTimeout(() => rmSync(lock), 300);
        await added;
        assert.match(git(folder.path, "ls-files"), /^file$/m);
    });

    it("says so where the other git never ends, and where there is no such file", async () => {
        initialise(folder.path);
        folder.write("file");
        folder.write(".git/index.lock");
        await assert.rejects(intendToAdd(GIT, folder.path, "file", 0), (error) => {
            assert.ok(error instanceof CaptureError);
            assert.equal(error.failure.kind, "git-refused");
            assert.match(error.failure.detail, /index\.lock/);
            return true;
        });
        folder.remove(".git/index.lock");
        await assert.rejects(intendToAdd(GIT, folder.path, "missing"), /did not match any files/);
    });
});
