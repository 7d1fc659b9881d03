import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { environmentOf } from "../../../../../src/core/environment/environment";
import { findExecutable, pathFolders } from "../../../../../src/core/nix/executable";
import { run } from "../../../../../src/core/process";
import { askCargo } from "../../../../../src/core/rust/cargo/askCargo";
import { testFolder } from "../../../testFolder";

describe("asking cargo", () => {
    const folder = testFolder();
    const env = environmentOf(process.env);
    const cargo = findExecutable("cargo", pathFolders(env, []));
    before(function () {
        if (cargo !== undefined) return;
        console.log("      skipped: there is no cargo");
        this.skip();
    });
    const ask = () =>
        askCargo({ cargo: cargo ?? "", manifest: join(folder.path, "Cargo.toml"), env, run });

    it("tells what it resolved for each platform, and writes nothing", async () => {
        folder.write("Cargo.toml", '[package]\nname = "app"\nversion = "1.0.0"\n');
        folder.write("src/lib.rs");
        assert.equal(
            spawnSync("cargo", ["generate-lockfile", "--offline"], { cwd: folder.path }).status,
            0,
        );
        const found = await ask();
        assert.deepEqual([...found.keys()], ["linux", "darwin"]);
        assert.match(found.get("linux") ?? "", /"name":"app"/);
    });

    it("tells nothing where the crates were never downloaded", async () => {
        folder.write(
            "Cargo.toml",
            '[package]\nname = "app"\nversion = "1.0.0"\n[dependencies]\nno-such-crate = "1"\n',
        );
        folder.write("src/lib.rs");
        assert.deepEqual([...(await ask())], []);
    });
});
