import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, rmSync, symlinkSync, truncateSync, utimesSync } from "node:fs";
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

    for (const file of ["flake.lock", "nix/shell.nix"]) {
        it(`is another one when ${file} goes, becomes a folder or a link to nowhere, and comes back`, async () => {
            const path = folder.write(file, "x");
            git(folder.path, "add", file);
            assert.ok(await changesAfter(() => rmSync(path)));
            assert.ok(await changesAfter(() => mkdirSync(path)));
            assert.ok(
                await changesAfter(() => {
                    rmSync(path, { recursive: true });
                    symlinkSync("nowhere", path);
                    folder.write("README.md");
                }),
            );
            assert.equal(await changesAfter(() => folder.write("README.md", "more")), false);
            assert.ok(
                await changesAfter(() => {
                    rmSync(path);
                    folder.write(file, "x");
                }),
            );
        });
    }

    it("is another one when a time of change lies in the past or the future", async () => {
        const lock = folder.write("flake.lock", "{}");
        for (const date of [new Date("2099-01-01"), new Date("1999-01-01"), new Date(0)])
            assert.ok(await changesAfter(() => utimesSync(lock, date, date)), String(date));
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

    it("is another one for a folder, and the same for what leads nowhere as for what is missing", () => {
        const file = folder.write("a", "1");
        const content = contentDigest([file]);
        rmSync(file);
        const missing = contentDigest([file]);
        symlinkSync("nowhere", file);
        assert.equal(contentDigest([file]), missing);
        rmSync(file);
        mkdirSync(file);
        assert.notEqual(contentDigest([file]), missing);
        assert.notEqual(contentDigest([file]), content);
    });

    it("does not wait for what nobody writes, nor read what is huge", function () {
        this.timeout(20_000);
        const pipe = join(folder.path, "pipe");
        execFileSync("mkfifo", [pipe]);
        assert.equal(contentDigest([pipe]).length, 64);
        const huge = folder.write("huge");
        // More than there is memory for; it takes no room on the disk.
        truncateSync(huge, 2 ** 42);
        const before = contentDigest([huge]);
        truncateSync(huge, 2 ** 42 + 1);
        assert.notEqual(contentDigest([huge]), before);
    });
});
