import assert from "node:assert/strict";
import { daemonCommand } from "../../../../src/core/nix/daemonCommand";

describe("daemonCommand", () => {
    it("asks what starts services on this machine, and else starts the program", () => {
        assert.match(daemonCommand("darwin", false), /^sudo launchctl .*nix-daemon$/);
        assert.equal(daemonCommand("linux", true), "sudo systemctl start nix-daemon");
        // Not by “&”: in the background sudo could not ask for the password.
        assert.equal(daemonCommand("linux", false), "sudo -b nix-daemon");
    });
});
