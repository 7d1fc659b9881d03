import assert from "node:assert/strict";
import { readFileSync, rmSync, statSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { findDrift, type Drift } from "../../../../src/core/lock/drift";
import { detectProject } from "../../../../src/core/project/project";
import { testFolder } from "../../testFolder";
import { DRIFT_CASES } from "./driftCases";
import { commitAll, git, GIT, initialise } from "./testRepository";
import { github, lockOf } from "./testLock";

const FLAKE = '{ inputs.nixpkgs.url = "github:NixOS/nixpkgs"; outputs = _: { }; }\n';
const WITHOUT_INPUTS = "{\n  # inputs = { };\n  outputs = _: { };\n}\n";
const LOCK = lockOf({ nixpkgs: github("NixOS/nixpkgs", "a") });
const NEWER = lockOf({ nixpkgs: github("NixOS/nixpkgs", "b") });

const OVERLAY = { type: "git", url: "file:///srv/rust-overlay", ref: "main" };
const OVERLAY_FLAKE = `{
    inputs."rust-overlay".url = "git+file:///srv/rust-overlay?ref=main";
    outputs = _: { };
}
`;
const OVERLAY_LOCK = lockOf({
    "rust-overlay": {
        locked: { ...OVERLAY, rev: "a".repeat(40), lastModified: 1_700_000_000 },
        original: OVERLAY,
    },
});

const brief = (drift: Drift | undefined): Pick<Drift, "state" | "invisible"> | undefined =>
    drift && { state: drift.state, invisible: drift.invisible };

describe("findDrift", () => {
    const folder = testFolder();

    const drift = async (name = "."): Promise<Drift | undefined> =>
        findDrift(detectProject(join(folder.path, name)), GIT);
    const state = async (name = "."): Promise<string | undefined> => (await drift(name))?.state;

    /** A repository with a flake and its lock, committed. */
    function committed(...options: string[]): void {
        initialise(folder.path, ...options);
        folder.write("flake.nix", FLAKE);
        folder.write("flake.lock", LOCK);
        commitAll(folder.path);
    }

    it("is nothing without a flake", async () => {
        initialise(folder.path);
        assert.equal(await drift(), undefined);
    });

    describe("makes of a real repository whose lock is", () => {
        for (const { name, change, state, also = [], notes = [], invisible = [] } of DRIFT_CASES) {
            it(name, async () => {
                const project = folder.folder("project");
                folder.write("project/flake.nix", OVERLAY_FLAKE);
                folder.write("project/flake.lock", OVERLAY_LOCK);
                initialise(project);
                commitAll(project);
                const found = await findDrift(detectProject(change(project) ?? project), GIT);
                const kinds = found?.notes.map(({ kind }) => kind);
                assert.deepEqual(
                    [found?.state, found?.also, kinds, found?.invisible],
                    [state, also, notes, invisible],
                );
            });
        }
    });

    it("is clean where the lock is what HEAD says", async () => {
        committed();
        assert.deepEqual(brief(await drift()), { state: "clean", invisible: [] });
    });

    it("is clean where a lock was only touched", async () => {
        committed();
        folder.write("flake.lock", NEWER);
        folder.write("flake.lock", LOCK);
        assert.equal(await state(), "clean");
    });

    it("is missing where a flake with inputs has no lock", async () => {
        initialise(folder.path);
        folder.write("flake.nix", FLAKE);
        commitAll(folder.path);
        assert.equal(await state(), "missing");
        committed();
        rmSync(join(folder.path, "flake.lock"));
        assert.equal(await state(), "missing");
    });

    it("is clean where a flake without inputs has no lock, as nix writes none", async () => {
        initialise(folder.path);
        folder.write("flake.nix", WITHOUT_INPUTS);
        commitAll(folder.path);
        assert.equal(await state(), "clean");
    });

    it("is untracked where git does not know the lock, or knows only of it", async () => {
        initialise(folder.path);
        folder.write("flake.nix", FLAKE);
        commitAll(folder.path);
        folder.write("flake.lock", LOCK);
        assert.equal(await state(), "untracked");
        git(folder.path, "add", "--intent-to-add", "flake.lock");
        assert.equal(await state(), "untracked");
    });

    it("is ignored where git is told to ignore the lock", async () => {
        initialise(folder.path);
        folder.write("flake.nix", FLAKE);
        folder.write(".gitignore", "*.lock\n");
        commitAll(folder.path);
        folder.write("flake.lock", LOCK);
        assert.equal(await state(), "ignored");
        git(folder.path, "add", "--force", "flake.lock");
        assert.equal(await state(), "staged");
    });

    it("is modified where the lock is not what the index says, staged where HEAD is behind", async () => {
        committed();
        folder.write("flake.lock", NEWER);
        assert.equal(await state(), "modified");
        git(folder.path, "add", "flake.lock");
        assert.equal(await state(), "staged");
        folder.write("flake.lock", `${NEWER}\n`);
        assert.equal(await state(), "modified");
        git(folder.path, "commit", "-q", "--all", "--message", "x");
        assert.equal(await state(), "clean");
    });

    it("is staged before the first commit", async () => {
        initialise(folder.path);
        folder.write("flake.nix", FLAKE);
        folder.write("flake.lock", LOCK);
        assert.equal(await state(), "untracked");
        git(folder.path, "add", "--all");
        assert.equal(await state(), "staged");
    });

    it("is not known without a repository, and missing there without a lock", async () => {
        folder.write("flake.nix", FLAKE);
        assert.equal(await state(), "missing");
        folder.write("flake.lock", LOCK);
        assert.equal(await state(), "no-git");
        rmSync(join(folder.path, "flake.lock"));
        folder.write("flake.nix", WITHOUT_INPUTS);
        assert.equal(await state(), "no-git");
    });

    it("is not known where git is missing or refuses", async () => {
        committed();
        const project = detectProject(folder.path);
        const missing = { ...GIT, executable: "/no/such/git" };
        assert.deepEqual(brief(await findDrift(project, missing)), {
            state: "no-git",
            invisible: [],
        });
        assert.deepEqual((await findDrift(project, missing))?.notes, [
            { kind: "git", trouble: "git-missing" },
        ]);
        const refusing = { ...GIT, executable: folder.script("fake-git", "exit 128") };
        assert.deepEqual(brief(await findDrift(project, refusing)), {
            state: "unknown",
            invisible: [],
        });
    });

    it("is not known where the repository belongs to another user", async () => {
        committed();
        // With this, git takes every repository for somebody else's.
        const env = new Map([...GIT.env, ["GIT_TEST_ASSUME_DIFFERENT_OWNER", "1"]]);
        const found = await findDrift(detectProject(folder.path), { ...GIT, env });
        assert.deepEqual(
            [found?.state, found?.notes],
            ["unknown", [{ kind: "git", trouble: "git-owner" }]],
        );
    });

    it("tells of inputs that are older than the user wants, where a limit is set", async () => {
        committed();
        const project = detectProject(folder.path);
        const day = 86_400_000;
        const now = 1_700_000_000_000 + 10 * day;
        const old = async (days: number): Promise<unknown> =>
            (await findDrift(project, GIT, { oldAfter: days * day, now }))?.notes;
        assert.deepEqual(await old(11), []);
        assert.deepEqual(await old(9), [
            { kind: "old", inputs: [{ name: "nixpkgs", lastModified: 1_700_000_000 }] },
        ]);
        assert.deepEqual((await findDrift(project, GIT))?.notes, []);
    });

    it("reads a lock of 1,000 nodes and one of 5 MB", async () => {
        initialise(folder.path);
        folder.write("flake.nix", FLAKE);
        const nodes = Object.fromEntries(
            Array.from({ length: 1000 }, (_, i) => [`n${i}`, github(`a/r${i}`, "a")]),
        );
        const all = { ...nodes, nixpkgs: github("NixOS/nixpkgs", "a") };
        folder.write("flake.lock", lockOf(all, { nixpkgs: "nixpkgs" }));
        commitAll(folder.path);
        assert.equal(await state(), "clean");
        const filled = LOCK.replace('"nodes"', `"more": "${"x".repeat(5 << 20)}", "nodes"`);
        folder.write("flake.lock", filled);
        assert.deepEqual([await state(), (await drift())?.inputs.length], ["modified", 1]);
    });

    it("goes round a cycle of follows once", async () => {
        initialise(folder.path);
        folder.write(
            "flake.nix",
            '{ inputs = { a.follows = "b"; b.follows = "a"; }; outputs = _: { }; }',
        );
        folder.write("flake.lock", lockOf({}, { a: ["b"], b: ["a"] }));
        commitAll(folder.path);
        assert.equal(await state(), "clean");
    });

    it("is found in a subfolder of the repository", async () => {
        initialise(folder.path);
        folder.write("app/flake.nix", FLAKE);
        folder.write("app/flake.lock", LOCK);
        folder.write("app/src/main.rs");
        commitAll(folder.path);
        assert.equal(await state("app/src"), "clean");
        folder.write("app/flake.lock", NEWER);
        assert.equal(await state("app"), "modified");
    });

    it("is found in a worktree", async () => {
        folder.folder("main");
        initialise(join(folder.path, "main"));
        folder.write("main/flake.nix", FLAKE);
        folder.write("main/flake.lock", LOCK);
        commitAll(join(folder.path, "main"));
        git(join(folder.path, "main"), "worktree", "add", "-q", "../tree");
        assert.equal(await state("tree"), "clean");
        folder.write("tree/flake.lock", NEWER);
        assert.deepEqual([await state("tree"), await state("main")], ["modified", "clean"]);
    });

    it("is found in a submodule, which is a repository of its own", async () => {
        initialise(join(folder.path, "library"));
        folder.write("library/flake.nix", FLAKE);
        folder.write("library/flake.lock", LOCK);
        commitAll(join(folder.path, "library"));
        initialise(join(folder.path, "app"));
        git(join(folder.path, "app"), "submodule", "--quiet", "add", "../library", "library");
        assert.equal(await state("app/library"), "clean");
        folder.write("app/library/flake.lock", NEWER);
        assert.equal(await state("app/library"), "modified");
    });

    it("takes Windows' newlines for the same lock where git converts them", async () => {
        committed();
        git(folder.path, "config", "core.autocrlf", "true");
        rmSync(join(folder.path, "flake.lock"));
        git(folder.path, "checkout", "--", "flake.lock");
        assert.match(readFileSync(join(folder.path, "flake.lock"), "utf8"), /\r\n/);
        assert.equal(await state(), "clean");
    });

    it("works with SHA-256, where git does", async function () {
        try {
            committed("--object-format=sha256");
        } catch {
            this.skip();
        }
        assert.equal(await state(), "clean");
        folder.write("flake.lock", NEWER);
        assert.equal(await state(), "modified");
        git(folder.path, "rm", "--quiet", "--cached", "--force", "flake.lock");
        git(folder.path, "add", "--intent-to-add", "flake.lock");
        assert.equal(await state(), "untracked");
    });

    it("works in a folder with any name", async () => {
        for (const name of ["a b", "it's", "é🦀", "[x]*", "#?%20"]) {
            initialise(join(folder.path, name));
            folder.write(`${name}/flake.nix`, FLAKE);
            folder.write(`${name}/flake.lock`, LOCK);
            commitAll(join(folder.path, name));
            assert.deepEqual(brief(await drift(name)), { state: "clean", invisible: [] }, name);
        }
    });

    describe("tells what is wrong with the lock itself", () => {
        const locked = async (text: string): Promise<Drift | undefined> => {
            initialise(folder.path);
            folder.write("flake.nix", FLAKE);
            folder.write("flake.lock", text);
            commitAll(folder.path);
            return drift();
        };

        it("a merge's conflict, marked in the file or in the index", async () => {
            const marked = LOCK.replace('  "nodes"', '<<<<<<< HEAD\n=======\n>>>>>>> x\n"nodes"');
            const found = await locked(marked);
            assert.equal(found?.state, "conflict");
            assert.deepEqual(found.trouble, { kind: "conflict", line: 2 });

            folder.write("flake.lock", lockOf({ nixpkgs: github("NixOS/nixpkgs", "c") }));
            commitAll(folder.path, "base");
            git(folder.path, "checkout", "-q", "-b", "other");
            folder.write("flake.lock", NEWER);
            commitAll(folder.path);
            git(folder.path, "checkout", "-q", "-");
            folder.write("flake.lock", LOCK);
            commitAll(folder.path);
            assert.throws(() => git(folder.path, "merge", "-q", "other"));
            folder.write("flake.lock", LOCK);
            assert.equal(await state(), "conflict");
        });

        it("what is no JSON, and where", async () => {
            const found = await locked('{\n  "nodes": }\n');
            assert.equal(found?.state, "unreadable");
            assert.deepEqual(found.trouble, { kind: "unreadable", line: 2, column: 12 });
            for (const text of [
                "",
                "[]",
                "null",
                "{}",
                '{ "version": 7, "nodes": {}, "root": "x" }',
            ]) {
                assert.equal((await locked(text))?.state, "unreadable", text);
            }
        });

        it("a version that nix can't read", async () => {
            for (const version of [4, 8, 99]) {
                const found = await locked(LOCK.replace('"version": 7', `"version": ${version}`));
                assert.equal(found?.state, "unsupported", String(version));
            }
        });

        it("inputs that it does not have as flake.nix wants them", async () => {
            const found = await locked(lockOf({ nixpkgs: github("someone/nixpkgs", "a") }));
            assert.equal(found?.state, "stale");
            assert.deepEqual(found.stale, [{ name: "nixpkgs", why: "other-reference" }]);
            folder.write("flake.lock", NEWER);
            assert.deepEqual([(await drift())?.state, (await drift())?.also], ["modified", []]);
            folder.write("flake.nix", "{ outputs = _: { }; }");
            assert.deepEqual(
                [(await drift())?.state, (await drift())?.also],
                ["stale", ["modified"]],
            );
        });
    });

    it("tells where the upstream branch has another lock, without warning of it", async () => {
        initialise(join(folder.path, "theirs"));
        folder.write("theirs/flake.nix", FLAKE);
        folder.write("theirs/flake.lock", LOCK);
        commitAll(join(folder.path, "theirs"));
        git(folder.path, "clone", "-q", "theirs", "ours");
        assert.deepEqual((await drift("ours"))?.notes, []);
        folder.write("ours/flake.lock", NEWER);
        commitAll(join(folder.path, "ours"));
        const found = await drift("ours");
        assert.deepEqual([found?.state, found?.notes], ["clean", [{ kind: "upstream" }]]);
    });

    it("lists the flake's own inputs", async () => {
        committed();
        const [input] = (await drift())?.inputs ?? [];
        assert.deepEqual(
            [input?.name, input?.revision, input?.lastModified, input?.follows],
            ["nixpkgs", "a".repeat(40), 1_700_000_000, undefined],
        );
    });

    describe("tells of files that nix does not see", () => {
        const READS = "{ outputs = _: builtins.readFile ./rust-toolchain.toml; }\n";

        it("when git does not know flake.nix, and no more once it is known", async () => {
            initialise(folder.path);
            folder.write("flake.nix", FLAKE);
            assert.deepEqual((await drift())?.invisible, ["flake.nix"]);
            git(folder.path, "add", "--intent-to-add", "flake.nix");
            assert.deepEqual((await drift())?.invisible, []);
        });

        it("when git is told to ignore flake.nix", async () => {
            initialise(folder.path);
            folder.write(".gitignore", "flake.nix\n");
            folder.write("flake.nix", FLAKE);
            assert.deepEqual((await drift())?.invisible, ["flake.nix"]);
        });

        it("when git does not know the toolchain file, and the flake reads it", async () => {
            initialise(folder.path);
            folder.write("flake.nix", FLAKE);
            commitAll(folder.path);
            folder.write("rust-toolchain.toml");
            assert.deepEqual((await drift())?.invisible, []);
            folder.write("flake.nix", READS);
            assert.deepEqual((await drift())?.invisible, ["rust-toolchain.toml"]);
            git(folder.path, "add", "rust-toolchain.toml");
            assert.deepEqual((await drift())?.invisible, []);
        });

        it("when the toolchain file lies above the flake", async () => {
            initialise(folder.path);
            folder.write("app/flake.nix", READS.replace("./", "../"));
            commitAll(folder.path);
            folder.write("rust-toolchain.toml");
            assert.deepEqual((await drift("app"))?.invisible, ["../rust-toolchain.toml"]);
            commitAll(folder.path);
            assert.deepEqual((await drift("app"))?.invisible, []);
        });
    });

    it("takes what leads to a device for no lock: to read one could take for ever", async () => {
        folder.write("flake.nix", FLAKE);
        symlinkSync("/dev/null", join(folder.path, "flake.lock"));
        assert.equal((await drift())?.state, "missing");
    });

    it("writes nothing, git's index included", async () => {
        committed();
        // Its time stamps are now older than the file: a plain git status would refresh the index.
        folder.write("flake.lock", LOCK);
        folder.write("flake.nix", `${FLAKE}\n`);
        const index = join(folder.path, ".git/index");
        const before = { bytes: readFileSync(index), ...statSync(index) };
        const listing = git(folder.path, "ls-files", "--others", "--cached");
        await drift();
        const after = statSync(index);
        assert.deepEqual(
            [after.mtimeMs, after.ctimeMs, after.ino],
            [before.mtimeMs, before.ctimeMs, before.ino],
        );
        assert.ok(readFileSync(index).equals(before.bytes));
        assert.equal(git(folder.path, "ls-files", "--others", "--cached"), listing);
    });
});
