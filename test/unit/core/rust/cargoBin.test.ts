import assert from "node:assert/strict";
import { join } from "node:path";
import { cargoBin, doubleSubcommands, withCargoBin } from "../../../../src/core/rust/cargoBin";
import type { Change } from "../../../../src/core/environment/change";
import { testFolder } from "../../testFolder";

describe("withCargoBin", () => {
    const folder = testFolder();
    const shell: Change = { op: "prepend", name: "PATH", value: "/shell/bin" };
    const end: Change = { op: "append", name: "PATH", value: "/shell/end" };
    const [first, last]: Change[] = [
        { op: "set", name: "A", value: "1" },
        { op: "set", name: "Z", value: "1" },
    ] as const;
    assert.ok(first && last);

    function base(path = "/usr/bin"): Map<string, string> {
        return new Map([
            ["HOME", folder.path],
            ["PATH", path],
        ]);
    }

    it("puts cargo's folder at the end of PATH, in its place among the changes", () => {
        const bin = folder.folder(".cargo/bin");
        assert.deepEqual(withCargoBin([first, shell, last], base()), [
            first,
            shell,
            { op: "append", name: "PATH", value: bin },
            last,
        ]);
    });

    it("comes after what the dev shell appends", () => {
        const bin = folder.folder(".cargo/bin");
        assert.deepEqual(withCargoBin([shell, end], base()), [
            shell,
            { op: "append", name: "PATH", value: `/shell/end:${bin}` },
        ]);
    });

    it("changes nothing where PATH has it, or where it does not exist", () => {
        assert.deepEqual(withCargoBin([shell], base()), [shell]);
        const bin = folder.folder(".cargo/bin");
        assert.deepEqual(withCargoBin([shell], base(`/usr/bin:${bin}`)), [shell]);
        assert.deepEqual(withCargoBin([shell], new Map([["PATH", "/usr/bin"]])), [shell]);
    });

    it("goes by the dev shell's CARGO_HOME", () => {
        folder.folder(".cargo/bin");
        const own = folder.folder("own/bin");
        const home: Change = { op: "set", name: "CARGO_HOME", value: join(folder.path, "own") };
        assert.deepEqual(withCargoBin([home, shell], base()).at(-1), {
            op: "append",
            name: "PATH",
            value: own,
        });
        assert.equal(cargoBin(new Map([["CARGO_HOME", ""]]), "/home/me"), "/home/me/.cargo/bin");
    });
});

describe("doubleSubcommands", () => {
    const folder = testFolder();

    it("are those that both have, without rustup's proxies", () => {
        for (const name of ["cargo-clippy", "cargo-audit", "cargo-mine", "audit", "rustup"]) {
            folder.script(`cargo/${name}`, "");
        }
        for (const name of ["cargo-clippy", "cargo-audit", "audit"])
            folder.script(`sh/${name}`, "");
        const [cargo, sh] = [join(folder.path, "cargo"), join(folder.path, "sh")];
        assert.deepEqual(doubleSubcommands(cargo, [sh]), ["cargo-audit"]);
        folder.remove("cargo/rustup");
        assert.deepEqual(doubleSubcommands(cargo, [sh]).sort(), ["cargo-audit", "cargo-clippy"]);
        assert.deepEqual(doubleSubcommands(join(folder.path, "missing"), [sh]), []);
    });
});
