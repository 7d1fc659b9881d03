import assert from "node:assert/strict";
import type { Pin } from "../../../../src/core/rust/channel";
import { toolchainFileProblems } from "../../../../src/core/rust/toolchainFileProblems";
import type {
    ToolchainFile,
    ToolchainFileProblem,
} from "../../../../src/core/rust/toolchainProblem";
import { toolchainReader, type ToolchainReader } from "../../../../src/core/rust/toolchainReader";
import type { TextFix } from "../../../../src/core/textFix";
import { readRepositoryFile } from "../../repository";
import { at175, channel, nameOfRow, table, TOOLCHAIN_FILES as ROWS } from "./toolchainFiles";

/** When the rust-overlay of the recorded rows is from, and when they were recorded. */
const PIN: Pin = { at: Date.UTC(2026, 7, 22), now: Date.UTC(2026, 7, 25) };

/** Where no replacement can be known: these need a decision. */
const WITHOUT_FIX = ["toml-dev", "toml-path"];

function file(text: string, overrides: Partial<ToolchainFile> = {}): ToolchainFile {
    const name = "rust-toolchain.toml";
    return { name, text, reader: "rust-overlay", hasBoth: false, pin: PIN, ...overrides };
}

function applied(text: string, { edits }: TextFix): string {
    return [...edits]
        .sort((a, b) => b.from - a.from)
        .reduce(
            (result, { from, to, text: by }) => result.slice(0, from) + by + result.slice(to),
            text,
        );
}

async function problemsIn(
    text: string,
    overrides: Partial<ToolchainFile> = {},
): Promise<ToolchainFileProblem[]> {
    return toolchainFileProblems(file(text, overrides));
}

describe("toolchainFileProblems", () => {
    const recorded = JSON.parse(readRepositoryFile("test/fixtures/toolchain-files.json")) as Record<
        string,
        { nix28: string }
    >;

    it("is tried on every recorded file", () => {
        assert.deepEqual(Object.keys(ROWS).sort(), Object.keys(recorded).sort());
    });

    for (const [row, text] of Object.entries(ROWS)) {
        const name = nameOfRow(row);
        const isRefused = recorded[row]?.nix28.startsWith("THROWS") === true;

        it(`${isRefused ? "reports" : "accepts"} ${row}, as rust-overlay does`, async () => {
            const problems = await problemsIn(text, { name });
            const errors = problems.filter(({ severity }) => severity === "error");
            assert.equal(errors.length > 0, isRefused, JSON.stringify(problems));
        });

        if (!isRefused) continue;
        it(`mends ${row} by each of its fixes`, async () => {
            const problems = await problemsIn(text, { name });
            const fixes = problems.flatMap((problem) => problem.fixes);
            assert.equal(fixes.length === 0, WITHOUT_FIX.includes(row));
            for (const fix of fixes) {
                const after = applied(text, fix);
                const left = await problemsIn(after, { name });
                // A list that has become empty, or a channel that has become known, may do.
                assert.ok(left.length < problems.length, `${fix.title}: ${after}`);
            }
        });
    }

    /** The marked text, and the message. */
    const seen = async (text: string, overrides: Partial<ToolchainFile> = {}): Promise<string[]> =>
        (await problemsIn(text, overrides)).map(
            ({ from, to, message }) => `${text.slice(from, to)}: ${message}`,
        );

    it("marks the very word", async () => {
        const text = at175('components = ["rust-src", "rustfm"] # "rustfm"', 'profile = "minimal"');
        const [problem, ...others] = await problemsIn(text);
        assert.deepEqual(others, []);
        assert.equal(text.slice(problem?.from, problem?.to), '"rustfm"');
        assert.equal(problem?.from, text.indexOf('"rustfm"'));
        assert.deepEqual(
            problem.fixes.map(({ title }) => title),
            ["Replace by “rustfmt”"],
        );
    });

    it("moves a target out of the components", async () => {
        const text = at175(
            'components = ["rust-std-wasm32-unknown-unknown", "clippy"]',
            "targets = [",
            '    "x86_64-unknown-linux-musl", # static',
            "]",
        );
        const [problem] = await problemsIn(text);
        const [fix] = problem?.fixes ?? [];
        assert.ok(fix);
        assert.equal(
            applied(text, fix),
            at175(
                'components = ["clippy"]',
                "targets = [",
                '    "x86_64-unknown-linux-musl", "wasm32-unknown-unknown", # static',
                "]",
            ),
        );
    });

    it("says what a version that is newer than the pinned input needs", async () => {
        const pin = { at: Date.UTC(2024, 0, 1), now: PIN.now };
        const [problem] = await problemsIn(channel("1.80.0"), { pin });
        assert.equal(problem?.needsUpdate, true);
        assert.match(problem.message, /2024-01-01/);
        assert.deepEqual(await problemsIn(channel("1.75.0"), { pin }), []);
        const [nightly] = await problemsIn(channel("nightly-2024-05-01"), { pin });
        assert.equal(nightly?.needsUpdate, true);
    });

    it("claims nothing about names that a later Rust may have", async () => {
        const text = table(
            'channel = "1.120"',
            'components = ["wonderful"]',
            'targets = ["z80-none"]',
        );
        const pin = { at: Date.UTC(2030, 0, 1), now: Date.UTC(2030, 0, 1) };
        assert.deepEqual(await problemsIn(text, { pin }), []);
        const near = table('channel = "nightly"', 'components = ["rustfm", "wonderful"]');
        assert.deepEqual(
            (await problemsIn(near, { pin })).map(({ from, to }) => near.slice(from, to)),
            ['"rustfm"'],
        );
    });

    it("reports TOML that can't be read, with the place", async () => {
        const text = '[toolchain]\nchannel = "1.75.0\ncomponents = []\n';
        const [problem] = await problemsIn(text);
        assert.match(problem?.message ?? "", /not valid TOML/);
        assert.equal(text.slice(0, problem?.from).split("\n").length, 2);
        assert.equal((await problemsIn('[toolchain]\nchannel = "a"\nchannel = "b"\n')).length, 1);
    });

    it("reports a value of another type than is read", async () => {
        assert.match((await seen("[toolchain]\nchannel = 1.75\n"))[0] ?? "", /^1\.75: .*in quotes/);
        assert.match((await seen(at175('components = "clippy"')))[0] ?? "", /^"clippy": .*list/);
        assert.match((await seen(at175("targets = [1]")))[0] ?? "", /^1: .*quotes/);
        assert.match((await seen(at175("profile = 1")))[0] ?? "", /^1: .*quotes/);
        assert.match((await seen("toolchain = 1\n# one\n"))[0] ?? "", /is missing/);
        assert.match((await seen("[[toolchain]]\nchannel = '1'\n"))[0] ?? "", /is missing/);
    });

    it("knows misspelt keys and sections", async () => {
        const [key] = await problemsIn('[toolchain]\nchanel = "stable"\n');
        assert.deepEqual(key?.fixes[0]?.edits[0]?.text, "channel");
        const [section] = await problemsIn('[toolchian]\nchannel = "stable"\n');
        assert.deepEqual(section?.fixes[0]?.edits[0]?.text, "[toolchain]");
    });

    it("tells of the file that rustup ignores for the other one", async () => {
        const both = { hasBoth: true };
        assert.match((await seen(at175(), both))[0] ?? "", /\[toolchain\]: rustup ignores this/);
        assert.deepEqual(await seen("stable\n", { ...both, name: "rust-toolchain" }), []);
    });

    describe("without a flake that reads the file", () => {
        const reader: ToolchainReader = "rustup";

        it("leaves alone what rustup takes", async () => {
            const rows = [
                channel("1.75.0-x86_64-unknown-linux-gnu"),
                channel("esp"),
                channel("stable-2024-01-01"),
                channel("1.28.0"),
                table('path = "/opt/rust"'),
                table('components = ["rustfmt"]'),
                at175('components = ["rust-std-wasm32-unknown-unknown"]'),
                at175("foo = 1"),
                'toolchain.channel = "1.75.0"\n',
            ];
            for (const text of rows) assert.deepEqual(await seen(text, { reader }), [], text);
            const legacy = { reader, name: "rust-toolchain" };
            for (const text of [" 1.75.0 \n", "esp\n"]) {
                assert.deepEqual(await seen(text, legacy), []);
            }
        });

        it("reports what rustup refuses", async () => {
            const rows = ["stable\n", "", "1.75.0\n\n", table('path = "/x"', 'channel = "stable"')];
            for (const text of rows) {
                const [problem] = await problemsIn(text, { reader });
                assert.equal(problem?.severity, "error", text);
            }
        });
    });

    describe("with a flake that reads it by fenix", () => {
        const reader: ToolchainReader = "fenix";

        it("leaves alone what fenix takes", async () => {
            const rows = [
                channel("1.75.0-x86_64-unknown-linux-gnu"),
                channel("stable-2024-01-01"),
                channel("nightly-2024-01-01"),
                at175("foo = 1"),
                'toolchain.channel = "1.75.0"\n',
            ];
            for (const text of rows) assert.deepEqual(await seen(text, { reader }), [], text);
        });

        it("warns of components that it leaves out, and reports the rest", async () => {
            const [component] = await problemsIn(at175('components = ["rustfm"]'), { reader });
            assert.equal(component?.severity, "warning");
            assert.match(component.message, /without a word/);
            for (const text of [
                table('path = "/x"'),
                channel("esp"),
                at175('targets = ["wasm32"]'),
            ]) {
                assert.equal((await problemsIn(text, { reader }))[0]?.severity, "error", text);
            }
        });
    });

    it("never fails, whatever is typed", async () => {
        const text = at175(
            'components = ["rust-src", { a = 1 }]',
            "x.y = '''",
            "'''",
            "z = [[1], 2]",
        );
        for (const reader of ["rust-overlay", "fenix", "rustup"] as const) {
            for (let end = 0; end <= text.length; end++) {
                for (const { from, to } of await problemsIn(text.slice(0, end), { reader })) {
                    assert.ok(0 <= from && from <= to && to <= end);
                }
            }
        }
    });
});

describe("toolchainReader", () => {
    it("is told by the function that the flake calls", () => {
        const overlay = "pkgs.rust-bin.fromRustupToolchainFile ./rust-toolchain.toml";
        const fenix = "fenix.packages.${system}.fromToolchainFile { file = ./x; sha256 = ''''; }";
        assert.equal(toolchainReader([overlay]), "rust-overlay");
        assert.equal(toolchainReader(["{ }", fenix]), "fenix");
        assert.equal(toolchainReader(["pkgs.cargo"]), "rustup");
        assert.equal(toolchainReader([]), "rustup");
    });

    it("is not told by a comment", () => {
        assert.equal(
            toolchainReader(["# fromRustupToolchainFile\n/* fromToolchainFile */"]),
            "rustup",
        );
        assert.equal(toolchainReader(['url = "a#b"; # x\nfromToolchainFile']), "fenix");
    });
});
