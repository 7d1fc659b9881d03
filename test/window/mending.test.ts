import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import { rustProject } from "./projects";
import type { EditorWindow } from "./window";

/** A stand-in for what a flake has of rust-overlay, which refuses what rust-overlay refuses. */
const EXPRESSION = `
    let
        pkgs = { rustfmt = "the formatter"; };
        rust-bin.fromRustupToolchainFile = file:
            if builtins.match ".*1[.]75[.]0.*" (builtins.replaceStrings [ "\\n" ] [ " " ] (builtins.readFile file)) == null
            then throw "Stable is not available"
            else file;
    in
    {
        FORMATTER = pkgs.rustfmt;
        TOOLCHAIN = rust-bin.fromRustupToolchainFile ./rust-toolchain.toml;
        GREETING = import ./greeting.nix;
        SOURCE = derivation {
            name = "source";
            inherit system;
            builder = bash;
            args = [ "-c" "printf hello > $out" ];
            outputHashMode = "flat";
            outputHashAlgo = "sha256";
            outputHash = "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        };
    }`;

const TOOLCHAIN = '[toolchain]\nchannel = "1.75.0"\ncomponents = ["rustfmt"]\n';

describe("a flake that was broken", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let folder: string;
    let window: EditorWindow;
    let flake: string;

    const file = (name: string): string => join(folder, name);

    before(async () => {
        folder = join(editor().folder, "project");
        const { writeFlake, commit } = await bed();
        await writeFlake(folder, { expression: EXPRESSION });
        writeFileSync(file("greeting.nix"), '"Hello"\n');
        writeFileSync(file("rust-toolchain.toml"), TOOLCHAIN);
        await rustProject(folder, { expression: EXPRESSION });
        await commit(folder);
        flake = readFileSync(file("flake.nix"), "utf8");
        window = await editor().open(folder);
        await window.waitForStatus("Nix: default");
        await window.waitForWatcher(folder);
        await window.page.keyboard.press("ControlOrMeta+Shift+M");
    });

    it("by a missing semicolon is mended at its line, by keyboard", async () => {
        await breakFlake('args = [ "-c" "echo > $out" ];', 'args = [ "-c" "echo > $out" ]');
        const [problem] = await problems();
        assert.match(problem ?? "", /syntax error.*expecting ';'/);
        await window.open("flake.nix");
        await goToProblem(15);
        await window.picture("mending-syntax-problem");
        await quickFixByKeyboard("Add the missing “;”");
        await save();
        await mended("mending-syntax");
    });

    it("by a name that is not there is mended by mouse", async () => {
        await breakFlake("FORMATTER = pkgs.rustfmt;", "FORMATTER = pkgs.cargo-fmt;");
        assert.match((await problems())[0] ?? "", /cargo-fmt/);
        await window.page
            .locator(".markers-panel .monaco-list-row", { hasText: "cargo-fmt" })
            .dblclick();
        await window.waitForEditor("pkgs.cargo-fmt");
        await quickFixByMouse("cargo-fmt", "Replace by “rustfmt”");
        await save();
        await mended("mending-name");
    });

    it("by a hash that does not fit is mended", async () => {
        const right = "sha256-LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=";
        await breakFlake(right, "sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=");
        await window.open("flake.nix");
        await goToProblem(lineOf(right));
        await quickFixByKeyboard("Replace the hash by");
        await save();
        await mended("mending-hash");
    });

    it("by a file that git does not know is mended", async () => {
        const { git } = await bed();
        await git(folder, "rm", "--cached", "--quiet", "greeting.nix");
        await window.waitForStatus("Nix: previous environment");
        assert.match((await problems())[0] ?? "", /greeting\.nix.*Git/);
        await window.open("flake.nix");
        await goToProblem(lineOf("GREETING = import"));
        await quickFixByKeyboard("Add to Git");
        await mended("mending-git");
    });

    it("by its toolchain file has that marked before nix runs", async () => {
        await window.open("rust-toolchain.toml");
        const { keyboard } = window.page;
        await window.page.locator(".editor-group-container.active .view-lines").click();
        await keyboard.press("ControlOrMeta+End");
        await window.waitForLine(4);
        for (let i = 0; i < 3; i++) await keyboard.press("ArrowLeft");
        await keyboard.press("Backspace");
        await window.waitForEditor('["rustfm"]');
        assert.match((await problems())[0] ?? "", /no component “rustfm”/);
        await window.picture("mending-toolchain-problem");
        // It is not saved, so nix has not seen it.
        await window.waitForStatus("Nix: default");
        await goToProblem(3);
        await quickFixByKeyboard("Replace by “rustfmt”");
        await until("no problem", noProblems);
        await window.picture("mending-toolchain");
    });

    it("gets the settings of Nix that it asks for only when they are accepted", async () => {
        writeFileSync(file("flake.nix"), flake.replace("{", "{ nixConfig.sandbox = false;"));
        await window.tooltip("asks for settings of Nix");
        await window.run("Nix: Review Flake Settings…");
        const dialog = window.page.locator(".monaco-dialog-box");
        await dialog.waitFor();
        const text = await dialog.innerText();
        assert.match(text, /sandbox = false/);
        assert.match(text, /lets builds see and change this machine/);
        await window.picture("mending-settings");
        await dialog.locator(".monaco-button", { hasText: "Refuse" }).click();
        await dialog.waitFor({ state: "detached" });
        await window.run("Nix: Review Flake Settings…");
        assert.match(await dialog.innerText(), /You refused them/);
        await window.page.keyboard.press("Escape");
        assert.equal(
            await (await bed()).git(folder, "diff", "--name-only"),
            "flake.nix\ngreeting.nix\n",
        );
    });

    /** The line of the flake that has a text. */
    function lineOf(part: string): number {
        return flake.slice(0, flake.indexOf(part)).split("\n").length;
    }

    /** Goes from problem to problem with the keyboard. */
    async function goToProblem(line: number): Promise<void> {
        const { keyboard } = window.page;
        await until(`the problem in line ${line}`, async () => {
            // Without the keyboard's focus in the editor, it does nothing.
            await window.page.locator(".editor-group-container.active .view-lines").click();
            await keyboard.press("F8");
            const peek = window.page.locator(".peekview-widget, .zone-widget");
            await peek
                .first()
                .waitFor({ timeout: 2_000 })
                .catch(() => {});
            await keyboard.press("Escape");
            const place = await window.page
                .locator('.statusbar [id="status.editor.selection"]')
                .innerText();
            return place.trim().startsWith(`Ln ${line},`);
        });
    }

    /** Changes flake.nix as another program would, and waits for what that does. */
    async function breakFlake(part: string, by: string): Promise<void> {
        assert.ok(flake.includes(part));
        writeFileSync(file("flake.nix"), flake.replace(part, by));
        await window.waitForStatus("Nix: previous environment");
    }

    async function mended(picture: string): Promise<void> {
        await window.waitForStatus("Nix: default");
        await until("no problem", noProblems);
        await window.picture(picture);
        assert.equal(readFileSync(file("flake.nix"), "utf8"), flake);
    }

    /** The rows of Problems that are no files, once there are any. */
    function problems(): Promise<string[]> {
        return until("a problem", async () => {
            const rows = await window.page
                .locator(
                    ".markers-panel .monaco-list-row .marker-message-details-container, .markers-panel .monaco-list-row .marker-message-line",
                )
                .allInnerTexts();
            return rows.length > 0 && rows.map((row) => row.replaceAll("\u00a0", " "));
        });
    }

    async function noProblems(): Promise<boolean> {
        const panel = window.page.locator(".markers-panel");
        return (await panel.locator(".monaco-list-row").count()) === 0;
    }

    async function quickFixByKeyboard(title: string): Promise<void> {
        await window.page.keyboard.press("ControlOrMeta+.");
        const item = window.page.locator(".action-widget .monaco-list-row.action", {
            hasText: title,
        });
        await item.waitFor();
        await window.picture(`mending-menu-${title.replace(/\W+/g, "-")}`);
        await until(`“${title}” in focus`, async () => {
            if ((await item.getAttribute("class"))?.includes("focused") === true) return true;
            await window.page.keyboard.press("ArrowDown");
            return false;
        });
        await window.page.keyboard.press("Enter");
    }

    async function quickFixByMouse(word: string, title: string): Promise<void> {
        await window.waitForEditor(word);
        await window.page.locator(".markers-panel .markers-panel-action-quickfix").first().click();
        const item = window.page.locator(".monaco-menu .action-label", { hasText: title });
        await item.waitFor();
        // A menu takes no clicks right after it has opened.
        await until("the end of the menu", async () => {
            await item.click({ timeout: 1_000 }).catch(() => {});
            return (await item.count()) === 0;
        });
    }

    async function save(): Promise<void> {
        await window.page.keyboard.press("ControlOrMeta+S");
    }
});
