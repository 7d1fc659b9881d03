import assert from "node:assert/strict";
import { dirname } from "node:path";
import { readCrate } from "../../../../../src/core/flake/write/crate";
import type { CratePlan } from "../../../../../src/core/flake/write/plan";
import { testFolder } from "../../../testFolder";

describe("readCrate", () => {
    const folder = testFolder();

    const plan = async (manifest: string): Promise<CratePlan> =>
        (await readCrate(folder.write("Cargo.toml", manifest), folder.path)).plan;

    const PACKAGE = '[package]\nname = "my-app"\nversion = "1.2.3"\n';

    it("finds the program that cargo would run", async () => {
        assert.equal((await plan(PACKAGE)).program, undefined);
        folder.write("src/bin/zeta.rs");
        folder.write("src/bin/alpha/main.rs");
        assert.equal((await plan(PACKAGE)).program, "alpha");
        assert.equal((await plan(`${PACKAGE}autobins = false\n`)).program, undefined);
        folder.write("src/main.rs");
        assert.equal((await plan(PACKAGE)).program, "my-app");
        const named = '[[bin]]\nname = "other"\npath = "src/main.rs"\n';
        assert.equal((await plan(`${PACKAGE}${named}`)).program, "other");
        assert.equal((await plan(`${PACKAGE}default-run = "zeta"\n${named}`)).program, "zeta");
    });

    it("takes a workspace's first member with a program, default members first", async () => {
        folder.write("lib/Cargo.toml", '[package]\nname = "lib"\nversion = "1.0.0"\n');
        folder.write("lib/src/lib.rs");
        for (const name of ["a", "b"]) {
            folder.write(
                `apps/${name}/Cargo.toml`,
                `[package]\nname = "${name}"\nversion.workspace = true\n`,
            );
            folder.write(`apps/${name}/src/main.rs`);
        }
        folder.write("apps/notes.txt");
        const members = '[workspace]\nmembers = ["lib", "apps/*", "gone"]\n';
        assert.deepEqual(await plan(members), {
            folder: "",
            manifest: "apps/a/Cargo.toml",
            name: "a",
            isVirtual: true,
            version: "workspace",
            program: "a",
            hasGitCrates: false,
        });
        assert.equal((await plan(`${members}default-members = ["apps/b"]\n`)).name, "b");
        const own = folder.path.split("/").at(-1) ?? "";
        folder.write("apps/z/Cargo.toml", `[package]\nname = "${own}"\nversion = "1.0.0"\n`);
        folder.write("apps/z/src/main.rs");
        assert.equal((await plan(members)).name, own);
        assert.equal((await plan(`${members}default-members = ["apps/b"]\n`)).name, "b");
        assert.equal((await plan('[workspace]\nmembers = ["lib"]\n')).program, undefined);
        assert.equal(
            (await plan("[workspace]\nmembers = []\n")).name,
            folder.path.split("/").at(-1),
        );
    });

    it("describes a package by its own words, and a workspace by no member's", async () => {
        const described = async (manifest: string): Promise<string | undefined> =>
            (await readCrate(folder.write("Cargo.toml", manifest), folder.path)).description;
        const workspace = '[workspace]\nmembers = ["lib"]\n';
        const common = '[workspace.package]\ndescription = "All of it"\n';
        folder.write("lib/Cargo.toml", '[package]\nname = "lib"\ndescription = "A part"\n');
        assert.equal(await described(workspace), undefined);
        assert.equal(await described(workspace + common), "All of it");
        folder.write("lib/src/main.rs");
        assert.equal(await described(workspace), "A part");
        folder.write("other/Cargo.toml", '[package]\nname = "other"\n');
        folder.write("other/src/main.rs");
        assert.equal(await described('[workspace]\nmembers = ["lib", "other"]\n'), undefined);
        assert.equal(await described(`${PACKAGE}description = " Mine\\n"\n`), "Mine");
        assert.equal(
            await described(`${PACKAGE}description.workspace = true\n${common}`),
            "All of it",
        );
    });

    it("reads what is odd or broken as far as that goes", async () => {
        for (const text of [
            "",
            "[package]\nname = 5\n",
            "[[package]]\n",
            "not toml",
            "bin = 3\n",
        ]) {
            const { name, program, version } = await plan(text);
            assert.equal(name, folder.path.split("/").at(-1));
            assert.deepEqual([program, version], [undefined, "none"], text);
        }
        const gone = await readCrate(`${folder.path}/gone/Cargo.toml`, folder.path);
        assert.deepEqual([gone.isReadable, gone.hasLock, gone.plan.folder], [false, false, "gone"]);
    });

    it("tells where the crate is from flake.nix, and that git crates are in its lock", async () => {
        const file = folder.write("my crates/app/Cargo.toml", PACKAGE);
        folder.write("my crates/app/Cargo.lock", 'source = "git+https://example.org/x#0"\n');
        const below = await readCrate(file, folder.path);
        assert.equal(below.plan.folder, "my crates/app");
        assert.equal(below.plan.manifest, "my crates/app/Cargo.toml");
        assert.deepEqual([below.plan.hasGitCrates, below.hasLock], [true, true]);
        const above = await readCrate(file, `${dirname(file)}/nix`);
        assert.equal(above.plan.manifest, "../Cargo.toml");
    });
});
