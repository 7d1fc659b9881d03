import assert from "node:assert/strict";
import {
    chownSync,
    existsSync,
    mkdirSync,
    readdirSync,
    readFileSync,
    writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { bed, until, type Flake } from "./bed";
import { editorForSuite } from "./editor";
import { rustProject } from "./projects";
import type { EditorWindow } from "./window";

/** Somebody who has no account and no process. */
const OTHER_USER = 54_321;

describe("a failure that is the machine's", () => {
    const editor = editorForSuite({ rustAnalyzer: false });
    let window: EditorWindow;

    before(async () => {
        window = await editor().open(undefined);
    });
    afterEach(() => configureNix(""));

    it("in nix.conf is shown at its line", async () => {
        configureNix("warn-dirty = false\nthis is no setting\n");
        await openAndAsk("configuration", {});
        await window.press("Open nix.conf");
        await window.waitForEditor("this is no setting");
        await window.waitForTab("nix.conf");
        await window.waitForLine(2);
        await window.picture("machine-configuration");
    });

    it("in a build has the builder's log opened, as far as nix has it", async () => {
        const { oddFlakes } = await bed();
        await openAndAsk("build", oddFlakes["fails-to-build"]);
        await window.press("Show Build Log");
        const text = await window.waitForEditor("second line");
        assert.match(text, /^first line\nsecond line/);
        await window.waitForTab("broken-dependency.log");
        await window.picture("machine-build-log");
    });

    it("that a full disk is offers to make room, and deletes nothing without a yes", async () => {
        await openAndAsk("full", {
            expression: `{
                FULL = derivation {
                    name = "large";
                    inherit system;
                    builder = bash;
                    args = [ "-c" "echo > $out; echo large > /dev/full" ];
                };
            }`,
        });
        await window.press("Free Disk Space");
        const said = await window.dialog();
        assert.match(said, /Delete the packages in the Nix store that nothing uses\?/);
        assert.match(said, /GB are free on the disk of \/nix/);
        await window.picture("machine-disk");
        await window.answer("Cancel");
        const calls = editor().machine.nixCalls.started;
        assert.ok(!calls.some((call) => /\b(?:gc|collect-garbage)\b/.test(call)), calls.join("\n"));
        await window.waitForStatus("Nix: failed");
    });

    it("that a flake needs the machine is mended by allowing that", async () => {
        const file = join(editor().folder, "of-the-machine");
        writeFileSync(file, "Hello from outside");
        await openAndAsk("impure", {
            expression: `{ GREETING = builtins.readFile ${JSON.stringify(file)}; }`,
        });
        await window.press("Allow Impure Evaluation");
        assert.match(await window.dialog(), /Allow impure evaluation\?.*nixRust\.extraArguments/s);
        await window.picture("machine-impure");
        await window.answer("Allow on This Machine");
        await window.waitForStatus("Nix: default");
        const seen = await window.terminalEnvironment();
        assert.equal(seen.get("GREETING"), "Hello from outside");
    });

    it("that a repository belongs to somebody else is mended by trusting it in Git", async function () {
        if (process.getuid?.() !== 0) {
            console.log("      skipped: only root can give files away");
            this.skip();
        }
        await openAndAsk("theirs", {}, (folder) => {
            const all = readdirSync(folder, { recursive: true, encoding: "utf8" });
            for (const file of ["", ...all]) chownSync(join(folder, file), OTHER_USER, OTHER_USER);
        });
        await window.press("Trust Folder in Git");
        assert.match(await window.dialog(), /git config --global --add safe\.directory .*theirs/);
        await window.picture("machine-git");
        await window.answer("Trust It in Git");
        await window.waitForStatus("Nix: default");
        const configuration = readFileSync(join(editor().machine.home, ".gitconfig"), "utf8");
        assert.match(configuration, /directory = .*\/theirs\n/);
    });

    it("that nobody answers for the daemon has the command that starts it in a terminal", async function () {
        if (existsSync("/nix/var/nix/daemon-socket/socket")) {
            console.log("      skipped: this machine has a daemon");
            this.skip();
        }
        configureNix("store = daemon\n");
        await openAndAsk("daemon", {});
        await window.press("Start Nix Daemon");
        await window.waitForNotification(
            "The command that starts the Nix daemon is in the terminal",
        );
        // It is typed, and waits for the user's Enter.
        await until("the command", async () =>
            /sudo .*nix-daemon/.test(await window.terminalText()),
        );
        await window.picture("machine-daemon");
    });

    /** Opens a folder that can't be entered, and asks for it, which tells why. */
    async function openAndAsk(
        name: string,
        flake: Flake | undefined,
        prepare: (folder: string) => void = () => {},
    ): Promise<void> {
        const folder = await rustProject(join(editor().folder, name), flake);
        prepare(folder);
        await window.goTo(folder);
        await window.waitForStatus("Nix: failed");
        await window.run("Nix: Enter Dev Shell");
        await until("what went wrong, and nothing else", async () => {
            const [shown, ...others] = await window.notifications();
            return shown?.buttons.includes("Show Log") && others.length === 0;
        });
        await window.picture(`machine-${name}-told`);
    }

    function configureNix(text: string): void {
        const folder = join(editor().machine.home, ".config/nix");
        mkdirSync(folder, { recursive: true });
        writeFileSync(join(folder, "nix.conf"), text);
    }
});
