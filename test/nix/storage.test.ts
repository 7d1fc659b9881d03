import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { readSnapshot } from "../../src/core/snapshot";
import { bed, output, inside, repository, storageOf, suiteFolder } from "./bed";
import { current, valueIn, windows } from "./window";

describe("storage", () => {
    const at = suiteFolder();
    const window = windows();
    const mounted: string[] = [];

    /** A file system of its own for a folder's storage, small enough to be filled. */
    function mount(storage: string): void {
        mkdirSync(storage);
        execFileSync("mount", ["-t", "tmpfs", "-o", "size=1m,mode=700", "tmpfs", storage]);
        mounted.push(storage);
    }
    const remount = (storage: string, mode: "ro" | "rw"): void =>
        void execFileSync("mount", ["-o", `remount,${mode}`, storage]);

    before(function () {
        if (process.platform !== "linux" || process.getuid?.() !== 0) {
            console.log("      only root can mount what is full or can't be written");
            this.skip();
        }
    });
    afterEach(() => {
        for (const storage of mounted.splice(0)) execFileSync("umount", [storage]);
    });

    const change = async (folder: string, SEEN: string): Promise<void> => {
        const { writeFlake, commit } = await bed();
        await writeFlake(folder, { attributes: { SEEN } });
        await commit(folder);
    };

    it("that is full costs nothing but the next window's start", async () => {
        const folder = await repository(at("full"), { attributes: { SEEN: "1" } });
        const storage = storageOf(folder);
        mount(storage);
        const filling = join(storage, "filling");
        assert.throws(() => writeFileSync(filling, Buffer.alloc(2 << 20)), { code: "ENOSPC" });

        const shell = await window(folder);
        await shell.refresh("opened");
        assert.equal(shell.state.kind, "inside");
        assert.equal(valueIn(shell, "SEEN"), "1");
        assert.match(shell.unkept ?? "", /ENOSPC: no space left on device/);
        assert.equal(await output(inside({ delta: current(shell) }), "/", "printenv", "SEEN"), "1");
        await change(folder, "2");
        await shell.refresh("files changed");
        assert.equal(valueIn(shell, "SEEN"), "2");
        // The next one has to ask nix, and is in the dev shell as well.
        const next = await window(folder);
        assert.equal(next.state.kind, "outside");
        await next.refresh("opened");
        assert.equal(valueIn(next, "SEEN"), "2");

        // As soon as there is room, it is kept.
        execFileSync("rm", [filling]);
        await next.reload();
        assert.equal(next.unkept, undefined);
        assert.ok(readSnapshot(shell.storage ?? ""));
        assert.equal((await window(folder)).state.kind, "inside");
    });

    it("that can't be written is restored from, and what is new is for this window alone", async () => {
        const folder = await repository(at("read-only"), { attributes: { SEEN: "1" } });
        const storage = storageOf(folder);
        mount(storage);
        await (await window(folder)).refresh("opened");
        remount(storage, "ro");

        const shell = await window(folder);
        assert.equal(valueIn(shell, "SEEN"), "1");
        const { takenAt } = current(shell);
        await shell.refresh("opened");
        assert.equal(shell.state.kind, "inside");
        assert.equal(current(shell).takenAt, takenAt);
        assert.match(shell.unkept ?? "", /EROFS: read-only file system/);
        assert.equal(shell.links, shell.storage);

        await change(folder, "2");
        await shell.refresh("files changed");
        assert.equal(valueIn(shell, "SEEN"), "2");
        const { links } = shell;
        assert.ok(links && existsSync(join(links, "env")));
        assert.ok(!links.startsWith(storage));
        assert.deepEqual(
            readSnapshot(shell.storage ?? "")?.changes.filter(({ name }) => name === "SEEN"),
            [{ op: "set", name: "SEEN", value: "1" }],
        );

        // What was captured aside is not what the storage relies on afterwards.
        remount(storage, "rw");
        await shell.refresh("opened");
        assert.equal(shell.unkept, undefined);
        assert.equal(shell.links, shell.storage);
        await shell.dispose();
        assert.ok(!existsSync(dirname(links)));
        assert.equal(valueIn(await window(folder), "SEEN"), "2");
        assert.deepEqual(readdirSync(storage).length, 1);
    });
});
