import assert from "node:assert/strict";
import { relative } from "node:path";
import { readWorkspace, type CargoWorkspace } from "../../../../../src/core/rust/cargo/workspace";
import { testFolder } from "../../../testFolder";

describe("reading a Cargo workspace", () => {
    const folder = testFolder();
    const manifest = (name: string, rest = ""): string =>
        `[package]\nname = "${name}"\nversion = "0.1.0"\n${rest}`;
    const read = async (file: string): Promise<CargoWorkspace> => {
        const workspace = await readWorkspace(file);
        assert.ok(workspace !== undefined);
        return workspace;
    };
    /** The packages as `folder: membership`. */
    const shown = ({ packages }: CargoWorkspace): string[] =>
        packages
            .map(
                (local) =>
                    `${relative(folder.path, local.folder) || "."}: ${local.membership ?? "no member"}`,
            )
            .sort();

    it("reads one package that stands alone", async () => {
        const file = folder.write("Cargo.toml", manifest("app"));
        folder.write("Cargo.lock", "version = 4\n");
        const workspace = await read(file);
        assert.equal(workspace.root, folder.path);
        assert.equal(workspace.lock, "version = 4\n");
        assert.deepEqual(shown(workspace), [".: default"]);
    });

    it("reads a virtual workspace: patterns, what is left out, and the default members", async () => {
        const file = folder.write(
            "Cargo.toml",
            `[workspace]
members = ["crates/*", "tools/**/x-*"]
exclude = ["crates/out"]
default-members = ["crates/a"]
`,
        );
        for (const name of ["a", "b", "out"])
            folder.write(`crates/${name}/Cargo.toml`, manifest(name));
        folder.folder("crates/not-a-crate");
        folder.write("tools/deep/down/x-1/Cargo.toml", manifest("x-1"));
        folder.write("tools/deep/y-1/Cargo.toml", manifest("y-1"));
        assert.deepEqual(shown(await read(file)), [
            "crates/a: default",
            "crates/b: member",
            "tools/deep/down/x-1: member",
        ]);
    });

    it("builds all members of a virtual workspace by default, and the package of a root that is one", async () => {
        folder.write("virtual/Cargo.toml", '[workspace]\nmembers = ["a"]\n');
        folder.write("virtual/a/Cargo.toml", manifest("a"));
        const virtual = await read(`${folder.path}/virtual/Cargo.toml`);
        assert.deepEqual(shown(virtual), ["virtual/a: default"]);
        folder.write("root/Cargo.toml", manifest("root", '[workspace]\nmembers = ["a"]\n'));
        folder.write("root/a/Cargo.toml", manifest("a"));
        const root = await read(`${folder.path}/root/Cargo.toml`);
        assert.deepEqual(shown(root), ["root/a: member", "root: default"]);
    });

    it("finds the root from a member, and follows dependencies by path and patches", async () => {
        folder.write(
            "Cargo.toml",
            `[workspace]
members = ["app"]
exclude = ["vendor"]
[workspace.dependencies]
shared = { path = "libs/shared" }
[patch.crates-io]
forked = { path = "vendor/forked" }
`,
        );
        const file = folder.write(
            "app/Cargo.toml",
            manifest("app", '[dependencies]\nshared.workspace = true\nnear = { path = "near" }\n'),
        );
        folder.write("app/near/Cargo.toml", manifest("near"));
        folder.write("libs/shared/Cargo.toml", manifest("shared"));
        folder.write("vendor/forked/Cargo.toml", manifest("forked"));
        const workspace = await read(file);
        assert.equal(workspace.root, folder.path);
        assert.deepEqual(shown(workspace), [
            "app/near: default",
            "app: default",
            "libs/shared: default",
            "vendor/forked: no member",
        ]);
    });

    it("reads features, renamed and inherited dependencies, targets and kinds", async () => {
        folder.write(
            "Cargo.toml",
            `[workspace]
members = ["app"]
[workspace.package]
rust-version = "1.80"
[workspace.dependencies]
git2 = { version = "0.19", default-features = false, features = ["a"] }
`,
        );
        const file = folder.write(
            "app/Cargo.toml",
            `[package]
name = "app"
rust-version.workspace = true
[features]
default = ["gui"]
gui = ["dep:gtk"]
[dependencies]
git2 = { workspace = true, features = ["b"] }
gtk = { package = "gtk4", version = "0.9", optional = true }
[target.'cfg(unix)'.build-dependencies]
cc = "1"
[dev-dependencies]
git2 = { workspace = true, default-features = true }
`,
        );
        const { packages } = await read(file);
        const own = packages[0]?.manifest;
        assert.equal(own?.package?.rustVersion, "1.80");
        assert.deepEqual(
            [...(own?.features ?? [])],
            [
                ["default", ["gui"]],
                ["gui", ["dep:gtk"]],
            ],
        );
        const shownDependencies = own?.dependencies.map((dependency) => [
            dependency.key,
            dependency.name,
            dependency.kind,
            dependency.target ?? "",
            dependency.isOptional,
            dependency.hasDefaultFeatures,
            dependency.features.join(" "),
        ]);
        assert.deepEqual(shownDependencies, [
            ["git2", "git2", "normal", "", false, false, "a b"],
            ["gtk", "gtk4", "normal", "", true, true, ""],
            ["git2", "git2", "dev", "", false, true, "a"],
            ["cc", "cc", "build", "cfg(unix)", false, true, ""],
        ]);
    });

    it("reads on where a pattern is none", async () => {
        const members = '["[", "crates/[z-a]*", "crates/*"]';
        const file = folder.write("Cargo.toml", `[workspace]\nmembers = ${members}\n`);
        folder.write("crates/a/Cargo.toml", manifest("a"));
        assert.deepEqual(shown(await read(file)), ["crates/a: default"]);
    });

    it("tells which members can't be read, and reads the others", async () => {
        const file = folder.write("Cargo.toml", '[workspace]\nmembers = ["a", "b", "gone"]\n');
        folder.write("a/Cargo.toml", manifest("a"));
        folder.write("b/Cargo.toml", "<<<<<<< HEAD\n");
        const workspace = await read(file);
        assert.deepEqual(shown(workspace), ["a: default"]);
        assert.deepEqual(
            workspace.unreadable.map((path) => relative(folder.path, path)),
            ["b/Cargo.toml", "gone/Cargo.toml"],
        );
    });

    it("tells once that a folder is missing which several members depend on", async () => {
        const file = folder.write("Cargo.toml", '[workspace]\nmembers = ["a", "b"]\n');
        const uses = '[dependencies]\nsubmodule = { path = "../submodule" }\n';
        folder.write("a/Cargo.toml", manifest("a", uses));
        folder.write("b/Cargo.toml", manifest("b", uses));
        const { unreadable } = await read(file);
        assert.deepEqual(
            unreadable.map((path) => relative(folder.path, path)),
            ["submodule/Cargo.toml"],
        );
    });

    it("has nothing to say of a root that is no manifest", async () => {
        assert.equal(await readWorkspace(folder.write("Cargo.toml", "[package\n")), undefined);
        assert.equal(await readWorkspace(`${folder.path}/none/Cargo.toml`), undefined);
    });
});
