import assert from "node:assert/strict";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bed } from "./bed";
import { editorForSuite } from "./editor";
import { rustProject } from "./projects";

for (const trust of ["ask", false] as const) {
    const mode = trust === "ask" ? "the answer no" : "restricted mode";
    describe(`a folder that is not trusted: ${mode}`, () => {
        const editor = editorForSuite({ trust });

        it("runs nothing, and is entered when it is trusted", async () => {
            const trace = join(editor().folder, "the-hook-ran");
            const folder = await rustProject(join(editor().folder, "stranger"), {
                attributes: { GREETING: "Hello from a stranger" },
                hook: `echo > '${trace}'`,
            });
            const window = await editor().open(folder);
            await (await bed()).distrustFolder(window.page);
            await window.open("flake.nix");
            await window.open("main.rs");
            writeFileSync(join(folder, "src/main.rs"), "fn main() { }\n");
            await window.waitForEditor("fn main() { }");
            await window.picture(`not-trusted-${String(trust)}`);
            const commands = await window.search("Nix: Enter Dev Shell");
            assert.ok(!commands.some((command) => command.startsWith("Nix")), commands.join());
            await window.page.keyboard.press("Escape");
            assert.equal(await window.status(), undefined);
            assert.deepEqual(editor().machine.nixCalls.started, []);
            assert.deepEqual(editor().machine.serverStarts, []);
            assert.equal(existsSync(trace), false);

            await window.trust();
            await window.waitForStatus("Nix: default");
            assert.ok(existsSync(trace));
            const environment = await window.terminalEnvironment();
            assert.equal(environment.get("GREETING"), "Hello from a stranger");
            await window.picture(`trusted-${String(trust)}`);
        });
    });
}
