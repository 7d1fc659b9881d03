import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
    calls,
    closeTerminals,
    enter,
    firstFolder,
    atStart,
    set,
    taskEnvironment,
    untilHost,
    whileWatched,
} from "./bed";

describe("a folder that is opened in manual mode", () => {
    after(closeTerminals);

    it("is left alone", async () => {
        assert.equal(atStart["GREETING"], undefined);
        assert.equal((await taskEnvironment())["GREETING"], undefined);
    });

    it("is entered when the user asks for it", async () => {
        await enter();
        assert.equal(process.env["GREETING"], "Hello");
        assert.equal((await taskEnvironment())["GREETING"], "Hello");
    });

    it("stays as it is when its files change, and Nix is not asked", async () => {
        const before = calls().length;
        await whileWatched("flake.nix", () => {
            const flake = readFileSync(join(firstFolder().uri.fsPath, "flake.nix"), "utf8");
            writeFileSync(
                join(firstFolder().uri.fsPath, "flake.nix"),
                flake.replace('"Hello"', '"Hello again"'),
            );
        });
        assert.equal(calls().length, before);
        assert.equal(process.env["GREETING"], "Hello");
    });

    it("follows its files when the user asks for it", async () => {
        await enter();
        assert.equal(process.env["GREETING"], "Hello again");
    });

    it("follows its files by itself once that is allowed", async () => {
        await set("enter", undefined);
        const file = join(firstFolder().uri.fsPath, "flake.nix");
        writeFileSync(file, readFileSync(file, "utf8").replace('"Hello again"', '"Hello"'));
        await untilHost("GREETING", "Hello");
        assert.equal((await taskEnvironment())["GREETING"], "Hello");
    });
});
