import assert from "node:assert/strict";
import { join } from "node:path";
import { lookAtNix, type NixFacts } from "../../src/core/doctor/nixFacts";
import { nixFindings } from "../../src/core/doctor/nixFindings";
import { run } from "../../src/core/process";
import { base, isOlderThan, nixFolder } from "./bed";

describe("a look at the nix of the machine", () => {
    async function look(configuration: string): Promise<NixFacts> {
        return lookAtNix({
            configured: join(await nixFolder(), "nix"),
            env: new Map([...base, ["NIX_CONFIG", configuration]]),
            home: "/nowhere",
            untrusted: [],
            run,
            signal: undefined,
            patience: 60_000,
        });
    }

    it("finds its version and a store of a single user", async () => {
        const { version, store } = await look("");
        assert.ok(version !== undefined && "implementation" in version);
        assert.equal(version.implementation, "nix");
        assert.ok(store !== undefined && "address" in store);
        assert.equal(store.address, "local");
        const found = nixFindings(await look("")).map(({ summary }) => summary);
        assert.equal(
            found.some((summary) => summary.includes("too old for current nixpkgs")),
            await isOlderThan(2, 18),
        );
    });

    const FEATURES: readonly [string, NixFacts["features"]][] = [
        ["", { command: false, flakes: false }],
        ["experimental-features = nix-command", { command: true, flakes: false }],
        ["experimental-features = flakes", { command: false, flakes: true }],
        ["experimental-features = nix-command flakes", { command: true, flakes: true }],
    ];
    for (const [configuration, expected] of FEATURES) {
        it(`sees which features the user has on with “${configuration}”`, async () => {
            assert.deepEqual((await look(configuration)).features, expected);
        });
    }
});
