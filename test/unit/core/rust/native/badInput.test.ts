import assert from "node:assert/strict";
import { detectProject } from "../../../../../src/core/project/project";
import { readNativeNeeds } from "../../../../../src/core/rust/native/read";
import { testFolder } from "../../../testFolder";
import { lockOf, shownNeeds } from "./project";

describe("native needs of what can't be read", () => {
    const folder = testFolder();
    const manifest =
        '[package]\nname = "app"\nversion = "1.0.0"\n[dependencies]\nopenssl-sys = "0.9"\n';
    const notesOf = async (lock: string | undefined): Promise<readonly string[] | undefined> => {
        folder.write("Cargo.toml", manifest);
        if (lock !== undefined) folder.write("Cargo.lock", lock);
        return (await readNativeNeeds(detectProject(folder.path)))?.notes;
    };

    it("says that there is no lock, and what writes one", async () => {
        assert.deepEqual(await notesOf(undefined), [
            "There is no Cargo.lock: `cargo generate-lockfile` writes one.",
        ]);
    });

    it("says what is wrong with a lock", async () => {
        assert.deepEqual(await notesOf("version = 4\n<<<<<<< HEAD\n"), [
            "Cargo.lock has a merge conflict in line 2: solve it first.",
        ]);
        assert.deepEqual(await notesOf("version = 7\n"), [
            "Cargo.lock has the format 7, which is newer than what can be read.",
        ]);
        assert.deepEqual(await notesOf("\u0000\u0001"), [
            "Cargo.lock can't be read: line 1 is not what cargo writes.",
        ]);
    });

    it("says which members can't be read, and reads the others", async () => {
        folder.write("Cargo.toml", '[workspace]\nmembers = ["a", "b"]\n');
        folder.write("a/Cargo.toml", manifest);
        folder.write("b/Cargo.toml", "[package\n");
        folder.write("Cargo.lock", lockOf({ app: ["openssl-sys"] }));
        const needs = await readNativeNeeds(detectProject(folder.path));
        assert.ok(needs !== undefined);
        assert.deepEqual(needs.notes, ["b/Cargo.toml can't be read: what it needs is not known."]);
        assert.deepEqual(shownNeeds(needs), ["openssl", "pkg-config"]);
    });

    it("has nothing to say where there is no manifest, or one that can't be read", async () => {
        assert.equal(await readNativeNeeds(detectProject(folder.path)), undefined);
        folder.write("Cargo.toml", "<<<<<<< HEAD\n");
        assert.equal(await readNativeNeeds(detectProject(folder.path)), undefined);
    });

    it("reads a project in a folder with spaces, quotes and ${…} in its name", async () => {
        const name = "a b/it's ${HOME}";
        folder.write(`${name}/Cargo.toml`, manifest);
        folder.write(`${name}/Cargo.lock`, lockOf({ app: ["openssl-sys"] }));
        const needs = await readNativeNeeds(detectProject(`${folder.path}/${name}`));
        assert.ok(needs !== undefined);
        assert.deepEqual(shownNeeds(needs), ["openssl", "pkg-config"]);
    });

    it("finds the lock of a workspace that is deeper than another one without", async () => {
        folder.write("a/Cargo.toml", '[package]\nname = "a"\n');
        folder.write("b/rust/Cargo.toml", manifest);
        folder.write("b/rust/Cargo.lock", lockOf({ app: ["openssl-sys"] }));
        const needs = await readNativeNeeds(detectProject(folder.path));
        assert.ok(needs !== undefined);
        assert.deepEqual(shownNeeds(needs), ["openssl", "pkg-config"]);
    });

    it("ends where packages depend on each other in a circle", async () => {
        folder.write("Cargo.toml", manifest);
        folder.write(
            "Cargo.lock",
            lockOf({
                app: ["openssl-sys"],
                "openssl-sys": ["a"],
                a: ["b"],
                b: ["a", "openssl-sys"],
            }),
        );
        const needs = await readNativeNeeds(detectProject(folder.path));
        assert.ok(needs !== undefined);
        assert.deepEqual(shownNeeds(needs), ["openssl", "pkg-config"]);
    });
});
