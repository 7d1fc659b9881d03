import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { configArguments, flakeConfig } from "../../src/core/flake/flakeConfig";
import { bed, captureOf, inside, suiteFolder, testedNix } from "./bed";

describe("a flake that asks for settings of nix", () => {
    const at = suiteFolder();

    it("does not get them, unless they are accepted", async () => {
        const asked: string[] = [];
        const server = createServer(({ url = "" }, response) => {
            asked.push(url);
            const isInfo = url === "/nix-cache-info";
            response.writeHead(isInfo ? 200 : 404).end(isInfo ? "StoreDir: /nix/store\n" : "");
        });
        await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
        const { port } = server.address() as AddressInfo;
        const { writeFlake, commit } = await bed();
        const folder = await writeFlake(at("asks"), { attributes: { SEEN: "@seen@" } });
        const { readFileSync, writeFileSync } = await import("node:fs");
        const file = `${folder}/flake.nix`;
        const setting = `nixConfig.extra-substituters = [ "http://127.0.0.1:${port}" ];`;
        const flake = readFileSync(file, "utf8").replace("{", `{ ${setting}`);
        const capture = async (seen: string, more: readonly string[]): Promise<void> => {
            // What was built before isn't looked for in any cache.
            const mark = `${seen} ${process.pid} ${Date.now()}`;
            writeFileSync(file, flake.replace("@seen@", mark));
            await commit(folder);
            const none = ["--option", "substituters", ""];
            const nix = await testedNix({ extraArguments: [...none, ...more] });
            const captured = await captureOf(folder, { nix });
            assert.equal(inside(captured).get("SEEN"), mark);
        };
        try {
            await capture("refused", []);
            assert.equal(asked.length, 0);
            const config = await flakeConfig(flake);
            assert.ok(config);
            await capture("accepted", configArguments(config));
            assert.ok(asked.includes("/nix-cache-info"), asked.join());
        } finally {
            server.closeAllConnections();
            server.close();
        }
    });
});
