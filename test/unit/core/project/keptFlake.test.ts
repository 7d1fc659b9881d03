import assert from "node:assert/strict";
import { mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { KeptFlake } from "../../../../src/core/project/keptFlake";
import { detectProject, type Project } from "../../../../src/core/project/project";
import { testFolder } from "../../testFolder";

describe("a flake that is kept outside of the project", () => {
    const at = testFolder();
    let project: Project;
    let kept: KeptFlake;

    beforeEach(() => {
        const folder = at.folder("project");
        mkdirSync(join(folder, ".git"), { recursive: true });
        writeFileSync(join(folder, "Cargo.toml"), "");
        writeFileSync(join(folder, "rust-toolchain.toml"), "1.75.0");
        project = detectProject(folder);
        kept = new KeptFlake(at.folder("storage"), folder);
    });

    it("is the project's, with no repository that nix would look into", () => {
        assert.deepEqual(kept.project, project);
        kept.keep("{ }");
        const { flake, repository, isKept, cargo, toolchainFile } = kept.project;
        assert.equal(isKept, true);
        assert.equal(repository, undefined);
        assert.equal(readFileSync(flake ?? "", "utf8"), "{ }");
        assert.equal(cargo, project.cargo);
        assert.equal(toolchainFile, project.toolchainFile);
        assert.deepEqual(kept.texts, { "flake.nix": "{ }" });
        writeFileSync(join(flake ?? "", "../flake.lock"), "{}");
        assert.deepEqual(kept.texts, { "flake.nix": "{ }", "flake.lock": "{}" });
    });

    it("gives way to a flake of the project's own", () => {
        kept.keep("{ }");
        writeFileSync(join(project.folder, "flake.nix"), "{ }");
        assert.deepEqual(kept.project, detectProject(project.folder));
    });

    it("has the toolchain file beside it, and follows it", () => {
        kept.keep("{ }");
        const copy = join(kept.project.flake ?? "", "../rust-toolchain.toml");
        assert.equal(readFileSync(copy, "utf8"), "1.75.0");
        utimesSync(copy, 1, 1);
        kept.refresh(kept.project);
        assert.equal(statSync(copy).mtimeMs, 1000, "an equal file is not written again");
        writeFileSync(join(project.folder, "rust-toolchain.toml"), "1.80.0");
        kept.refresh(kept.project);
        assert.equal(readFileSync(copy, "utf8"), "1.80.0");
    });

    it("keeps the toolchain file that it has where there is none to be read", () => {
        kept.keep("{ }");
        const copy = join(kept.project.flake ?? "", "../rust-toolchain.toml");
        for (const toolchainFile of [at.folder("a-folder"), join(at.path, "gone")]) {
            kept.refresh({ ...kept.project, toolchainFile });
        }
        assert.equal(readFileSync(copy, "utf8"), "1.75.0");
    });

    it("can be forgotten", () => {
        kept.keep("{ }");
        kept.drop();
        assert.deepEqual(kept.project, project);
        assert.equal(kept.texts, undefined);
    });
});
