import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { lookAtNix, type NixFacts } from "../../../../src/core/doctor/nixFacts";
import { run } from "../../../../src/core/process";
import { testFolder } from "../../testFolder";

describe("lookAtNix", () => {
    const folder = testFolder();

    /** Looks at a nix that is a script, on a PATH that has little else. */
    async function lookAt(body: string, parts: { patience?: number; PATH?: string } = {}) {
        const nix = folder.script("bin/nix", body);
        const found = await lookAtNix({
            configured: nix,
            env: new Map([["PATH", parts.PATH ?? "/usr/bin:/bin"]]),
            home: folder.path,
            untrusted: [],
            run,
            signal: undefined,
            patience: parts.patience ?? 30_000,
        });
        return found;
    }

    /** A fake that answers as nix does; for faults and daemons, which the tests' nix has none of. */
    const fakeNix = (config: string, ping: string): string => `
        case "$*" in
            --version) echo "nix (Nix) 2.34.8";;
            show-config) echo "error: nix-command is disabled" >&2; exit 1;;
            *show-config) printf '%s\\n' ${config};;
            *ping) ${ping};;
        esac`;

    it("reads the user's configuration, and which features are on", async () => {
        const found = await lookAt(
            fakeNix("'experimental-features = nix-command flakes'", "echo 'Store URL: daemon'"),
        );
        assert.deepEqual(found.features, { command: false, flakes: true });
        assert.deepEqual(found.store, { address: "daemon", isTrusted: undefined });
        assert.deepEqual(found.caches, []);
    });

    it("knows whom the daemon trusts, by what it says or by its configuration", async () => {
        const trusted = async (config: string, told = ""): Promise<unknown> => {
            const ping = `printf '%s\\n' 'Store URL: daemon' '${told}' >&2`;
            const { store } = await lookAt(fakeNix(`'${config}'`, ping));
            return store !== undefined && "isTrusted" in store && store.isTrusted;
        };
        assert.equal(await trusted("trusted-users = nobody-else", "Trusted: 1"), true);
        assert.equal(await trusted("trusted-users = *", "Trusted: 0"), false);
        assert.equal(await trusted("trusted-users = *"), true);
        assert.equal(await trusted("trusted-users = nobody-else @no-such-group"), false);
    });

    it("tries the binary caches, and waits for none that is gone", async () => {
        const server = createServer((_, response) => response.writeHead(404).end());
        await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
        const { port } = server.address() as AddressInfo;
        const addresses = [`http://127.0.0.1:${port}`, "http://127.0.0.1:1/", "file:///cache"];
        const { caches } = await lookAt(
            fakeNix(`'substituters = ${addresses.join(" ")}'`, "echo 'Store URL: local'"),
        );
        server.close();
        assert.deepEqual(
            caches.map(({ address, isReachable }) => [address, isReachable]),
            [
                [addresses[0], true],
                [addresses[1], false],
                [addresses[2], undefined],
            ],
        );
    });

    it("tells why the store can't be used, in the words of failures", async () => {
        const { store } = await lookAt(
            fakeNix(
                "''",
                "echo \"error: cannot connect to socket at '/nix/var/nix/daemon-socket/socket': Connection refused\" >&2; exit 1",
            ),
        );
        assert.ok(store !== undefined && "kind" in store);
        assert.equal(store.kind, "daemon-down");
    });

    it("does not wait for a nix that hangs, and leaves none behind", async () => {
        const found = await lookAt("exec sleep 98764", { patience: 300 });
        assert.ok(found.version !== undefined && "kind" in found.version);
        assert.equal(found.features, undefined);
        assert.ok(found.store !== undefined && "kind" in found.store);
    });

    it("finds a nix by its profile, and says that PATH does not lead there", async () => {
        const onPath = async (PATH: string): Promise<NixFacts> =>
            lookAt(fakeNix("''", "true"), { PATH });
        assert.equal((await onPath("/usr/bin:/bin")).isOnPath, false);
        assert.equal((await onPath(`${folder.path}/bin:/usr/bin:/bin`)).isOnPath, true);
    });

    it("is done at once where there is none", async () => {
        const found = await lookAtNix({
            configured: `${folder.path}/missing`,
            env: new Map(),
            home: folder.path,
            untrusted: [],
            run,
            signal: undefined,
            patience: 1,
        });
        assert.equal(found.executable, undefined);
    });
});
