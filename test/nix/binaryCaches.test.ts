import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { SILENT, type Log } from "../../src/core/log";
import { captureOf, inside, repository, suiteFolder, testedNix } from "./bed";

/** Serves an empty binary cache, or nothing at all, while `use` runs. */
async function withCache<T>(
    kind: "empty" | "closed",
    use: (address: string, asked: readonly string[]) => Promise<T>,
): Promise<T> {
    const asked: string[] = [];
    const server = createServer((request, response) => {
        asked.push(request.url ?? "");
        const isInfo = request.url === "/nix-cache-info";
        response.writeHead(isInfo ? 200 : 404).end(isInfo ? "StoreDir: /nix/store\n" : "");
    });
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as AddressInfo;
    const close = (): Promise<void> =>
        new Promise((closed) => {
            server.close(() => closed());
            server.closeAllConnections();
        });
    if (kind === "closed") await close();
    try {
        return await use(`http://127.0.0.1:${port}`, asked);
    } finally {
        if (kind === "empty") await close();
    }
}

describe("binary caches", () => {
    const at = suiteFolder();

    const capturing = async (name: string, caches: readonly string[]): Promise<string> => {
        // What was built before isn't looked for in any cache.
        const seen = `${name} ${process.pid} ${Date.now()}`;
        const folder = await repository(at(name), { attributes: { SEEN: seen } });
        let logged = "";
        const log: Log = { ...SILENT, info: (line) => void (logged += `${line}\n`) };
        const extraArguments = ["--option", "substituters", caches.join(" ")];
        const nix = await testedNix({ log, extraArguments });
        const captured = await captureOf(folder, { nix });
        assert.equal(inside(captured).get("SEEN"), seen);
        return logged;
    };

    it("that can't be reached are done without", async () => {
        await withCache("closed", async (closed) => {
            const logged = await capturing("closed", [closed]);
            assert.match(logged, /No binary cache can be reached/);
        });
    });

    it("that have nothing are asked", async () => {
        await withCache("empty", async (empty, asked) => {
            const logged = await capturing("empty", [empty]);
            assert.ok(asked.includes("/nix-cache-info"), asked.join());
            assert.doesNotMatch(logged, /No binary cache can be reached/);
        });
    });

    it("are asked where one of several can be reached", async () => {
        await withCache("closed", async (closed) =>
            withCache("empty", async (empty, asked) => {
                const logged = await capturing("several", [closed, empty]);
                assert.ok(
                    asked.some((path) => path.endsWith(".narinfo")),
                    asked.join(),
                );
                assert.doesNotMatch(logged, /No binary cache can be reached/);
            }),
        );
    });
});
