import assert from "node:assert/strict";
import { findRustupSettings, rustupSettingsIn } from "../../../../src/core/flake/rustupToolchain";
import { testFolder } from "../../testFolder";

/** The text without what is to be removed. */
async function removed(text: string): Promise<string> {
    const settings = (await rustupSettingsIn(text)).toReversed();
    return settings.reduce(
        (rest, { removal }) =>
            removal === undefined ? rest : rest.slice(0, removal.from) + rest.slice(removal.to),
        text,
    );
}

describe("rustupSettingsIn", () => {
    it("finds a binding, however it is written", async () => {
        for (const binding of [
            'RUSTUP_TOOLCHAIN = "1.75.0";',
            "RUSTUP_TOOLCHAIN = rustToolchain.version;",
            'env.RUSTUP_TOOLCHAIN = "stable";',
            '"RUSTUP_TOOLCHAIN" = "stable";',
            "RUSTUP_TOOLCHAIN = (fromTOML (builtins.readFile ./a.toml)).channel;",
        ]) {
            const found = await rustupSettingsIn(`{\n    a = 1;\n    ${binding}\n}\n`);
            assert.deepEqual(
                found.map(({ line, text }) => [line, text]),
                [[3, binding]],
            );
        }
    });

    it("removes the whole line, and no other", async () => {
        const text =
            '{\n    env = {\n        A = "1";\n        RUSTUP_TOOLCHAIN = "1.75.0"; # quiet\n        B = "2";\n    };\n}\n';
        assert.equal(
            await removed(text),
            '{\n    env = {\n        A = "1";\n        B = "2";\n    };\n}\n',
        );
    });

    it("removes no more than the binding from a line that has others", async () => {
        const text = 'mkShell { A = "1"; RUSTUP_TOOLCHAIN = "1"; B = "2"; }';
        assert.equal(await removed(text), 'mkShell { A = "1";  B = "2"; }');
    });

    it("removes a binding of several lines", async () => {
        const text = "{\n  RUSTUP_TOOLCHAIN =\n    rust.version;\n  B = 2;\n}\n";
        assert.equal(await removed(text), "{\n  B = 2;\n}\n");
    });

    it("finds one in a script, and leaves its removal to the user", async () => {
        const text =
            "{\n    shellHook = ''\n        echo hello\n        export RUSTUP_TOOLCHAIN=1.75.0\n    '';\n}\n";
        assert.deepEqual(await rustupSettingsIn(text), [
            { line: 4, text: "export RUSTUP_TOOLCHAIN=1.75.0", removal: undefined },
        ]);
    });

    it("takes neither comments nor other names for it, nor fails on broken text", async () => {
        assert.deepEqual(await rustupSettingsIn('{\n# RUSTUP_TOOLCHAIN = "1";\nA = 1;\n}'), []);
        assert.deepEqual(await rustupSettingsIn('{ MY_RUSTUP_TOOLCHAIN = "1"; }'), []);
        assert.deepEqual(await rustupSettingsIn('{ a = "RUSTUP_TOOLCHAIN matters"; }'), []);
        assert.deepEqual(await rustupSettingsIn(""), []);
        await rustupSettingsIn('{ RUSTUP_TOOLCHAIN = "');
    });
});

describe("findRustupSettings", () => {
    const folder = testFolder();

    it("looks into the files that the flake imports", async () => {
        const flake = folder.write("flake.nix", "{ outputs = _: import ./nix/shell.nix; }\n");
        const shell = folder.write("nix/shell.nix", '{\n  RUSTUP_TOOLCHAIN = "1.75.0";\n}\n');
        const found = await findRustupSettings(flake);
        assert.deepEqual(
            found.map(({ file, line }) => [file, line]),
            [[shell, 2]],
        );
    });

    it("finds nothing in a flake that is gone", async () => {
        assert.deepEqual(await findRustupSettings(`${folder.path}/missing.nix`), []);
    });
});
