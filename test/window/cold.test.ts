import assert from "node:assert/strict";
import { readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import { devShellOf, environmentOfProcess, outputIn } from "./machine";

for (const rustup of [false, true]) {
    describe(`a first opening ${rustup ? "with" : "without"} rustup on the machine`, () => {
        const editor = editorForSuite({ rustup });

        it("restarts rust-analyzer once, as the dev shell's own", async () => {
            await openFirst("example", "the dev shell's");
        });

        it("restarts rust-analyzer once, where the dev shell has none", async () => {
            await openFirst("split", "the editor's");
        });

        async function openFirst(
            fixture: string,
            owner: "the dev shell's" | "the editor's",
        ): Promise<void> {
            const { machine } = editor();
            const folder = await (await bed()).instantiate(fixture, join(editor().folder, fixture));
            const shell = await devShellOf(folder, machine);
            const versions = {
                cargo: await outputIn(shell, folder, "cargo", "--version"),
                rustc: await outputIn(shell, folder, "rustc", "--version"),
            };
            const before = machine.serverStarts.length;

            machine.holdNix();
            const window = await editor().open(folder, `${fixture}-profile`);
            await until("the first server", () => machine.serverStarts.length > before);
            await window.waitForStatus("Nix: reading the flake");
            await window.picture(`cold-${fixture}-reading`);
            const outside = environmentOfProcess(machine.serverStarts[before]?.pid ?? 0);
            assert.equal(outside?.get("GREETING"), undefined);
            await window.waitForRustAnalyzer();
            machine.releaseNix();

            await window.waitForStatus("Nix: default");
            const { command, environment: inside } = await editor().serverAfter(before + 1, window);
            assert.equal(inside.get("GREETING"), shell.get("GREETING"));
            const program = await serverOf(command, inside);
            const own = join(shell.get("PATH")?.split(":")[0] ?? "", "rust-analyzer");
            if (owner === "the dev shell's") assert.equal(program, realpathSync(own));
            else assert.match(program, /editor-bin/);

            // What it runs: rustup's proxies, where they are, and else what is on PATH.
            for (const [tool, version] of Object.entries(versions)) {
                const proxy = rustup ? join(machine.home, ".cargo/bin", tool) : tool;
                assert.equal(await outputIn(inside, folder, proxy, "--version"), version);
            }
            await until(`a build by ${versions.rustc}`, () =>
                textOf(join(folder, "target/.rustc_info.json")).includes(versions.rustc),
            );

            const terminal = await window.terminalEnvironment();
            assert.equal(terminal.get("GREETING"), shell.get("GREETING"));
            for (const [tool, version] of Object.entries(versions)) {
                assert.equal((await window.inTerminal(`${tool} --version`)).trim(), version);
            }
            await window.picture(`cold-${fixture}-${rustup ? "with" : "without"}-rustup`);
            const commands = machine.serverStarts.slice(before).map(({ command }) => command);
            assert.equal(commands.length, 2, `servers: ${commands.join(", ")}`);
            await window.close();
        }
    });
}

describe("a first opening where rust-analyzer can't start outside the dev shell", () => {
    const editor = editorForSuite({ brokenServer: true });

    it("ends with rust-analyzer in the dev shell", async () => {
        const { machine } = editor();
        const folder = await (await bed()).instantiate("example", join(editor().folder, "hello"));
        machine.holdNix();
        const window = await editor().open(folder);
        // The client tries it five times.
        await until("a server that was given up", () => machine.serverStarts.length === 5);
        machine.releaseNix();
        await window.waitForStatus("Nix: default");
        await window.waitForNotification("rust-analyzer could not start before the dev shell");
        await window.picture("cold-broken-server");
        const loaded = window.page.waitForEvent("load");
        await window.press("Reload Window");
        await loaded;
        await window.waitForStatus("Nix: default");
        await editor().waitForServer((environment) => environment.get("GREETING") === "Hello");
        await window.waitForRustAnalyzer();
        assert.deepEqual(await window.notifications(), []);
        await window.picture("cold-broken-server-reloaded");
    });
});

/** The program that was started as a server. */
async function serverOf(command: string, env: ReadonlyMap<string, string>): Promise<string> {
    if (command.startsWith("/")) return realpathSync(command);
    return outputIn(env, "/", "which", command);
}

function textOf(file: string): string {
    try {
        return readFileSync(file, "utf8");
    } catch {
        return "";
    }
}
