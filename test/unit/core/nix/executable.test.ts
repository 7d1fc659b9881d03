import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import {
    findExecutable,
    findGit,
    findNix,
    profileFolders,
} from "../../../../src/core/nix/executable";
import { testFolder } from "../../testFolder";

describe("findNix", () => {
    const folder = testFolder();

    function found(search: {
        configured?: string;
        path?: readonly string[];
        untrusted?: readonly string[];
        env?: Readonly<Record<string, string>>;
    }): string | undefined {
        const env = new Map(Object.entries(search.env ?? {}));
        if (search.path !== undefined) env.set("PATH", search.path.join(":"));
        return findNix({
            configured: search.configured ?? "",
            env,
            home: join(folder.path, "home"),
            untrusted: search.untrusted ?? [],
        });
    }

    it("takes the first nix on PATH that can be run", () => {
        folder.write("not-executable/nix");
        folder.folder("a-folder/nix");
        const first = folder.script("first/nix", "");
        folder.script("second/nix", "");
        const path = ["missing", "not-executable", "a-folder", "first", "second"];
        assert.equal(found({ path: path.map((name) => join(folder.path, name)) }), first);
    });

    it("takes the user's setting alone, where there is one", () => {
        const configured = folder.script("mine/nix", "");
        const onPath = folder.script("bin/nix", "");
        assert.equal(found({ configured, path: [join(folder.path, "bin")] }), configured);
        const path = [join(onPath, "..")];
        assert.equal(found({ configured: join(folder.path, "gone"), path }), undefined);
        assert.equal(found({ configured: folder.write("text"), path }), undefined);
        assert.equal(found({ configured: folder.path, path }), undefined);
        assert.equal(found({ configured: "nix", path }), undefined);
    });

    it("takes the user's setting even from the workspace: the setting is the user's alone", () => {
        const configured = folder.script("project/nix", "");
        assert.equal(found({ configured, untrusted: [folder.path] }), configured);
    });

    it("reads ~ in the setting as the home folder", () => {
        const expected = folder.script("home/bin/nix", "");
        assert.equal(found({ configured: "~/bin/nix" }), expected);
    });

    it("never takes a nix that the workspace brings", () => {
        folder.script("project/bin/nix", "");
        folder.script("project/nix", "");
        const trusted = folder.script("project-tools/nix", "");
        const path = ["project/bin", "project", "project-tools"];
        assert.equal(
            found({
                path: path.map((name) => join(folder.path, name)),
                untrusted: [join(folder.path, "project")],
            }),
            trusted,
        );
    });

    it("never looks in relative or empty entries of PATH, which mean the working directory", () => {
        const trusted = folder.script("bin/nix", "");
        folder.script("relative/nix", "");
        const there = relative(process.cwd(), join(folder.path, "relative"));
        const path = ["", ".", there, join(folder.path, "bin")];
        assert.equal(found({ path }), trusted);
    });

    it("finds the user's profile where PATH lacks it, as it does when started from the desktop", () => {
        const inProfile = folder.script("home/.nix-profile/bin/nix", "");
        assert.equal(found({ path: [] }), inProfile);
        assert.equal(found({}), inProfile);
        const onPath = folder.script("bin/nix", "");
        assert.equal(found({ path: [join(folder.path, "bin")] }), onPath);
    });

    it("finds the profile in XDG's place", () => {
        const state = join(folder.path, "state");
        const inProfile = folder.script("state/nix/profile/bin/nix", "");
        assert.equal(found({ env: { XDG_STATE_HOME: state } }), inProfile);
    });

    it("knows the folders of NixOS and of the installers", () => {
        const folders = profileFolders({ env: new Map([["USER", "me"]]), home: "/home/me" });
        for (const expected of [
            "/home/me/.nix-profile/bin",
            "/home/me/.local/state/nix/profile/bin",
            "/etc/profiles/per-user/me/bin",
            "/nix/var/nix/profiles/default/bin",
            "/run/current-system/sw/bin",
        ]) {
            assert.ok(folders.includes(expected), expected);
        }
        const without = profileFolders({ env: new Map(), home: "/home/me" });
        assert.ok(without.every((path) => !path.includes("undefined")));
    });
});

describe("findExecutable", () => {
    const folder = testFolder();

    it("finds nothing in no folders, and names with odd characters in odd folders", () => {
        assert.equal(findExecutable("tool", []), undefined);
        const odd = folder.script("a b'\"é/tool x", "");
        assert.equal(findExecutable("tool x", [join(folder.path, "a b'\"é")]), odd);
        const there = relative(process.cwd(), join(folder.path, "a b'\"é"));
        assert.equal(findExecutable("tool x", [there, ""]), undefined);
    });
});

describe("findGit", () => {
    const folder = testFolder();

    it("takes the first on PATH, else one whose absence is told when it is called", () => {
        const git = folder.script("bin/git", "");
        assert.equal(findGit([join(folder.path, "none"), join(folder.path, "bin")], "linux"), git);
        assert.equal(findGit([], "linux"), "/usr/bin/git");
    });

    it("leaves macOS' own alone, which opens a window, where its developer tools are missing", () => {
        const own = folder.script("bin/git", "");
        const [bare, equipped] = [() => false, (path: string) => /CommandLineTools$/.test(path)];
        const ofNix = ["/usr/bin", join(folder.path, "bin")];
        assert.equal(findGit(ofNix, "darwin", bare), own);
        assert.notEqual(findGit(["/usr/bin"], "darwin", bare), "/usr/bin/git");
        if (existsSync("/usr/bin/git")) {
            assert.equal(findGit(ofNix, "darwin", equipped), "/usr/bin/git");
        }
    });
});
