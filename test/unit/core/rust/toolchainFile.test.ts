import assert from "node:assert/strict";
import { join } from "node:path";
import { readToolchainFile, type ToolchainRequest } from "../../../../src/core/rust/toolchainFile";
import { testFolder } from "../../testFolder";

const NONE: ToolchainRequest = { channel: undefined, components: [], targets: [], path: undefined };

describe("readToolchainFile", () => {
    const folder = testFolder();

    const toml = (text: string): Promise<ToolchainRequest | undefined> =>
        readToolchainFile(folder.write("rust-toolchain.toml", text));
    const legacy = (text: string): Promise<ToolchainRequest | undefined> =>
        readToolchainFile(folder.write("rust-toolchain", text));

    for (const channel of [
        "stable",
        "beta",
        "nightly",
        "1.75",
        "1.75.0",
        "beta-2026-01-10",
        "nightly-2026-06-01",
        "stable-2024-01-01",
        "1.76.0-beta.1",
        "1.75.0-x86_64-unknown-linux-gnu",
        "esp",
    ]) {
        it(`reads the channel ${channel} in both kinds of file`, async () => {
            const expected = { ...NONE, channel };
            assert.deepEqual(await toml(`[toolchain]\nchannel = "${channel}"\n`), expected);
            assert.deepEqual(await legacy(`[toolchain]\nchannel = "${channel}"\n`), expected);
            assert.deepEqual(await legacy(`${channel}\n`), expected);
        });
    }

    it("reads components, targets and a path", async () => {
        assert.deepEqual(
            await toml(
                '[toolchain]\nchannel = "1.75.0"\nprofile = "minimal"\n' +
                    'components = ["rust-src", "rust-analyzer"]\ntargets = ["wasm32-unknown-unknown"]\n',
            ),
            {
                ...NONE,
                channel: "1.75.0",
                components: ["rust-src", "rust-analyzer"],
                targets: ["wasm32-unknown-unknown"],
            },
        );
        assert.deepEqual(await toml('[toolchain]\npath = "/opt/rust"\n'), {
            ...NONE,
            path: "/opt/rust",
        });
    });

    it("reads a legacy channel without a newline, with Windows' newlines and with blanks around it", async () => {
        for (const text of ["1.75.0", "1.75.0\r\n", " 1.75.0 \n"]) {
            assert.equal((await legacy(text))?.channel, "1.75.0", JSON.stringify(text));
        }
    });

    it("reads TOML with Windows' newlines, a byte order mark, comments and other tables", async () => {
        const body = '[toolchain]\nchannel = "1.75.0"\n';
        for (const text of [
            body.replaceAll("\n", "\r\n"),
            `\ufeff${body}`,
            `# a comment\n${body}`,
            `${body}[other]\nx = 1\n`,
            'toolchain.channel = "1.75.0"\n',
            'toolchain = { channel = "1.75.0" }\n',
        ]) {
            assert.equal((await toml(text))?.channel, "1.75.0", JSON.stringify(text));
        }
    });

    it("takes a file without a channel for one that asks for nothing", async () => {
        assert.deepEqual(await toml("[toolchain]\n"), NONE);
        assert.deepEqual(await toml('[toolchain]\ncomponents = ["rustfmt"]\n'), {
            ...NONE,
            components: ["rustfmt"],
        });
    });

    it("skips values of the wrong type", async () => {
        assert.deepEqual(
            await toml('[toolchain]\nchannel = 1.75\ncomponents = "x"\ntargets = [1, "wasm"]\n'),
            { ...NONE, targets: ["wasm"] },
        );
    });

    it("takes what is empty, broken, binary, missing or no file for no toolchain file", async () => {
        assert.equal(await toml(""), undefined);
        assert.equal(await legacy(""), undefined);
        assert.equal(await legacy("\n\n"), undefined);
        assert.equal(await toml("stable\n"), undefined);
        assert.equal(await toml("[toolchain\nchannel ="), undefined);
        assert.equal(await toml('[tools]\nchannel = "1.75.0"\n'), undefined);
        assert.equal(await toml("toolchain = 5\n"), undefined);
        assert.equal(await legacy("stable\n1.75.0\n"), undefined);
        assert.equal(await readToolchainFile(join(folder.path, "gone")), undefined);
        assert.equal(await readToolchainFile(folder.path), undefined);
    });
});
