import assert from "node:assert/strict";
import { diskFindings, lookAtDisks } from "../../../../src/core/doctor/disk";
import { launchFindings, lookAtLaunch, type LaunchFacts } from "../../../../src/core/doctor/launch";
import {
    OTHER_EXTENSIONS,
    otherExtensionFindings,
} from "../../../../src/core/doctor/otherExtensions";
import { within } from "../../../../src/core/doctor/within";
import { testFolder } from "../../testFolder";
import { lines } from "./sections";

describe("diskFindings", () => {
    const GB = 1024 ** 3;
    const folder = testFolder();

    it("tell how much room there is", () => {
        const disks = [
            { folder: "/nix", free: 50 * GB },
            { folder: "/home", free: 3 * GB },
            { folder: "/tmp", free: 200 << 20 },
            { folder: "/net", free: undefined },
        ];
        assert.deepEqual(lines(diskFindings(disks)), [
            "good: 50.0 GB are free for /nix.",
            "note: Only 3.0 GB are free for /home.",
            "problem: Only 200 MB are free for /tmp.",
            "note: The disk of /net does not answer.",
        ]);
    });

    it("are of real folders, and of no others", async () => {
        const [disk, ...others] = await lookAtDisks([folder.path, `${folder.path}/missing`]);
        assert.deepEqual(others, []);
        assert.equal(disk?.folder, folder.path);
        assert.ok(disk.free !== undefined && disk.free > 0);
    });
});

describe("launchFindings", () => {
    const desktop: LaunchFacts = {
        remote: undefined,
        isBrowser: false,
        isContainer: false,
        isNixos: false,
        sandbox: undefined,
        isFromTerminal: false,
        inside: undefined,
        missesNix: false,
    };
    const CASES: readonly [Partial<LaunchFacts>, ...string[]][] = [
        [{}, "good: VS Code was started from the desktop."],
        [{ missesNix: true }, "note: VS Code was started from the desktop."],
        [{ isNixos: true }, "good: VS Code was started from the desktop on NixOS."],
        [{ isFromTerminal: true }, "good: VS Code was started from a terminal, and has its PATH."],
        [{ remote: "ssh-remote" }, "good: VS Code works on this machine over SSH; Nix runs here."],
        [{ remote: "wsl" }, "good: VS Code works in WSL; Nix runs there, not in Windows."],
        [
            { remote: "dev-container", isContainer: true },
            "good: VS Code works in a container; Nix runs there.",
        ],
        [{ remote: "codespaces" }, "good: VS Code works in a codespace; Nix runs there."],
        [
            { remote: "127.0.0.1:80", isBrowser: true },
            "good: VS Code is used from a browser; Nix runs where its server does.",
        ],
        [
            { sandbox: "flatpak" },
            "good: VS Code was started from the desktop.",
            "problem: VS Code runs in a Flatpak sandbox, which hides /nix and your programs from it.",
        ],
        [
            { inside: "nix", isFromTerminal: true },
            "good: VS Code was started from a terminal, and has its PATH.",
            "note: VS Code was started from inside another dev shell.",
        ],
    ];
    for (const [facts, ...expected] of CASES) {
        it(`tell of ${JSON.stringify(facts)}`, () => {
            assert.deepEqual(lines(launchFindings({ ...desktop, ...facts })), expected);
        });
    }

    it("come from the environment that VS Code was started with", () => {
        const editor = { remote: undefined, isBrowser: false, missesNix: false };
        const of = (...names: string[]): LaunchFacts =>
            lookAtLaunch(new Map(names.map((name) => [name, "1"])), editor);
        assert.equal(of("VSCODE_CLI").isFromTerminal, true);
        assert.equal(of().isFromTerminal, false);
        assert.equal(of("IN_NIX_SHELL").inside, "nix");
        assert.equal(of("IN_NIX_SHELL", "DIRENV_DIR").inside, "direnv");
        assert.equal(of("FLATPAK_ID").sandbox, "flatpak");
    });
});

describe("otherExtensionFindings", () => {
    const [direnv, ...others] = OTHER_EXTENSIONS;
    assert.ok(direnv !== undefined);

    it("tell of one that is at work in the folder, and what it does", () => {
        const found = otherExtensionFindings([
            { extension: direnv, isActive: true, reasons: [".envrc"] },
        ]);
        assert.deepEqual(lines(found), [
            "problem: The extension direnv is at work in this folder as well.",
        ]);
        assert.match(found[0]?.detail ?? "", /^It loads \.envrc.*It goes by \.envrc\./);
    });

    it("leave those in peace that are idle or have nothing to go by", () => {
        const found = otherExtensionFindings([
            { extension: direnv, isActive: true, reasons: [] },
            ...others.map((extension) => ({
                extension,
                isActive: false,
                reasons: extension.files,
            })),
        ]);
        assert.deepEqual(lines(found), [
            "good: No other extension changes this folder's environment.",
        ]);
        assert.match(found[0]?.detail ?? "", /^Installed, and not at work in this folder: direnv,/);
    });

    it("know each extension once, by what it goes by", () => {
        const ids = OTHER_EXTENSIONS.map(({ id }) => id);
        assert.equal(new Set(ids).size, ids.length);
        for (const { id, files, settings } of OTHER_EXTENSIONS) {
            assert.match(id, /^[a-z0-9-]+\.[a-z0-9-]+$/);
            assert.ok(files.length + settings.length > 0, id);
        }
    });
});

describe("within", () => {
    it("gives what comes in time, rejects as it does, and gives up on the rest", async () => {
        assert.equal(await within(60_000, Promise.resolve(1)), 1);
        await assert.rejects(within(60_000, Promise.reject(new Error("no"))), /no/);
        assert.equal(await within(1, new Promise(() => undefined)), undefined);
    });
});
