import assert from "node:assert/strict";
import { rmSync } from "node:fs";
import { join } from "node:path";
import { detectProject } from "../../../../src/core/project/project";
import { contentDigest, fingerprint } from "../../../../src/core/shell/fingerprint";
import { testFolder } from "../../testFolder";
import { commitAll, git, GIT, initialise } from "../lock/testRepository";

describe("fingerprint", () => {
    const folder = testFolder();
    const digest = async (): Promise<string> =>
        (await fingerprint(detectProject(folder.path), GIT)).digest;

    /** Whether the fingerprint is another one after something was done. */
    async function changesAfter(action: () => void): Promise<boolean> {
        const before = await digest();
        action();
        return before !== (await digest());
    }

    beforeEach(() => {
        initialise(folder.path);
        folder.write("flake.nix", "import ./nix/shell.nix");
        folder.write("nix/shell.nix", "1");
        folder.write("src/main.rs");
        commitAll(folder.path);
    });

    it("is the same while nothing changes, and when the program's own source does", async () => {
        assert.equal(await changesAfter(() => undefined), false);
        assert.equal(await changesAfter(() => folder.write("src/main.rs", "fn main() {}")), false);
        assert.equal(await changesAfter(() => commitAll(folder.path)), false);
    });

    it("is another one when a file changes that the shell is made of", async () => {
        assert.ok(await changesAfter(() => folder.write("flake.nix", "import ./nix/shell.nix\n")));
        assert.ok(await changesAfter(() => folder.write("nix/shell.nix", "2")));
        assert.ok(await changesAfter(() => folder.write("flake.lock", "{}")));
        assert.ok(await changesAfter(() => folder.write("rust-toolchain.toml", "x")));
        assert.ok(await changesAfter(() => rmSync(join(folder.path, "flake.lock"))));
    });

    it("is another one when git begins to know a file, which nix sees from then on", async () => {
        folder.write("rust-toolchain.toml");
        assert.ok(
            await changesAfter(() =>
                git(folder.path, "add", "--intent-to-add", "rust-toolchain.toml"),
            ),
        );
    });

    it("names the files that it looks at, also those that are missing", async () => {
        const { files } = await fingerprint(detectProject(folder.path), GIT);
        const names = files.map((file) => file.slice(folder.path.length + 1));
        for (const name of ["flake.nix", "flake.lock", "nix/shell.nix"])
            assert.ok(names.includes(name), name);
        assert.ok(!names.includes("src/main.rs"));
    });

    it("is nothing without a flake", async () => {
        rmSync(join(folder.path, "flake.nix"));
        assert.deepEqual(await fingerprint(detectProject(folder.path), GIT), {
            files: [],
            digest: "",
        });
    });
});

describe("contentDigest", () => {
    const folder = testFolder();

    it("is another one for other contents, names and missing files, and not for another order", () => {
        const a = folder.write("a", "1");
        const b = folder.write("b", "1");
        const both = contentDigest([a, b]);
        assert.equal(contentDigest([b, a]), both);
        assert.notEqual(contentDigest([a]), both);
        assert.notEqual(contentDigest([a]), contentDigest([b]));
        folder.write("b", "2");
        assert.notEqual(contentDigest([a, b]), both);
        rmSync(b);
        const missing = contentDigest([a, b]);
        folder.write("b", "");
        assert.notEqual(contentDigest([a, b]), missing);
    });
});
