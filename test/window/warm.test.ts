import assert from "node:assert/strict";
import { realpathSync } from "node:fs";
import { join } from "node:path";
import { bed, until } from "./bed";
import { editorForSuite } from "./editor";
import { devShellOf, environmentOfProcess } from "./machine";
import type { EditorWindow } from "./window";

const OPENINGS = 10;

describe("a window that opens again", () => {
    const editor = editorForSuite();
    let folder: string;
    let window: EditorWindow;
    let coldStarts = 0;
    let shell: ReadonlyMap<string, string>;

    before(async () => {
        folder = await (await bed()).instantiate("example", join(editor().folder, "hello"));
        shell = await devShellOf(folder, editor().machine);
        window = await editor().open(folder);
        await window.waitForStatus("Nix: default");
        await until("the server in the dev shell", () => serverIsInside(lastStart()));
        await window.waitForRustAnalyzer();
        // Both extensions remember it, and the browser writes one after the other.
        await window.waitForMemory('"extensionConfigurations":{"nix-rust.nix-rust":{"');
        await window.waitForMemory("server.path");
        coldStarts = editor().machine.serverStarts.length;
    });

    it(`starts rust-analyzer in the dev shell at once, ${OPENINGS} times of ${OPENINGS}`, async () => {
        for (let i = 1; i <= OPENINGS; i++) await openAndLook(`opening ${i}`);
        await window.picture("warm");
        await window.open("main.rs");
        await window.waitForMemory("main.rs");
    });

    it(`so it does with a Rust file open, ${OPENINGS} times of ${OPENINGS}`, async () => {
        for (let i = 1; i <= OPENINGS; i++) {
            await openAndLook(`opening ${i}`);
            assert.deepEqual(await window.tabs(), ["main.rs"]);
        }
        await window.picture("warm-with-rust-file");
    });

    it("and never more than once", async () => {
        assert.equal(editor().machine.serverStarts.length - coldStarts, 2 * OPENINGS);
    });

    /** Opens the folder, waits until all that an opening brings is over, and looks what there was. */
    async function openAndLook(name: string): Promise<void> {
        const { machine } = editor();
        const before = machine.serverStarts.length;
        const asked = machine.nixCalls.started.length;
        await window.goTo(folder);
        await until("the start of a server", () => machine.serverStarts.length > before);
        const environment = environmentOfProcess(machine.serverStarts[before]?.pid ?? 0);
        await window.waitForStatus("Nix: default");
        await until("nix's verification", () => machine.nixCalls.started.length > asked);
        await editor().nixIsIdle();
        await window.waitForRustAnalyzer();

        const starts = machine.serverStarts.slice(before);
        assert.equal(starts.length, 1, `${name}: the server started ${starts.length} times`);
        assert.equal(environment?.get("GREETING"), "Hello", name);
        const [tools = ""] = shell.get("PATH")?.split(":") ?? [];
        assert.equal(environment.get("PATH")?.split(":")[0], tools, name);
        assert.equal(environment.get("RUSTUP_TOOLCHAIN"), join(tools, ".."), name);
        assert.ok(serverIsInside(starts[0]), `${name}: the server is ${starts[0]?.command}`);
    }

    function lastStart(): { command: string } | undefined {
        return editor().machine.serverStarts.at(-1);
    }

    /** Whether the server is the dev shell's own program. */
    function serverIsInside(start: { command: string } | undefined): boolean {
        const [tools = ""] = shell.get("PATH")?.split(":") ?? [];
        if (start === undefined || !start.command.startsWith("/")) return false;
        return realpathSync(start.command) === realpathSync(join(tools, "rust-analyzer"));
    }
});
