import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import {
    AT,
    calls,
    command,
    firstFolder,
    linesOf,
    set,
    taskEnvironment,
    until,
    untilHost,
    whileWatched,
} from "./bed";

const folder = firstFolder().uri.fsPath;

function write(file: string, text: string): void {
    writeFileSync(join(folder, file), text);
}

function replace(file: string, old: string, text: string): void {
    const before = readFileSync(join(folder, file), "utf8");
    assert.ok(before.includes(old), `${file} has no ${old}`);
    write(file, before.replace(old, text));
}

/** How often the shellHook has run. */
const entered = (): number => linesOf(join(AT, "workspace/entered")).length;

/** How often Nix was asked for the dev shell. */
const asked = (): number => calls().filter((line) => line.includes(" print-dev-env ")).length;

/** Waits until Nix has answered as often as it was asked, and `times` more than at `before`. */
async function untilAnswered(before: number, times = 1): Promise<void> {
    await until("Nix has answered", () => {
        const lines = calls();
        const ended = lines.filter((line) => line.startsWith("end ")).length;
        return asked() >= before + times && ended * 2 === lines.length;
    });
}

async function git(...args: string[]): Promise<void> {
    const identity = ["-c", "user.name=Nix Rust", "-c", "user.email=nix-rust@localhost"];
    await promisify(execFile)("git", [...identity, ...args], { cwd: folder });
}

async function assertInTask(name: string, value: string): Promise<void> {
    await untilHost(name, value);
    assert.equal((await taskEnvironment())[name], value);
}

describe("the environment follows the files that it is made of", () => {
    before(async () => {
        await untilHost("FROM_FLAKE", "first");
        await untilAnswered(0);
    });

    it("flake.nix", async () => {
        replace("flake.nix", '"first"', '"second"');
        await assertInTask("FROM_FLAKE", "second");
    });

    it("a file that it imports", async () => {
        write("nix/values.nix", '{ FROM_IMPORT = "second"; }\n');
        await assertInTask("FROM_IMPORT", "second");
    });

    it("rust-toolchain.toml", async () => {
        assert.equal(process.env["FROM_TOOLCHAIN"], "1.80.0");
        write("rust-toolchain.toml", '[toolchain]\nchannel = "1.81.0"\n');
        await assertInTask("FROM_TOOLCHAIN", "1.81.0");
    });

    it("flake.lock", async () => {
        assert.equal(process.env["FROM_INPUT"], "of the old input");
        copyFileSync(join(AT, "workspace/new/flake.lock"), join(folder, "flake.lock"));
        await assertInTask("FROM_INPUT", "of the new input");
    });

    it("a file that the user's setting names", async () => {
        write("watched.env", "first");
        await set("watch", ["watched.env"]);
        await assertInTask("FROM_WATCHED", "first");
        write("watched.env", "second");
        await assertInTask("FROM_WATCHED", "second");
    });

    it("another branch, and the first one again", async () => {
        await git("commit", "--quiet", "--all", "--message=first");
        await git("checkout", "--quiet", "-b", "other");
        write("nix/values.nix", '{ FROM_IMPORT = "other branch"; ONLY_OTHER = "1"; }\n');
        replace("flake.nix", '"second"', '"other branch"');
        await git("commit", "--quiet", "--all", "--message=other");
        await assertInTask("FROM_IMPORT", "other branch");
        await git("checkout", "--quiet", "main");
        await assertInTask("FROM_IMPORT", "second");
        assert.equal(process.env["ONLY_OTHER"], undefined);
        for (const branch of ["other", "main", "other"]) await git("checkout", "--quiet", branch);
        await assertInTask("FROM_FLAKE", "other branch");
        await git("checkout", "--quiet", "main");
        await assertInTask("FROM_FLAKE", "second");
        assert.equal((await taskEnvironment())["ONLY_OTHER"], undefined);
    });
});

describe("the environment is not read anew", () => {
    for (const file of ["src/main.rs", "README.md"]) {
        it(`when ${file} changes`, async () => {
            const [wasAsked, wasEntered] = [asked(), entered()];
            await whileWatched(file, () => write(file, "// changed\n"));
            // This waits for whatever has been started, and enters once.
            await command("reload");
            assert.equal(asked(), wasAsked + 1);
            assert.equal(entered(), wasEntered + 1);
        });
    }

    it("when a comment of the flake changes", async () => {
        const [wasAsked, wasEntered] = [asked(), entered()];
        replace("flake.nix", "{\n", "{\n    # A comment.\n");
        await untilAnswered(wasAsked);
        await command("reload");
        assert.equal(entered(), wasEntered + 1);
    });

    it("more than once when 1,000 files change together", async () => {
        mkdirSync(join(folder, "many"));
        const writeAll = (text: string): void => {
            for (let i = 0; i < 1_000; i++) write(`many/${i}.nix`, `${text}\n`);
        };
        writeAll("{ }");
        const before = asked();
        await git("add", "--all");
        await git("commit", "--quiet", "--message=many");
        await untilAnswered(before);
        await command("reload");

        const [wasAsked, wasEntered] = [asked(), entered()];
        await whileWatched("many/last", () => {
            write("nix/values.nix", '{ FROM_IMPORT = "third"; }\n');
            writeAll("{ changed = true; }");
            write("many/last", "");
        });
        await assertInTask("FROM_IMPORT", "third");
        await command("reload");
        assert.equal(asked(), wasAsked + 2);
        assert.equal(entered(), wasEntered + 2);
    });

    it("more than once when git changes 1,000 files in a checkout", async () => {
        await git("checkout", "--quiet", "-b", "many");
        await git("commit", "--quiet", "--all", "--message=changed");
        const back = ["checkout", "--quiet", "main"] as const;
        const before = asked();
        await git(...back);
        await assertInTask("FROM_IMPORT", "second");
        await command("reload");

        const [wasAsked, wasEntered] = [asked(), entered()];
        await git("checkout", "--quiet", "many");
        await assertInTask("FROM_IMPORT", "third");
        await command("reload");
        assert.ok(wasAsked > before);
        assert.equal(entered(), wasEntered + 2);
        assert.ok(asked() <= wasAsked + 3, `nix was asked ${asked() - wasAsked} times`);
        await git(...back);
        await assertInTask("FROM_IMPORT", "second");
    });
});

describe("a flake that is half edited", () => {
    it("keeps the environment, and recovers when it is mended", async () => {
        const flake = readFileSync(join(folder, "flake.nix"), "utf8");
        const before = asked();
        write("flake.nix", flake.replace('"second"', '"sec'));
        await untilAnswered(before);
        assert.match(calls().at(-1) ?? "", /^end \d+ 1$/);
        await assertInTask("FROM_FLAKE", "second");
        write("flake.nix", flake.replace('"second"', '"mended"'));
        await assertInTask("FROM_FLAKE", "mended");
    });

    it("keeps the environment while flake.nix is gone", async () => {
        const flake = readFileSync(join(folder, "flake.nix"), "utf8");
        await whileWatched("flake.nix", () => rmSync(join(folder, "flake.nix")));
        await assertInTask("FROM_FLAKE", "mended");
        write("flake.nix", flake.replace('"mended"', '"back"'));
        await assertInTask("FROM_FLAKE", "back");
    });
});
