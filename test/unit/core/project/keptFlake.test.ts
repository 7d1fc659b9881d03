import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
    dropKeptFlake,
    keepFlake,
    keptFlake,
    refreshKept,
    withKeptFlake,
} from "../../../../src/core/project/keptFlake";
import { detectProject, type Project } from "../../../../src/core/project/project";
import { testFolder } from "../../testFolder";

describe("a flake that is kept outside of the project", () => {
    const at = testFolder();
    let project: Project;
    let storage: string;

    beforeEach(() => {
        const folder = at.folder("project");
        storage = at.folder("storage");
        mkdirSync(join(folder, ".git"), { recursive: true });
        writeFileSync(join(folder, "Cargo.toml"), "");
        writeFileSync(join(folder, "rust-toolchain.toml"), "1.75.0");
        project = detectProject(folder);
    });

    it("is the project's, with no repository that nix would look into", () => {
        assert.equal(withKeptFlake(project, storage), project);
        keepFlake(storage, project, "{ }");
        const kept = withKeptFlake(project, storage);
        assert.equal(kept.isKept, true);
        assert.equal(kept.repository, undefined);
        assert.equal(readFileSync(kept.flake ?? "", "utf8"), "{ }");
        assert.equal(kept.cargo, project.cargo);
        assert.equal(kept.toolchainFile, project.toolchainFile);
        assert.deepEqual(keptFlake(storage, project.folder), { "flake.nix": "{ }" });
        writeFileSync(join(kept.flake ?? "", "../flake.lock"), "{}");
        const both = { "flake.nix": "{ }", "flake.lock": "{}" };
        assert.deepEqual(keptFlake(storage, project.folder), both);
    });

    it("gives way to a flake of the project's own", () => {
        keepFlake(storage, project, "{ }");
        const own = { ...project, flake: join(project.folder, "flake.nix") };
        assert.equal(withKeptFlake(own, storage), own);
    });

    it("has the toolchain file beside it, and follows it", () => {
        keepFlake(storage, project, "{ }");
        const kept = withKeptFlake(project, storage);
        const copy = join(kept.flake ?? "", "../rust-toolchain.toml");
        assert.equal(readFileSync(copy, "utf8"), "1.75.0");
        utimesSync(copy, 1, 1);
        refreshKept(kept);
        assert.equal(statSync(copy).mtimeMs, 1000, "an equal file is not written again");
        writeFileSync(join(project.folder, "rust-toolchain.toml"), "1.80.0");
        refreshKept(kept);
        assert.equal(readFileSync(copy, "utf8"), "1.80.0");
    });

    it("can be forgotten", () => {
        keepFlake(storage, project, "{ }");
        dropKeptFlake(storage, project.folder);
        assert.equal(withKeptFlake(project, storage), project);
        assert.equal(keptFlake(storage, project.folder), undefined);
    });
});
