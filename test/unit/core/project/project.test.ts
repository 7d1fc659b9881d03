import assert from "node:assert/strict";
import { chmodSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import {
    detectProject,
    flakeBelow,
    flakeFolder,
    isRust,
    type Project,
} from "../../../../src/core/project/project";
import { testFolder } from "../../testFolder";

describe("detectProject", () => {
    const folder = testFolder();

    /** Each part relative to the test's folder. */
    function detected(name = "."): Partial<Record<keyof Project, string>> {
        const { repository, flake, toolchainFile, cargo } = detectProject(join(folder.path, name));
        const parts = { repository, flake, toolchainFile, cargo };
        return Object.fromEntries(
            Object.entries(parts).flatMap(([part, path]) =>
                path === undefined ? [] : [[part, path.slice(folder.path.length + 1)]],
            ),
        );
    }

    it("finds everything in the folder itself", () => {
        folder.folder(".git");
        folder.write("flake.nix");
        folder.write("Cargo.toml");
        folder.write("rust-toolchain.toml");
        assert.deepEqual(detected(), {
            repository: "",
            flake: "flake.nix",
            toolchainFile: "rust-toolchain.toml",
            cargo: "Cargo.toml",
        });
    });

    it("finds nothing in an empty folder, and in one that does not exist", () => {
        assert.deepEqual(detected(), {});
        assert.deepEqual(detected("no/such/folder"), {});
        assert.ok(!isRust(detectProject(join(folder.path, "gone"))));
    });

    it("takes the nearest of each, upwards as far as the repository's root", () => {
        folder.folder("repo/.git");
        folder.write("repo/flake.nix");
        folder.write("repo/rust-toolchain.toml");
        folder.write("repo/Cargo.toml");
        folder.write("repo/crates/app/Cargo.toml");
        assert.deepEqual(detected("repo/crates/app/src"), {
            repository: "repo",
            flake: "repo/flake.nix",
            toolchainFile: "repo/rust-toolchain.toml",
            cargo: "repo/crates/app/Cargo.toml",
        });
    });

    it("looks no further up than the repository's root", () => {
        folder.write("flake.nix");
        folder.write("rust-toolchain");
        folder.write("Cargo.toml");
        folder.folder("repo/.git");
        folder.folder("repo/sub");
        assert.deepEqual(detected("repo/sub"), { repository: "repo" });
    });

    it("looks no further up than the folder where there is no repository", () => {
        folder.write("flake.nix");
        folder.write("Cargo.toml");
        folder.folder("project");
        assert.deepEqual(detected("project"), {});
    });

    it("takes a worktree or submodule, whose .git is a file, for a repository", () => {
        folder.write("flake.nix");
        folder.write("tree/.git", "gitdir: /elsewhere/.git/worktrees/tree\n");
        folder.write("tree/app/Cargo.toml");
        assert.deepEqual(detected("tree/app"), {
            repository: "tree",
            cargo: "tree/app/Cargo.toml",
        });
    });

    it("prefers the legacy toolchain file, as rustup does, but a nearer one before that", () => {
        folder.folder(".git");
        folder.write("rust-toolchain");
        folder.write("rust-toolchain.toml");
        assert.equal(detected().toolchainFile, "rust-toolchain");
        folder.write("app/rust-toolchain.toml");
        assert.equal(detected("app").toolchainFile, "app/rust-toolchain.toml");
    });

    it("takes no folder for a file", () => {
        folder.folder("flake.nix");
        folder.folder("Cargo.toml");
        folder.folder("rust-toolchain");
        folder.write("rust-toolchain.toml");
        assert.deepEqual(detected(), { toolchainFile: "rust-toolchain.toml" });
    });

    it("follows links to files, and takes one that leads nowhere for none", () => {
        symlinkSync(folder.write("elsewhere/flake.nix"), join(folder.path, "flake.nix"));
        symlinkSync(join(folder.path, "gone"), join(folder.path, "Cargo.toml"));
        assert.deepEqual(detected(), { flake: "flake.nix" });
    });

    describe("looking for a crate below the folder", () => {
        it("finds the outermost one, in the order of names", () => {
            folder.write("a/deep/Cargo.toml");
            folder.write("z/Cargo.toml");
            folder.write("b/Cargo.toml");
            assert.equal(detected().cargo, "b/Cargo.toml");
        });

        it("finds one three folders down, and none deeper", () => {
            folder.write("one/two/three/four/Cargo.toml");
            assert.equal(detected().cargo, undefined);
            folder.write("one/two/three/Cargo.toml");
            assert.equal(detected().cargo, "one/two/three/Cargo.toml");
        });

        it("takes none of other people's, and none that is hidden or built", () => {
            for (const name of [
                "node_modules/x",
                "target/package",
                "vendor/x",
                "result/x",
                ".direnv/x",
            ]) {
                folder.write(`${name}/Cargo.toml`);
            }
            assert.deepEqual(detected(), {});
            assert.ok(!isRust(detectProject(folder.path)));
        });

        it("does not follow links, which may lead in circles or out of the folder", () => {
            folder.write("outside/Cargo.toml");
            folder.folder("inside/sub");
            symlinkSync(join(folder.path, "outside"), join(folder.path, "inside/link"));
            symlinkSync(join(folder.path, "inside"), join(folder.path, "inside/sub/circle"));
            assert.deepEqual(detected("inside"), {});
        });

        it("gives up in a huge tree", () => {
            for (let i = 0; i < 2_100; i++) folder.folder(`wide/d${String(i).padStart(4, "0")}`);
            folder.write("wide/d2099/sub/Cargo.toml");
            assert.equal(detected("wide").cargo, undefined);
            folder.write("wide/d2099/Cargo.toml");
            assert.equal(detected("wide").cargo, "wide/d2099/Cargo.toml");
        });
    });

    it("takes a folder that can't be read for an empty one", function () {
        if (process.getuid?.() === 0) this.skip(); // Root can read everything.
        folder.write("closed/flake.nix");
        folder.write("closed/sub/Cargo.toml");
        chmodSync(join(folder.path, "closed"), 0);
        try {
            assert.deepEqual(detected("closed"), {});
            assert.deepEqual(detected(), {});
        } finally {
            chmodSync(join(folder.path, "closed"), 0o755);
        }
    });

    it("takes a path that can't be looked up for an empty one", () => {
        symlinkSync("loop", join(folder.path, "loop"));
        assert.deepEqual(detected("loop"), {});
        assert.deepEqual(detected("x".repeat(5_000)), {});
        folder.write("file");
        assert.deepEqual(detected("file"), {});
    });

    it("works with any characters in the folder's name", () => {
        for (const name of [
            "a b",
            "it's",
            'say "hi"',
            "é🦀",
            "#?%20",
            "$(x)",
            "new\nline",
            "[a]{b}*",
        ]) {
            folder.folder(`${name}/.git`);
            folder.write(`${name}/flake.nix`);
            folder.write(`${name}/sub/Cargo.toml`);
            assert.deepEqual(detected(name), {
                repository: name,
                flake: `${name}/flake.nix`,
                cargo: `${name}/sub/Cargo.toml`,
            });
            rmSync(join(folder.path, name), { recursive: true });
        }
    });

    it("finds a folder's files anew each time", () => {
        assert.equal(detected().flake, undefined);
        const flake = folder.write("flake.nix");
        assert.equal(detected().flake, "flake.nix");
        rmSync(flake);
        assert.equal(detected().flake, undefined);
    });
});

describe("isRust and flakeFolder", () => {
    const project: Project = {
        folder: "/x/app",
        repository: "/x",
        flake: undefined,
        toolchainFile: undefined,
        cargo: undefined,
    };

    it("take a crate or a toolchain file for Rust, and a flake alone for none", () => {
        assert.ok(isRust({ ...project, cargo: "/x/Cargo.toml" }));
        assert.ok(isRust({ ...project, toolchainFile: "/x/rust-toolchain" }));
        assert.ok(!isRust({ ...project, flake: "/x/flake.nix" }));
    });

    it("name the folder of the flake, not that of the workspace", () => {
        assert.equal(flakeFolder({ ...project, flake: "/x/flake.nix" }), "/x");
        assert.equal(flakeFolder(project), undefined);
    });
});

describe("flakeBelow", () => {
    const folder = testFolder();
    const below = (name = "."): string | undefined =>
        flakeBelow(detectProject(join(folder.path, name)));

    it("is the folder with the flake of the crate that lies below", () => {
        folder.write("app/flake.nix");
        folder.write("app/crates/one/Cargo.toml");
        assert.equal(below(), "app");
        assert.equal(below("app"), undefined, "it has one itself");
    });

    it("is none beside a crate of the folder's own, or above the folder", () => {
        folder.write("Cargo.toml");
        folder.write("app/flake.nix");
        assert.equal(below(), undefined);
        folder.folder("app/.git");
        folder.write("flake.nix");
        rmSync(join(folder.path, "app/flake.nix"));
        folder.write("app/crates/one/Cargo.toml");
        assert.equal(below("app"), undefined);
    });
});
