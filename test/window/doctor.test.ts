import assert from "node:assert/strict";
import { appendFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import type { EditorWindow } from "./window";

const NAMES_A_TOOLCHAIN = '                    RUSTUP_TOOLCHAIN = "1.75.0";\n';

describe("a report on the setup with rustup in front", () => {
    // Otherwise the editor in a browser saves by itself, a second after a change.
    const editor = editorForSuite({ rustup: true, userSettings: { "files.autoSave": "off" } });
    let window: EditorWindow;
    let folder: string;

    before(async () => {
        folder = await (await bed()).instantiate("example", join(editor().folder, "hello"));
        window = await editor().open(folder);
        await window.waitForStatus("Nix: default");
        await window.waitForRustAnalyzer();
    });

    it("says that the dev shell's tools run, by looking at real processes", async () => {
        await window.run("Nix: Check My Setup");
        const report = await window.report("My Setup: hello");
        assert.match(report, /No problem/);
        assert.match(report, /rustup's cargo and rustc come first .* In the dev shell they run/);
        for (const place of ["new terminal", "task", "debugged program"]) {
            assert.match(report, new RegExp(`A ${place} has all \\d+ variables of the dev shell`));
        }
        assert.match(report, /rust-analyzer's server has all \d+ variables of the dev shell/);
        const cargos = [...report.matchAll(/Its cargo is (\S+)\./g)].map(([, cargo]) => cargo);
        assert.equal(cargos.length, 4);
        for (const cargo of cargos) assert.match(cargo ?? "", /^\/nix\/store\/.*\/cargo$/);
        assert.deepEqual(await window.terminals(), []);
        await window.wholePicture("setup-rustup");
    });

    it("finds differences of real processes, and names what makes them", async () => {
        const starts = editor().machine.serverStarts.length;
        appendFileSync(join(editor().machine.home, ".bashrc"), "export PROJECT_ROOT=/mine\n");
        editor().configure({
            "terminal.integrated.env.linux": { GREETING: "A secret of mine" },
            "terminal.integrated.shellIntegration.enabled": false,
            "rust-analyzer.server.extraEnv": { GREETING: "A secret of mine" },
        });
        // It restarts by itself, since we gave it a setting that says so.
        await editor().serverAfter(starts, window);

        await window.run("Nix: Check My Setup");
        const report = await window.report("extraEnv overrules");
        await window.wholePicture("setup-problems");
        assert.match(report, /PROJECT_ROOT: another value, which your shell's start-up files set/);
        assert.match(report, /PATH: .* behind others.*shell integration is off/);
        assert.match(report, /A task has all \d+ variables/);
        assert.match(report, /GREETING: overruled by rust-analyzer\.server\.extraEnv/);
        assert.match(report, /your terminal settings and the dev shell both set GREETING/i);
        assert.doesNotMatch(report, /secret/);
        assert.doesNotMatch(editor().log, /secret of mine/);
        const terminal = await window.terminalEnvironment();
        assert.equal(terminal.get("GREETING"), "Hello", "the dev shell's value counts");
        assert.match(await window.inTerminal("cargo --version"), /^cargo 1\.97/);

        editor().configure({});
        writeFileSync(join(editor().machine.home, ".bashrc"), "");
        await window.run("Terminal: Kill All Terminals");
    });

    it("finds what misleads rustup in the flake, and takes it out", async () => {
        const flake = join(folder, "flake.nix");
        const text = readFileSync(flake, "utf8");
        const greeting = '                    GREETING = "Hello";\n';
        const misled = text.replace(greeting, greeting + NAMES_A_TOOLCHAIN);
        assert.notEqual(misled, text);
        await window.waitForWatcher(folder);
        const captures = editor().captures;
        writeFileSync(flake, misled);
        await until("the new dev shell", () => editor().captures > captures);
        await window.waitForStatus("Nix: default");
        await window.tooltip("sets RUSTUP_TOOLCHAIN");
        await window.picture("setup-misled-tooltip");

        await window.run("Nix: Check My Setup");
        const report = await window.report("sends rustup to a toolchain of its own");
        assert.match(report, /flake\.nix, line 2\d: RUSTUP_TOOLCHAIN = "1\.75\.0";/);
        assert.match(report, /A new terminal has all/);
        const said = await window.terminalEnvironment();
        assert.match(said.get("RUSTUP_TOOLCHAIN") ?? "", /^\/nix\/store\//);
        await window.wholePicture("setup-misled");

        await window.pressLink("Remove it from the flake…");
        const shown = await window.waitForEditor('GREETING = "Hello";');
        assert.doesNotMatch(shown, /RUSTUP_TOOLCHAIN/);
        assert.equal(readFileSync(flake, "utf8"), misled, "nothing is written yet");
        await window.picture("setup-misled-removed");
        await window.page.keyboard.press("ControlOrMeta+S");
        await until("the flake of before", () => readFileSync(flake, "utf8") === text);
    });
});

describe("a report on the setup without rustup", () => {
    const editor = editorForSuite({ rustAnalyzer: false, fakeExtension: "mkhl.direnv" });
    let window: EditorWindow;
    let folder: string;
    let cache: Server;

    before(async () => {
        cache = createServer((_, response) => response.writeHead(404).end());
        await new Promise<void>((resolve) => cache.listen(0, "127.0.0.1", resolve));
        folder = await (await bed()).instantiate("example", join(editor().folder, "hello"));
        window = await editor().open(folder);
        await window.waitForStatus("Nix: default");
    });
    after(() => {
        cache.close();
    });

    it("with flakes off says that this is no obstacle", async () => {
        editor().machine.configureNix(["--option substituters http://127.0.0.1:9"], []);
        await window.run("Nix: Check My Setup");
        const report = await window.report("Flakes are off");
        assert.match(report, /None of Nix's binary caches can be reached/);
        assert.match(report, /No problem/);
        await window.wholePicture("setup-flakes-off");
    });

    it("in good order says so, and can be copied", async () => {
        const { port } = cache.address() as AddressInfo;
        editor().machine.configureNix(
            [`--option substituters http://127.0.0.1:${port}`],
            ["experimental-features = nix-command flakes"],
        );
        await window.pressLink("Check again");
        const report = await window.report("Flakes are on");
        assert.match(report, /Nix's binary caches can be reached/);
        assert.match(report, /The extension rust-analyzer is not installed/);
        assert.match(report, /Installed, and not at work in this folder: direnv/);
        await window.wholePicture("setup-good");

        await window.followLink("Copy for a bug report");
        await until("the report in the clipboard", async () =>
            (await window.clipboard()).startsWith("### Nix Rust: setup"),
        );
        const copied = await window.clipboard();
        assert.match(copied, /- In order: Flakes are on/);
        assert.doesNotMatch(
            copied,
            new RegExp(`${editor().machine.home}|${editor().folder}/hello`),
        );
    });

    it("names another extension that is at work in the folder, and what it does", async () => {
        writeFileSync(join(folder, ".envrc"), "use flake\n");
        await window.pressLink("Check again");
        const report = await window.report("The extension direnv is at work in this folder");
        assert.match(report, /It loads \.envrc into new terminals/);
        await window.wholePicture("setup-direnv");
    });

    it("works without nix, without a flake, and without a folder", async () => {
        editor().configure({ "nixRust.nixPath": join(editor().folder, "no-nix") });
        const plain = join(editor().folder, "plain");
        mkdirSync(plain);
        writeFileSync(join(plain, "Cargo.toml"), '[package]\nname = "plain"\n');
        await window.goTo(plain);
        await window.waitForStatus("Nix: no flake");
        await window.run("Nix: Check My Setup");
        const report = await window.report("My Setup: plain");
        assert.match(report, /Nix was not found/);
        assert.match(report, /This Rust project has no flake\.nix/);
        await window.picture("setup-nothing");
        await window.goTo(undefined);
        await window.run("Nix: Check My Setup");
        await window.report("No folder is open");
        await window.pressLink("Open the setting nixRust.nixPath");
        await window.page.locator(".settings-editor", { hasText: "Nix Path" }).waitFor();
    });
});
