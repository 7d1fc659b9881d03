import assert from "node:assert/strict";
import {
    appendFileSync,
    mkdirSync,
    readFileSync,
    rmSync,
    symlinkSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { FolderShell } from "../../src/core/shell/folderShell";
import { currentOf } from "../../src/core/shell/state";
import { bed, repository, suiteFolder, until, type Flake } from "./bed";
import { current, valueIn, windows } from "./window";

describe("a folder's dev shell", () => {
    const at = suiteFolder();
    const window = windows();

    const use = ({ state }: FolderShell): string =>
        state.kind !== "inside" ? state.kind : state.stale ? "old" : "good";

    /** How often the hook of {@link counting} ran. */
    const entries = (folder: string): number =>
        readFileSync(`${folder}.count`, "utf8").split("\n").length - 1;
    const counting = (folder: string, flake: Flake): Flake => {
        writeFileSync(`${folder}.count`, "");
        return { ...flake, hook: `${flake.hook ?? ""}\necho once >> '${folder}.count'` };
    };
    const made = async (name: string, flake: Flake = {}): Promise<string> => {
        const folder = at(name);
        await repository(folder, counting(folder, flake));
        return folder;
    };
    const edit = (file: string, from: string, to: string): void => {
        const text = readFileSync(file, "utf8");
        assert.ok(text.includes(from), `${file} has no ${from}`);
        writeFileSync(file, text.replace(from, to));
    };

    it("is entered when the folder is opened, and reported on the way", async () => {
        const folder = await made("opened", { attributes: { SEEN: "1" } });
        const shell = await window(folder);
        assert.equal(shell.state.kind, "outside");
        await shell.refresh("opened");
        assert.equal(shell.state.kind, "inside");
        assert.equal(valueIn(shell, "SEEN"), "1");
        const progress = shell.states.flatMap((state) =>
            state.kind === "capturing" ? [state.progress.kind] : [],
        );
        assert.ok(progress.includes("evaluating") && progress.includes("entering"));
    });

    it("is there at once in the next window, and isn't entered again", async () => {
        const folder = await made("restored", { hook: "export SEEN='a\"b\n$c'" });
        const first = await window(folder);
        await first.refresh("opened");
        assert.equal(entries(folder), 1);

        const second = await window(folder);
        assert.equal(second.state.kind, "inside");
        assert.deepEqual(current(second).changes, current(first).changes);
        const restored = current(second);
        await second.refresh("opened");
        assert.equal(second.state.kind, "inside");
        assert.equal(current(second), restored);
        assert.equal(entries(folder), 1);
        assert.ok(second.states.every(({ kind }) => kind === "inside"));
    });

    it("isn't entered again because of a comment", async () => {
        const folder = await made("comment");
        const shell = await window(folder);
        await shell.refresh("opened");
        const before = current(shell);
        appendFileSync(join(folder, "flake.nix"), "# A comment.\n");
        await shell.refresh("files changed");
        assert.deepEqual(current(shell).changes, before.changes);
        assert.equal(current(shell).takenAt, before.takenAt);
        assert.equal(entries(folder), 1);
    });

    it("is entered again because of a variable", async () => {
        const folder = await made("variable", { attributes: { SEEN: "old value" } });
        const shell = await window(folder);
        await shell.refresh("opened");
        edit(join(folder, "flake.nix"), "old value", "new value");
        await shell.refresh("files changed");
        assert.equal(valueIn(shell, "SEEN"), "new value");
        assert.equal(entries(folder), 2);
        assert.equal(valueIn(await window(folder), "SEEN"), "new value");
    });

    for (const [file, text] of [
        ["nix/shell.nix", '{ SEEN = "old value"; }'],
        ["nix/deep/values.nix", '"old value"'],
    ] as const) {
        it(`is entered again because of ${file}, which the flake imports`, async () => {
            const name = `imports-${file.replaceAll("/", "-")}`;
            const isDeep = file.includes("deep");
            mkdirSync(join(at(name), "nix/deep"), { recursive: true });
            writeFileSync(join(at(name), file), text);
            if (isDeep) {
                const shell = "{ SEEN = import ./deep/values.nix; }";
                writeFileSync(join(at(name), "nix/shell.nix"), shell);
            }
            const folder = await made(name, { expression: "import ./nix/shell.nix" });
            const shell = await window(folder);
            await shell.refresh("opened");
            assert.ok(shell.inputs.includes(join(folder, file)), shell.inputs.join());
            edit(join(folder, file), "old value", "new value");
            await shell.refresh("files changed");
            assert.equal(valueIn(shell, "SEEN"), "new value");
        });
    }

    it("follows rust-toolchain.toml, and not the code", async () => {
        const folder = at("example");
        await (await bed()).instantiate("example", folder);
        const shell = await window(folder, { choice: { shell: undefined, wants: undefined } });
        await shell.refresh("opened");
        const first = current(shell);
        assert.ok(first.toolchain?.tools["rust-analyzer"]);

        writeFileSync(join(folder, "src/main.rs"), "fn main() {}\n");
        shell.states.length = 0;
        await shell.refresh("files changed");
        assert.equal(current(shell), first);
        assert.ok(!shell.states.some(({ kind }) => kind === "capturing"));

        edit(join(folder, "rust-toolchain.toml"), '"rust-analyzer", ', "");
        await shell.refresh("files changed");
        assert.equal(current(shell).toolchain?.tools["rust-analyzer"], undefined);
        assert.notEqual(current(shell).root, first.root);
    });

    it("follows the files that the user names for the shellHook", async () => {
        const file = at("dotenv");
        writeFileSync(file, "first");
        const folder = await made("watched", { hook: `export SEEN="$(cat '${file}')"` });
        const shell = await window(folder, { watched: [file] });
        await shell.refresh("opened");
        assert.equal(valueIn(shell, "SEEN"), "first");
        writeFileSync(file, "second");
        await shell.refresh("files changed");
        assert.equal(valueIn(shell, "SEEN"), "second");
    });

    it("goes on when such a file becomes a folder, a link to nowhere, or nothing", async () => {
        const folder = await made("odd-watched", {
            hook: 'export SEEN=$(cat .env 2>/dev/null || ls -d .env/ 2>/dev/null || echo "no file")',
        });
        const env = join(folder, ".env");
        writeFileSync(env, "a file");
        const shell = await window(folder, { watched: [env] });
        await shell.refresh("opened");
        assert.equal(valueIn(shell, "SEEN"), "a file");
        const become = async (make: () => void, seen: string): Promise<void> => {
            rmSync(env, { recursive: true, force: true });
            make();
            await shell.refresh("files changed");
            assert.equal(shell.state.kind, "inside");
            assert.equal(valueIn(shell, "SEEN"), seen);
        };
        await become(() => mkdirSync(env), ".env/");
        await become(() => symlinkSync("nowhere", env), "no file");
        await become(() => writeFileSync(env, "again"), "again");
        await become(() => undefined, "no file");
    });

    it("stays as it was while a file that the flake imports is none, and goes on with it", async () => {
        const name = "odd-import";
        mkdirSync(join(at(name), "nix"), { recursive: true });
        const file = join(at(name), "nix/shell.nix");
        const value = (text: string): void => writeFileSync(file, `{ SEEN = "${text}"; }`);
        value("first");
        const folder = await made(name, { expression: "import ./nix/shell.nix" });
        const shell = await window(folder);
        await shell.refresh("opened");
        for (const make of [
            () => undefined,
            () => mkdirSync(file),
            () => symlinkSync("nowhere.nix", file),
        ]) {
            rmSync(file, { recursive: true });
            make();
            await shell.refresh("files changed");
            assert.equal(shell.state.kind, "failed");
            assert.equal(valueIn(shell, "SEEN"), "first");
            rmSync(file, { recursive: true, force: true });
            value("next");
            await shell.refresh("files changed");
            assert.equal(shell.state.kind, "inside");
            assert.equal(valueIn(shell, "SEEN"), "next");
            value("first");
            await shell.refresh("files changed");
        }
    });

    it("is entered again when that is asked for", async () => {
        const folder = await made("reloaded");
        const shell = await window(folder);
        await shell.refresh("opened");
        await shell.reload();
        assert.equal(shell.state.kind, "inside");
        assert.equal(entries(folder), 2);
    });

    it("stays as it was while flake.nix is broken, in the next window, too", async () => {
        const folder = await made("broken", { attributes: { SEEN: "good" } });
        const shell = await window(folder);
        await shell.refresh("opened");
        const text = readFileSync(join(folder, "flake.nix"), "utf8");

        writeFileSync(join(folder, "flake.nix"), `${text} } broken`);
        await shell.refresh("files changed");
        assert.ok(shell.state.kind === "failed");
        assert.equal(shell.state.failure.kind, "syntax");
        assert.equal(valueIn(shell, "SEEN"), "good");

        const next = await window(folder);
        assert.equal(valueIn(next, "SEEN"), "good");
        await next.refresh("opened");
        assert.equal(next.state.kind, "failed");
        assert.equal(valueIn(next, "SEEN"), "good");

        writeFileSync(join(folder, "flake.nix"), text);
        await next.refresh("files changed");
        assert.equal(next.state.kind, "inside");
        assert.equal(valueIn(next, "SEEN"), "good");
    });

    it("stays as it was when flake.nix or the whole folder is gone", async () => {
        const folder = await made("vanishes", { attributes: { SEEN: "good" } });
        const shell = await window(folder);
        await shell.refresh("opened");
        rmSync(join(folder, "flake.nix"));
        await shell.refresh("files changed");
        assert.ok(shell.state.kind === "failed");
        assert.equal(valueIn(shell, "SEEN"), "good");
        rmSync(folder, { recursive: true });
        await shell.refresh("files changed");
        assert.equal(shell.state.kind, "failed");
        assert.equal(shell.state.failure.kind, "folder-missing");
    });

    it("is changed for another one, and back at once", async () => {
        const folder = await made("several", {
            attributes: { SEEN: "default" },
            shells: { ci: { attributes: { SEEN: "ci" } } },
        });
        const shell = await window(folder);
        await shell.refresh("opened");
        assert.equal(shell.listedShells, undefined);
        assert.deepEqual(await shell.listShells(undefined), ["default", "ci"]);
        assert.deepEqual(shell.listedShells, ["default", "ci"]);
        await shell.select("ci");
        assert.equal(valueIn(shell, "SEEN"), "ci");
        await shell.select(undefined);
        assert.equal(valueIn(shell, "SEEN"), "default");
        assert.equal(entries(folder), 1);
    });

    it("is captured once for two windows that open at the same time", async () => {
        const folder = await made("twice", { hook: "sleep 0.3; export SEEN=1" });
        const shells = [await window(folder), await window(folder)];
        await Promise.all(shells.map((shell) => shell.refresh("opened")));
        for (const shell of shells) {
            assert.equal(shell.state.kind, "inside");
            assert.equal(valueIn(shell, "SEEN"), "1");
        }
        assert.equal(entries(folder), 1);
    });

    it("becomes what the files say last, however fast they change", async () => {
        const folder = await made("fast", { attributes: { SEEN: "value 0" } });
        const shell = await window(folder);
        const running = [shell.refresh("opened")];
        for (let i = 1; i <= 5; i++) {
            edit(join(folder, "flake.nix"), `value ${i - 1}`, `value ${i}`);
            running.push(shell.refresh("files changed"));
        }
        await Promise.all(running);
        assert.equal(shell.state.kind, "inside");
        assert.equal(valueIn(shell, "SEEN"), "value 5");
    });

    it("can be cancelled and entered again", async () => {
        const folder = await made("cancelled", { hook: "sleep 98765" });
        const shell = await window(folder);
        const running = shell.refresh("opened");
        await until(
            () => shell.state.kind === "capturing" && shell.state.progress.kind === "entering",
        );
        shell.cancel();
        await running;
        assert.deepEqual(shell.state, { kind: "outside", reason: "cancelled" });
        edit(join(folder, "flake.nix"), "sleep 98765", "export SEEN=1");
        await shell.enter();
        assert.equal(valueIn(shell, "SEEN"), "1");
    });

    it("isn't entered before the user says so, where that is set", async () => {
        const folder = await made("manual", { attributes: { SEEN: "old value" } });
        writeFileSync(join(folder, "Cargo.toml"), "");
        const settings = { enter: "manual" } as const;
        const choice = { shell: undefined, wants: undefined };
        const shell = await window(folder, { settings, choice });
        await shell.refresh("opened");
        assert.deepEqual(shell.state, { kind: "outside", reason: "manual" });
        assert.equal(entries(folder), 0);

        await shell.enter();
        assert.equal(valueIn(shell, "SEEN"), "old value");
        edit(join(folder, "flake.nix"), "old value", "new value");
        await shell.refresh("files changed");
        assert.equal(use(shell), "old");
        assert.equal(valueIn(shell, "SEEN"), "old value");

        await shell.enter();
        assert.equal(use(shell), "good");
        assert.equal(valueIn(shell, "SEEN"), "new value");

        // What turns out to change nothing is not said to be old again.
        appendFileSync(join(folder, "flake.nix"), "# A comment.\n");
        await shell.refresh("files changed");
        await shell.enter();
        await shell.refresh("files changed");
        assert.equal(use(shell), "good");
    });

    it("is left when the user says so, and stays left", async () => {
        const folder = await made("left");
        const shell = await window(folder);
        await shell.refresh("opened");
        shell.leave();
        assert.deepEqual(shell.state, { kind: "outside", reason: "left" });
        await shell.refresh("files changed");
        assert.deepEqual(shell.state, { kind: "outside", reason: "left" });
        assert.equal(currentOf((await window(folder, { choice: shell.choice })).state), undefined);
    });

    it("says that there is no nix", async () => {
        const folder = await made("no-nix");
        const shell = await window(folder, { settings: { nixPath: at("no-such-nix") } });
        await shell.refresh("opened");
        assert.ok(shell.state.kind === "failed");
        assert.equal(shell.state.failure.kind, "nix-missing");
    });
});
