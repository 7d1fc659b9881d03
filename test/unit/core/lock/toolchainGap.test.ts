import assert from "node:assert/strict";
import { join } from "node:path";
import { parseLock, type LockFile } from "../../../../src/core/lock/lockFile";
import { lockedInputs, type LockedInput } from "../../../../src/core/lock/lockedInputs";
import { toolchainGap } from "../../../../src/core/lock/toolchainGap";
import { sourcePath } from "../../../../src/core/nix/storePath";
import { testFolder } from "../../testFolder";
import { lockOf } from "./testLock";

const HASH = "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
const READS = "{ … (pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml) … }";
/** The day that Rust 1.92 came, in the morning. */
const LOCKED_AT = Date.UTC(2025, 11, 11, 8) / 1000;

describe("toolchainGap", () => {
    const store = testFolder();

    const inputs = (locked: object): LockedInput[] =>
        lockedInputs(
            parseLock(
                lockOf({
                    nixpkgs: { locked: { type: "github", owner: "NixOS", repo: "nixpkgs" } },
                    rust: { locked: { narHash: HASH, lastModified: LOCKED_AT, ...locked } },
                }),
            ) as LockFile,
        );
    const overlay = inputs({ type: "github", owner: "oxalica", repo: "rust-overlay" });
    const fenix = inputs({ type: "github", owner: "nix-community", repo: "fenix" });

    /** The newest that is known, where that is not enough. */
    function newest(channel: string, from = overlay, flake = READS): string | undefined {
        const wanted = { file: "rust-toolchain.toml", channel };
        const gap = toolchainGap(wanted, from, { flake, store: store.path });
        if (gap !== undefined) assert.deepEqual([gap.input, gap.channel], ["rust", channel]);
        return gap?.newest;
    }

    /** A file of the locked input in the store. */
    function inStore(path: string, text = ""): void {
        const source = sourcePath(HASH, store.path) ?? "";
        store.write(join(source.slice(store.path.length + 1), path), text);
    }

    it("goes by the lock's date where the input is not in the store", () => {
        assert.equal(newest("1.92"), undefined);
        assert.equal(newest("1.92.7"), undefined);
        assert.equal(newest("1.93"), "1.92");
        assert.equal(newest("1.93.0"), "1.92");
        assert.equal(newest("nightly-2025-12-11"), undefined);
        assert.equal(newest("nightly-2025-12-12"), "nightly-2025-12-11");
        assert.equal(newest("beta-2026-01-01"), "beta-2025-12-11");
    });

    it("has nothing to say of a channel without a number or date", () => {
        for (const channel of ["stable", "beta", "nightly", "my-own"]) {
            assert.equal(newest(channel), undefined, channel);
        }
    });

    it("goes by rust-overlay's manifests where they are in the store", () => {
        for (const version of ["1.9.0", "1.91.0", "1.91.1", "default"]) {
            inStore(`manifests/stable/${version}.nix`);
        }
        inStore("manifests/nightly/default.nix");
        inStore("manifests/nightly/2025/2025-12-01.nix");
        inStore("manifests/nightly/2026/2026-01-02.nix");
        inStore("manifests/beta/2025-11-01.nix");
        assert.equal(newest("1.91"), undefined);
        assert.equal(newest("1.91.1"), undefined);
        assert.equal(newest("1.91.2"), "1.91.1");
        assert.equal(newest("1.92"), "1.91.1");
        assert.equal(newest("1.85"), undefined, "an older one that is gone is no reason to update");
        assert.equal(newest("nightly-2026-01-02"), undefined);
        assert.equal(newest("nightly-2026-01-03"), "nightly-2026-01-02");
        assert.equal(newest("beta-2025-12-01"), "beta-2025-11-01");
    });

    it("goes by fenix's data where it is in the store", () => {
        const url = "https://static.rust-lang.org/dist/2025-11-10/cargo-1.91.1-x86_64.tar.gz";
        inStore(
            "data/stable.json",
            `{\n"date": "2025-11-10",\n"url": "${url}"${" ".repeat(9000)}}`,
        );
        inStore("data/nightly.json", '{"x":{"latest":{"date":"2025-12-05"');
        assert.equal(newest("1.91.1", fenix, "{ }"), undefined);
        assert.equal(newest("1.92", fenix, "{ }"), "1.91.1");
        assert.equal(newest("nightly-2025-12-06", fenix, "{ }"), "nightly-2025-12-05");
    });

    it("leaves alone what is not asked for the file's channel", () => {
        assert.equal(newest("1.99", overlay, "{ rust-bin.stable.latest.default }"), undefined);
        const file = "fenix.fromToolchainFile { file = ./rust-toolchain.toml; }";
        assert.equal(newest("1.99", fenix, file), undefined);
        assert.equal(newest("1.99", inputs({ owner: "x", repo: "y" })), undefined);
        assert.equal(
            newest("1.99", inputs({ repo: "rust-overlay", lastModified: "x" })),
            undefined,
        );
    });

    it("knows the inputs under every kind of address", () => {
        for (const url of [
            "https://github.com/oxalica/rust-overlay",
            "ssh://git@example.org/mirrors/rust-overlay.git",
            "https://flakehub.com/f/oxalica/rust-overlay/0.1.tar.gz",
            "file:///srv/rust-overlay?ref=master",
        ]) {
            assert.equal(newest("1.99", inputs({ url })), "1.92", url);
        }
        assert.equal(newest("1.99", inputs({ url: "https://x.org/no-rust-overlay" })), undefined);
    });
});
