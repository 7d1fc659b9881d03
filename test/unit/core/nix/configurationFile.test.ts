import assert from "node:assert/strict";
import { configurationPlace } from "../../../../src/core/nix/configurationFile";
import { testFolder } from "../../testFolder";

describe("configurationPlace", () => {
    const folder = testFolder();

    it("is the line that nix complained about, in the file that it named", () => {
        folder.write("nix.conf", "max-jobs = 4\nfoo\n");
        const file = `${folder.path}/nix.conf`;
        const detail = `syntax error in configuration line 'foo' in '${file}'`;
        assert.deepEqual(configurationPlace(new Map(), "/home/me", { subject: "foo", detail }), {
            file,
            line: 1,
        });
    });

    it("is the user's own file where nix named none, in the folder that they have it in", () => {
        const env = new Map([["XDG_CONFIG_HOME", `${folder.path}/config`]]);
        folder.write("config/nix/nix.conf", "sandbox = perhaps\n");
        const place = configurationPlace(env, "/home/me", { subject: "sandbox", detail: "" });
        assert.deepEqual(place, { file: `${folder.path}/config/nix/nix.conf`, line: 0 });
    });
});
