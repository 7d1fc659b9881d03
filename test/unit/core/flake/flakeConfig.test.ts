import assert from "node:assert/strict";
import { configArguments, configText, flakeConfig } from "../../../../src/core/flake/flakeConfig";

const FLAKE = `{
  nixConfig = {
    extra-substituters = [ "https://cache.example.org" "https://two.example.org" ];
    extra-trusted-public-keys = "cache.example.org-1:AAAA=";
    sandbox = false;
    bash-prompt = "nix$ ";
  };
  outputs = { self }: { };
}`;

describe("flakeConfig", () => {
    it("has the settings in full, with what they can do", async () => {
        const config = await flakeConfig(FLAKE);
        assert.ok(config);
        assert.equal(
            configText(config),
            [
                "extra-substituters = https://cache.example.org https://two.example.org",
                "    This takes ready-made packages from another server.",
                "extra-trusted-public-keys = cache.example.org-1:AAAA=",
                "    This trusts packages that this key signed, whatever is in them.",
                "sandbox = false",
                "    This lets builds see and change this machine.",
            ].join("\n"),
        );
        assert.deepEqual(configArguments(config).slice(-3), ["--option", "sandbox", "false"]);
    });

    it("is another one when any value changes, and the same when only the rest does", async () => {
        const config = await flakeConfig(FLAKE);
        const other = await flakeConfig(FLAKE.replace("AAAA", "BBBB"));
        const same = await flakeConfig(`${FLAKE.replace("self", "self, ...")}\n# More.`);
        assert.notEqual(other?.digest, config?.digest);
        assert.equal(same?.digest, config?.digest);
    });

    it("is none where a flake asks for nothing that needs a decision", async () => {
        assert.equal(await flakeConfig("{ outputs = { self }: { }; }"), undefined);
        assert.equal(await flakeConfig("{ nixConfig.bash-prompt = ''x''; }"), undefined);
        assert.equal(await flakeConfig("nixConfig"), undefined);
    });

    it("reads settings that are written one by one", async () => {
        const config = await flakeConfig('{ nixConfig.max-jobs = 4; nixConfig."a" = "b"; }');
        assert.deepEqual(
            config?.settings.map(({ name, value }) => [name, value]),
            [
                ["max-jobs", "4"],
                ["a", "b"],
            ],
        );
    });
});
