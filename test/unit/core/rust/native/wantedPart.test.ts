import assert from "node:assert/strict";
import { missingParts } from "../../../../../src/core/rust/native/buildFailure";
import { wantedParts, wantedPartsIn } from "../../../../../src/core/rust/native/wantedPart";

describe("what a command is asked to add", () => {
    it("is what a build did not find", () => {
        const parts = wantedParts(missingParts("No package 'x11' found"));
        assert.deepEqual(parts, [
            { attribute: "pkg-config", kind: "nativeBuildInputs", name: "x11.pc" },
            { attribute: "xorg.libX11", kind: "buildInputs", name: "x11.pc" },
        ]);
        assert.deepEqual(wantedPartsIn(parts), parts);
    });

    it("is nothing that is no package", () => {
        const part = { attribute: "openssl", kind: "buildInputs", name: "-lssl" };
        assert.deepEqual(wantedPartsIn([{ ...part, name: 1 }]), [{ ...part, name: "" }]);
        for (const wrong of [
            undefined,
            "openssl",
            [undefined, 1, "x"],
            [{ ...part, attribute: "openssl ]; evil = [" }],
            [{ ...part, attribute: 1 }],
            [{ ...part, kind: "shellHook" }],
        ]) {
            assert.deepEqual(wantedPartsIn(wrong), []);
        }
    });
});
