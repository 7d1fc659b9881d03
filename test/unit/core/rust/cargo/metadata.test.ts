import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import {
    metadataArguments,
    parseMetadata,
    type ResolvedByCargo,
} from "../../../../../src/core/rust/cargo/metadata";
import { detectProject } from "../../../../../src/core/project/project";
import { readNativeNeeds } from "../../../../../src/core/rust/native/read";
import { testFolder, type TestFolder } from "../../../testFolder";
import { shownNeeds } from "../native/project";

/** A package by its path, so that the real cargo resolves it without a network. */
function crate(folder: TestFolder, name: string, rest = ""): void {
    const path = name === "app" ? "" : `${name}/`;
    folder.write(`${path}Cargo.toml`, `[package]\nname = "${name}"\nversion = "1.0.0"\n${rest}`);
    folder.write(`${path}src/lib.rs`);
}

function cargo(folder: TestFolder, args: readonly string[]): string {
    const { stdout, stderr, status } = spawnSync("cargo", args, {
        cwd: folder.path,
        encoding: "utf8",
    });
    assert.equal(status, 0, stderr);
    return stdout;
}

describe("what cargo itself resolved", () => {
    const folder = testFolder();
    before(function () {
        if (spawnSync("cargo", ["--version"]).status !== 0) {
            console.log("      skipped: there is no cargo");
            this.skip();
        }
    });
    const resolved = (): string => {
        cargo(folder, ["generate-lockfile", "--offline"]);
        return cargo(folder, metadataArguments("linux", "x86_64"));
    };
    const shown = ({ lock, resolution }: ResolvedByCargo): string[] =>
        [...resolution].map(([index, { group, features }]) =>
            `${lock.packages[index]?.name} ${group} ${[...features.keys()].join(" ")}`.trim(),
        );

    it("tells features, kinds and platforms apart", () => {
        crate(
            folder,
            "app",
            `[dependencies]
base = { path = "base", features = ["extra"] }
[dev-dependencies]
testing = { path = "testing" }
[target.'cfg(windows)'.dependencies]
foreign = { path = "foreign" }
[workspace]
members = ["tool"]
`,
        );
        crate(
            folder,
            "base",
            '[features]\nextra = ["dep:more"]\n[dependencies]\nmore = { path = "../more", optional = true }\n',
        );
        crate(folder, "tool", '[dependencies]\nonly-tool = { path = "../only-tool" }\n');
        for (const name of ["more", "testing", "foreign", "only-tool"]) crate(folder, name);
        const found = parseMetadata(resolved());
        assert.ok(found !== undefined);
        assert.deepEqual(shown(found).sort(), [
            "app 0",
            "base 0 extra",
            // Not for Linux, but a member of its own: cargo makes one of every path below the root.
            "foreign 2",
            "more 0",
            "only-tool 2",
            "testing 1",
            "tool 2",
        ]);
    });

    it("decides what is needed, where it is at hand", async () => {
        crate(folder, "app", '[dependencies]\nmiddle = { path = "middle" }\n');
        crate(
            folder,
            "middle",
            `[features]
tls = ["dep:openssl-sys"]
[dependencies]
alsa-sys = { path = "../alsa-sys" }
openssl-sys = { path = "../openssl-sys", optional = true }
`,
        );
        crate(folder, "alsa-sys");
        crate(folder, "openssl-sys");
        const metadata = resolved();
        const needs = await readNativeNeeds(
            detectProject(folder.path),
            new Map([["linux", metadata]]),
        );
        assert.ok(needs !== undefined);
        assert.deepEqual(shownNeeds(needs), ["alsa-lib", "pkg-config"]);
    });

    it("is not taken from what is something else", () => {
        for (const text of ["", "{}", "[]", "null", '{"packages":[]}', "error: no such command"]) {
            assert.equal(parseMetadata(text), undefined, text);
        }
    });
});
